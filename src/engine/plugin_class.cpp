#include "engine/plugin_class.h"

#include <algorithm>

namespace trueup::engine {

namespace {

constexpr std::string_view kKeyword = "class";
constexpr std::string_view kBaseClass = "BasePlugin";
constexpr std::string_view kSpace = " \t";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct ClassDefinition {
  std::string name;
  bool derives_from_base = false;
};

/// Reads "Name(bases):" at the start of `text`, which follows the keyword. Bases may go over several lines.
std::optional<ClassDefinition> read_definition(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == 0 || start == std::string_view::npos) return std::nullopt;
  text.remove_prefix(start);
  const auto name_end = std::find_if_not(text.begin(), text.end(), is_name_character);
  ClassDefinition found{.name = std::string(text.begin(), name_end)};
  if (found.name.empty() || (found.name.front() >= '0' && found.name.front() <= '9')) return std::nullopt;
  text.remove_prefix(found.name.size());
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  if (text.empty() || (text.front() != '(' && text.front() != ':')) return std::nullopt;
  if (text.front() == '(') {
    const std::string_view bases = text.substr(0, text.find(')'));
    found.derives_from_base = bases.find(kBaseClass) != std::string_view::npos;
  }
  return found;
}

}  // namespace

std::optional<std::string> plugin_class_in(std::string_view python) {
  std::optional<std::string> first;
  std::size_t line = 0;
  while (line < python.size()) {
    if (python.substr(line).starts_with(kKeyword)) {
      const auto found = read_definition(python.substr(line + kKeyword.size()));
      if (found && found->derives_from_base) return found->name;
      if (found && !first) first = found->name;
    }
    const std::size_t end = python.find('\n', line);
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  return first;
}

}  // namespace trueup::engine
