#include "cli/console.h"

#include <algorithm>
#include <charconv>

namespace trueup::cli {
namespace {

constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kWidest = 120;  // longer lines are hard to read, however wide the window

std::size_t number_of(const platform::Environment& environment, const std::string& name, std::size_t otherwise) {
  const std::string text = environment.get(name).value_or("");
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 ? number : otherwise;
}

}  // namespace

Terminal terminal_from(bool interactive, std::size_t columns, std::size_t rows,
                       const platform::Environment& environment) {
  Terminal terminal;
  if (!interactive) return terminal;
  terminal.interactive = true;
  if (columns == 0) columns = number_of(environment, "COLUMNS", terminal.columns);
  if (rows == 0) rows = number_of(environment, "LINES", terminal.rows);
  terminal.columns = std::clamp(columns, kNarrowest, kWidest);
  terminal.rows = std::max<std::size_t>(rows, 10);
  terminal.colours = environment.get("NO_COLOR").value_or("").empty() && environment.get("TERM") != "dumb";
  return terminal;
}

}  // namespace trueup::cli
