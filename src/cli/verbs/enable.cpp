// `trueup enable ID…` and `trueup disable ID…`: the owner's choice, one plugin after the other.
#include <fmt/core.h>

#include "cli/change.h"
#include "engine/set_enabled.h"

namespace trueup::cli {
namespace {

ChangeReport told(const engine::EnabledReport& done) {
  const char* state = done.enabled ? "on" : "off";
  ChangeReport report{.verb = done.enabled ? "enable" : "disable",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = done.changed
                                  ? fmt::format("{} is switched {}", done.plugin_id, state)
                                  : fmt::format("{} was {} already, so nothing was written", done.plugin_id, state),
                      .details = done.notes,
                      .n = last_number(done.history)};
  if (done.enabled && !done.installed) {
    report.details.push_back(fmt::format("it is not installed: `trueup reconcile {}` fetches it", done.plugin_id));
  }
  return report;
}

}  // namespace

Result<Outcome> run_enable(Call& call) {
  Outcome outcome;
  for (const model::PluginId& id : call.invocation.ids) {
    ASSIGN_OR_RETURN(const auto done,
                     engine::set_enabled(call.world, id.value(), call.invocation.verb == Verb::enable));
    outcome = show_change(call, told(done));
  }
  return outcome;
}

}  // namespace trueup::cli
