#include "planner/next_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/shell_word.h"

namespace trueup::planner {
namespace {

constexpr std::array<std::string_view, 3> kPrograms{"trueup ", "sudo ", "mv "};
constexpr std::array<std::string_view, 2> kGivingUp{"trueup disable", "trueup uninstall"};

bool starts_with_any(std::string_view text, std::span<const std::string_view> beginnings) {
  return std::ranges::any_of(beginnings, [text](std::string_view one) { return text.starts_with(one); });
}

/// "trueup install weather" of "... `trueup install weather` fetches it", from `at` on.
std::optional<std::string_view> quoted(std::string_view text, std::size_t& at) {
  const auto begin = text.find('`', at);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = text.find('`', begin + 1);
  if (end == std::string_view::npos) return std::nullopt;
  at = end + 1;
  return text.substr(begin + 1, end - begin - 1);
}

}  // namespace

std::string next_command(const model::Inconsistency& finding) {
  std::size_t at = 0;
  while (const auto command = quoted(finding.advice, at)) {
    if (starts_with_any(*command, kPrograms) && !starts_with_any(*command, kGivingUp)) return std::string(*command);
  }
  if (finding.choices.empty()) return "";
  return "trueup resolve " + shell_word(finding.finding);
}

std::string move_away_command(std::string_view path) { return fmt::format("mv -n {0} {0}.damaged", path); }

}  // namespace trueup::planner
