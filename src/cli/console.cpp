#include "cli/console.h"

#include <algorithm>
#include <charconv>

namespace trueup::cli {
namespace {

constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kWidest = 120;  // longer lines are hard to read, however wide the window

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

std::size_t number_of(const Environment& environment, const std::string& name, std::size_t otherwise) {
  const std::string text = value_of(environment, name);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 ? number : otherwise;
}

}  // namespace

Terminal terminal_from(bool interactive, std::size_t columns, std::size_t rows, const Environment& environment) {
  Terminal terminal;
  if (!interactive) return terminal;
  terminal.interactive = true;
  if (columns == 0) columns = number_of(environment, "COLUMNS", terminal.columns);
  if (rows == 0) rows = number_of(environment, "LINES", terminal.rows);
  terminal.columns = std::clamp(columns, kNarrowest, kWidest);
  terminal.rows = std::max<std::size_t>(rows, 10);
  terminal.colours = value_of(environment, "NO_COLOR").empty() && value_of(environment, "TERM") != "dumb";
  return terminal;
}

}  // namespace trueup::cli
