// plugin_running_unexpectedly: the display runs a plugin that is off, that the owner removed, or that is not there any
// more. It runs on until the display is restarted.
#include <fmt/core.h>

#include "planner/restart.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

struct Cause {
  std::string_view reason;
  std::string_view sentence;
  Source source;
};

std::optional<Cause> cause_of(const Situation* plugin) {
  if (plugin != nullptr && plugin->tombstoned) return Cause{"removed_by_owner", "you removed it", Source::tombstones};
  if (plugin == nullptr || (plugin->section == nullptr && plugin->directories.empty())) {
    return Cause{"not_installed", "it is not installed", Source::disk};
  }
  const EnabledAnswer answer = enabled_of(*plugin);
  // Of a setting with a wrong type plugin_config_invalid tells.
  if (answer.enabled || answer.from == EnabledAnswer::From::invalid) return std::nullopt;
  return Cause{"switched_off", "it is off", Source::config};
}

void check(const Context& context, Output& out) {
  const model::SourceReading& reading = context.observation.reading(Source::runtime);
  if (reading.verdict != model::Verdict::complete) return;  // unknown is not "yes"
  for (const model::RunningPlugin& told : context.observation.runtime.plugins) {
    if (!told.runs()) continue;
    const Situation* plugin = context.situations.find(told.id);
    if (plugin != nullptr && plugin->reserved) continue;
    const auto cause = cause_of(plugin);
    if (!cause) continue;
    auto found = finding(InconsistencyType::plugin_running_unexpectedly, told.id, cause->reason,
                         fmt::format("The display runs plugin {} although {}", told.id, cause->sentence));
    found.current_state = {{"running", "true"}};
    found.expected_state = {{"running", "false"}};
    found.evidence = {{reading.path, fmt::format("calls it {}", told.state)},
                      {path_of(context, cause->source), std::string(cause->sentence)}};
    out.push_back(ended_by_restart(context, std::move(found), "ends it"));
  }
}

}  // namespace

const Rule kRunningUnexpectedly{
    .type = InconsistencyType::plugin_running_unexpectedly,
    .says = "The display tells that it runs a plugin that is off, was removed or is not installed.",
    .needs = {Source::config, Source::secrets, Source::disk, Source::state, Source::tombstones, Source::ledger,
              Source::runtime},
    .whole = check,
    .options = restart_options};

}  // namespace trueup::planner
