#include "support/python_json.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace trueup::test {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Position behind the string that starts at `start`.
std::size_t end_of_string(std::string_view json, std::size_t start) {
  std::size_t at = start + 1;
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

std::size_t skip_blanks(std::string_view json, std::size_t at) {
  while (at < json.size() && is_blank(json[at])) ++at;
  return at;
}

}  // namespace

std::string python_layout(std::string_view json, int indent) {
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] { out += "\n" + std::string(depth * static_cast<std::size_t>(indent), ' '); };
  for (std::size_t at = skip_blanks(json, 0); at < json.size(); at = skip_blanks(json, at)) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = end_of_string(json, at);
      out += json.substr(at, end - at);
      at = end;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') {
      out += c;
      const std::size_t next = skip_blanks(json, at);
      if (next < json.size() && (json[next] == '}' || json[next] == ']')) {
        out += json[next];
        at = next + 1;
      } else {
        ++depth;
        new_line();
      }
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out += c;
    } else if (c == ',') {
      out += c;
      new_line();
    } else if (c == ':') {
      out += ": ";
    } else {
      out += c;
    }
  }
  return out;
}

std::string python_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at).value();
    const auto number = static_cast<unsigned>(character.code_point);
    at += character.length;
    if (number == '"' || number == '\\') {
      out += '\\';
      out += static_cast<char>(number);
    } else if (number == '\n') {
      out += "\\n";
    } else if (number == '\r') {
      out += "\\r";
    } else if (number == '\t') {
      out += "\\t";
    } else if (number >= 0x20 && number < 0x7F) {
      out += static_cast<char>(number);
    } else if (number <= 0xFFFF) {
      out += fmt::format("\\u{:04x}", number);
    } else {
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((number - 0x10000) >> 10U), 0xDC00 + (number & 0x3FFU));
    }
  }
  return out + "\"";
}

}  // namespace trueup::test
