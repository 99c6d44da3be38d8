#include <fmt/core.h>
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "json/plain_text.h"
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

constexpr char kPlain = 0;
constexpr char kByNumber = 1;

/// For each byte: itself, the letter behind a backslash, or neither.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t byte = 0; byte < escapes.size(); ++byte) {
    escapes[byte] = byte >= 0x20 && byte < 0x7F ? kPlain : kByNumber;
  }
  for (const auto& [byte, letter] :
       {std::pair{'"', '"'}, std::pair{'\\', '\\'}, std::pair{'\n', 'n'}, std::pair{'\r', 'r'}, std::pair{'\t', 't'},
        std::pair{'\b', 'b'}, std::pair{'\f', 'f'}}) {
    escapes[static_cast<unsigned char>(byte)] = letter;
  }
  return escapes;
}();

bool is_plain(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && plain_of_eight(text.data() + at) == 8) at += 8;
  while (at < text.size() && kEscapes[static_cast<unsigned char>(text[at])] == kPlain) ++at;
  return at == text.size();
}

/// Appends text up to a byte that is written by its number; returns where.
std::size_t append_lettered(std::string& out, std::string_view text, std::size_t at) {
  std::array<char, 512> piece;  // NOLINT(*-member-init): filled below as far as it is read
  std::size_t filled = 0;
  for (; at < text.size() && filled + 2 <= piece.size(); ++at) {
    const char escape = kEscapes[static_cast<unsigned char>(text[at])];
    if (escape == kByNumber) break;
    if (escape != kPlain) piece[filled++] = '\\';
    piece[filled++] = escape != kPlain ? escape : text[at];
  }
  out.append(piece.data(), filled);
  return at;
}

/// Appends what starts at `at`; returns where it ends.
std::size_t append_some(std::string& out, std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (kEscapes[byte] != kByNumber) return append_lettered(out, text, at);
  if (byte >= 0x80) return at + append_beyond_ascii(out, text, at);
  append_unit(out, byte);
  return at + 1;
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

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  if (is_plain(text)) {  // nearly all that is ever quoted
    out += text;
  } else {
    for (std::size_t at = 0; at < text.size();) at = append_some(out, text, at);
  }
  out += '"';
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

}  // namespace trueup::json
