#include "sources/python_source.h"

namespace trueup::sources {
namespace {

constexpr std::string_view kBlanks = " \t\f";

std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool begins_class(std::string_view line, std::string_view name) {
  constexpr std::string_view kKeyword = "class";
  line = without_leading_blanks(line);
  if (!line.starts_with(kKeyword)) return false;
  const std::string_view rest = without_leading_blanks(line.substr(kKeyword.size()));
  if (rest.size() + kKeyword.size() == line.size()) return false;  // "classic"
  std::size_t end = 0;
  while (end < rest.size() && is_name_character(rest[end])) ++end;
  if (end == 0 || (!name.empty() && rest.substr(0, end) != name)) return false;
  const std::string_view behind = without_leading_blanks(rest.substr(end));
  return behind.starts_with('(') || behind.starts_with(':') || behind.starts_with('\\');
}

}  // namespace

bool defines_class(std::string_view code, std::string_view name) {
  while (!code.empty()) {
    const std::size_t end = code.find('\n');
    if (begins_class(code.substr(0, end), name)) return true;
    if (end == std::string_view::npos) break;
    code.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace trueup::sources
