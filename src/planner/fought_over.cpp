#include "planner/fought_over.h"

#include <fmt/core.h>

#include <string_view>

#include "base/shell_word.h"

namespace trueup::planner {
namespace {

std::string_view file_name(model::DocumentName document) {
  const std::string_view path = relative_path(document);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::string field_of(const model::Step& step) {
  std::string field;
  for (const auto& edit : step.edits) {
    field += fmt::format("{}{}:", field.empty() ? "" : ", ", file_name(edit.document));
    for (std::size_t i = 0; i < edit.path.size(); ++i) field += fmt::format("{}{}", i == 0 ? " " : ".", edit.path[i]);
  }
  return field;
}

std::string advice_on_fight(const model::Inconsistency& finding, const std::vector<model::Step>& steps,
                            const model::Observation& seen) {
  const std::string_view who = seen.web_process == model::Tristate::yes
                                   ? "another program, most likely LEDMatrix's web interface, which runs,"
                                   : "another program";
  std::string field;
  for (const model::Step& step : steps) {
    const std::string one = field_of(step);
    field += (field.empty() || one.empty() ? "" : ", ") + one;
  }
  return fmt::format(
      "{} keeps undoing this repair{}, so it is left alone until you decide: `trueup reconcile {}` makes it once more, "
      "`trueup ignore {}` leaves it as it is",
      who, field.empty() ? "" : fmt::format(" ({})", field), shell_word(finding.plugin_id),
      shell_word(finding.finding));
}

}  // namespace trueup::planner
