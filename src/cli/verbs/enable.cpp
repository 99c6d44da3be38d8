// `trueup enable ID…` and `trueup disable ID…`: the owner's choice, one plugin after the other.
#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "cli/change.h"
#include "cli/pass_view.h"
#include "engine/look.h"
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
  return report;
}

/// What comes of a plugin that is on and absent: what a plan says of it, and nothing that no plan would do.
std::string about_absent(Call& call, const std::string& id) {
  model::Policy policy = policy_of(call);
  policy.only.clear();  // what is asked for by name is tried whatever became of it before
  const auto seen = engine::plan(call.world, policy);
  if (!seen) return "it is not installed";
  const auto& findings = seen->plan.findings;
  const auto missing = std::ranges::find_if(findings, [&id](const model::Inconsistency& finding) {
    return finding.plugin_id == id && finding.inconsistency_type == model::InconsistencyType::plugin_missing_on_disk;
  });
  if (missing == findings.end()) return "it is not installed";
  if (missing->fix_action == model::FixAction::auto_fix) {
    return fmt::format("it is not installed: `trueup reconcile {}` fetches it", shell_word(id));
  }
  return missing->advice.empty() ? "it is not installed" : "it is not installed: " + missing->advice;
}

}  // namespace

Result<Outcome> run_enable(Call& call) {
  Outcome outcome;
  for (const model::PluginId& id : call.invocation.ids) {
    ASSIGN_OR_RETURN(const auto done,
                     engine::set_enabled(call.world, id.value(), call.invocation.verb == Verb::enable));
    ChangeReport report = told(done);
    if (done.enabled && !done.installed) report.details.push_back(about_absent(call, done.plugin_id));
    outcome = show_change(call, report);
  }
  return outcome;
}

}  // namespace trueup::cli
