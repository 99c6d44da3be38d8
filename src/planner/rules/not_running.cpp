// plugin_not_running: a plugin is on and whole, and the display says that it does not run it. Why is the plugin's own
// affair; only the display can start it, so a person restarts that.
#include <fmt/core.h>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check(const Context& context, const Situation& plugin, Output& out) {
  const model::SourceReading& reading = context.observation.reading(Source::runtime);
  if (reading.verdict != model::Verdict::complete) return;  // unknown is not "no"
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned || !enabled_of(plugin).enabled) return;
  const model::RunningPlugin* told = context.observation.runtime.find(plugin.id);
  if (told != nullptr && told->runs()) return;
  std::string why = "it does not say why";
  if (told != nullptr && !told->health.empty()) why = told->health;
  if (told != nullptr && !told->problem.empty()) why = told->problem;
  const bool failed = told != nullptr && (!told->problem.empty() || !told->health.empty());
  auto found = finding(InconsistencyType::plugin_not_running, plugin.id, failed ? "failed" : "not_loaded",
                       fmt::format("Plugin {} is on and the display does not run it: {}", plugin.id, why));
  found.current_state = {{"running", "false"}};
  found.expected_state = {{"running", "true"}};
  const std::string state = told == nullptr ? "does not list it" : fmt::format("calls it {}", told->state);
  found.evidence = {{reading.path, state}, {path_of(context, *plugin.directory()), "the plugin is installed"}};
  if (failed) found.evidence.push_back({reading.path, why});
  out.push_back(
      for_a_person(std::move(found), fmt::format("{}`{}` makes the display try again",
                                                 failed ? "mend what it complains of; then " : "", kRestartDisplay)));
}

}  // namespace

const Rule kNotRunning{
    .type = InconsistencyType::plugin_not_running,
    .says =
        "A plugin is on and whole, and the display tells that it does not run it. Where the display tells nothing, "
        "nothing is found.",
    .needs = {Source::config, Source::secrets, Source::disk, Source::state, Source::tombstones, Source::ledger,
              Source::runtime},
    .each = check};

}  // namespace trueup::planner
