#include "base/shell_word.h"

#include <fmt/core.h>

#include "base/escape.h"

namespace trueup {
namespace {

std::string in_ascii(std::string_view text) {
  std::string out = "$'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') {
      out += {'\\', c};
    } else if (c < ' ' || c > '~' || c == '`') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  constexpr std::string_view kSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:_/-";
  if (!text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos) return std::string(text);
  if (text.find('`') != std::string_view::npos || escape_for_display(text) != text) return in_ascii(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace trueup
