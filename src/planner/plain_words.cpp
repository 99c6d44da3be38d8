#include "planner/plain_words.h"

#include <fmt/core.h>

#include <algorithm>

namespace trueup::planner {

std::string without_the_originals_words(std::string_view description) {
  const auto at = description.find(" enabled state mismatch: config=");
  if (at == std::string_view::npos) return std::string(description);
  const auto word = [description](std::string_view name) {
    return description.find(fmt::format("{}=True", name)) != std::string_view::npos ? "on" : "off";
  };
  return fmt::format("{} is {} in config and recorded as {}", description.substr(0, at), word("config"),
                     word("state_manager"));
}

std::string verdict_of(const Explanation& explanation) {
  const ChainLink* broken = nullptr;
  const ChainLink* unknown_before_running = nullptr;
  bool all_known = true;
  for (const ChainLink& link : explanation.chain) {
    if (!link.known) all_known = false;
    if (!link.known && link.link != "running" && unknown_before_running == nullptr) unknown_before_running = &link;
    if (link.known && !link.ok && broken == nullptr) broken = &link;
  }
  if (broken != nullptr) {
    const auto has = [&explanation](model::InconsistencyType type) {
      return std::ranges::find(explanation.findings, type, &model::Inconsistency::inconsistency_type) !=
             explanation.findings.end();
    };
    if (broken->link == "running" && has(model::InconsistencyType::plugin_running_stale)) {
      return "is on the display, in another version than the one that is installed";
    }
    const bool runs = has(model::InconsistencyType::plugin_running_unexpectedly);
    const std::string_view lacks = broken->link == "plugin" ? "a plugin" : std::string_view(broken->link);
    return runs ? fmt::format("is on the display, although it is not {}", lacks)
                : fmt::format("is not on the display, because it is not {}", lacks);
  }
  if (unknown_before_running != nullptr) {
    return fmt::format("may be on the display: whether it is {} cannot be told", unknown_before_running->link);
  }
  if (all_known) return "is on the display";
  const bool found = std::ranges::any_of(explanation.findings, [](const model::Inconsistency& finding) {
    return finding.fix_action == model::FixAction::manual_fix_required;
  });
  return found ? "should be on the display, unless what was found about it keeps it off"
               : "should be on the display; nothing known here keeps it off";
}

}  // namespace trueup::planner
