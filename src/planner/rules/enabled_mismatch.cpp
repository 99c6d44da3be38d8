// plugin_enabled_mismatch: what plugin_state.json records differs from what config.json says. The record is a cache
// and follows (failures F18, F23); while LEDMatrix's web process runs it would be overwritten at once, so it is left.
#include <fmt/core.h>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

std::string_view status_for(bool enabled) { return enabled ? "enabled" : "disabled"; }

/// "enabled" must mean enabled; "disabled" and "installed" must not (failure F23). Other words are not ours to judge.
bool status_contradicts(const model::StateRecord& record, bool enabled) {
  if (enabled) return record.status == "disabled" || record.status == "installed";
  return record.status == "enabled";
}

std::string python_bool(bool value) { return value ? "True" : "False"; }

void check(const Context& context, const Situation& plugin, Output& out) {
  const EnabledAnswer answer = enabled_of(plugin);
  if (plugin.record == nullptr || !plugin.record->problem.empty() || !plugin.record->enabled || plugin.reserved) return;
  if (answer.from != EnabledAnswer::From::config || plugin.tombstoned) return;
  if (!plugin.installed_as.empty()) return;  // another name of a plugin: plugin_renamed speaks
  const bool value_differs = *plugin.record->enabled != answer.enabled;
  if (!value_differs && !status_contradicts(*plugin.record, answer.enabled)) return;

  auto found = finding(InconsistencyType::plugin_enabled_mismatch, plugin.id,
                       value_differs ? "record_differs" : "status_contradicts",
                       fmt::format("Plugin {} enabled state mismatch: config={}, state_manager={}", plugin.id,
                                   python_bool(answer.enabled), python_bool(*plugin.record->enabled)));
  found.current_state = {{"enabled", json_bool(*plugin.record->enabled)}};
  found.expected_state = {{"enabled", json_bool(answer.enabled)}};
  if (!value_differs) {
    found.current_state.emplace_back("status", json_text(plugin.record->status));
    found.expected_state.emplace_back("status", json_text(status_for(answer.enabled)));
  }
  found.evidence = {
      {path_of(context, Source::config), fmt::format("says that it is {}", answer.enabled ? "on" : "off")},
      {path_of(context, Source::state),
       fmt::format("records enabled={}, status \"{}\"", json_bool(*plugin.record->enabled), plugin.record->status)}};
  if (context.observation.web_process != model::Tristate::no) {
    found.reason = "owned_by_running_program";
    out.push_back(left_alone(std::move(found),
                             "LEDMatrix's web process is running and rewrites that file from memory; `trueup doctor` "
                             "says which of the two it goes by when it starts next"));
    return;
  }
  auto step = step_for(
      found, model::StepAction::set_recorded,
      fmt::format("record {} as {} in {}", plugin.id, answer.enabled ? "on" : "off", path_of(context, Source::state)));
  const std::string id(plugin.id);
  if (value_differs) {
    step.edits.push_back({.document = model::DocumentName::state,
                          .path = {"states", id, "enabled"},
                          .expected = plugin.record->enabled_text,
                          .value = json_bool(answer.enabled)});
  }
  if (status_contradicts(*plugin.record, answer.enabled)) {
    step.edits.push_back({.document = model::DocumentName::state,
                          .path = {"states", id, "status"},
                          .expected = json_text(plugin.record->status),
                          .value = json_text(status_for(answer.enabled))});
  }
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

const Rule kEnabledMismatch{
    .type = InconsistencyType::plugin_enabled_mismatch,
    .says = "plugin_state.json records another choice than config.json makes: the record follows.",
    .needs = {Source::config, Source::state},
    .step_needs = {Source::tombstones, Source::ledger},
    .each = check};

}  // namespace trueup::planner
