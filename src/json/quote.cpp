#include <fmt/core.h>
#include <fmt/format.h>

#include <iterator>
#include <optional>

#include "base/utf8.h"
#include "json/write.h"

namespace trueup::json {
namespace {

/// The surrogate whose three bytes (WTF-8) start at `at`.
std::optional<char32_t> surrogate_at(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) != 0xED || byte(1) < 0xA0 || byte(1) > 0xBF || (byte(2) & 0xC0U) != 0x80) return std::nullopt;
  return char32_t{0xD000U} | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
}

void append_unit(std::string& out, char32_t unit) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(unit));
}

/// Appends what starts at `at` and is no ASCII; returns its length.
std::size_t append_beyond_ascii(std::string& out, std::string_view text, std::size_t at) {
  if (const auto character = utf8_at(text, at)) {
    if (character->code_point < 0x10000) {
      append_unit(out, character->code_point);
    } else {
      const char32_t rest = character->code_point - 0x10000;
      append_unit(out, 0xD800 + (rest >> 10U));
      append_unit(out, 0xDC00 + (rest & 0x3FFU));
    }
    return character->length;
  }
  if (const auto surrogate = surrogate_at(text, at)) {
    append_unit(out, *surrogate);
    return 3;
  }
  append_unit(out, 0xDC00U + static_cast<unsigned char>(text[at]));
  return 1;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C;
}

}  // namespace

bool is_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
    } else if (const auto character = utf8_at(text, at)) {
      at += character->length;
    } else if (surrogate_at(text, at)) {
      at += 3;
    } else {
      return false;
    }
  }
  return true;
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t plain = at;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out.append(text.substr(at, plain - at));
    at = plain;
    if (at == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    switch (byte) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (byte >= 0x80) {
          at += append_beyond_ascii(out, text, at);
          continue;
        }
        append_unit(out, byte);
    }
    ++at;
  }
  out += '"';
  return out;
}

}  // namespace trueup::json
