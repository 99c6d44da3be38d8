// plugin_not_running: a plugin is on and whole, and the display says that it does not run it. Why is the plugin's own
// affair; only the display can start it, when it is restarted. Where the plugin failed, that helps only after a person
// has mended what it complains of.
#include <fmt/core.h>

#include "planner/restart.h"
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
  if (told != nullptr && (told->unclear || told->runs())) return;
  std::string why = "it does not say why";
  const std::string health = context.observation.runtime.health_of(plugin.id);
  if (!health.empty()) why = health;
  if (told != nullptr && !told->problem.empty()) why = told->problem;
  const bool failed = !health.empty() || (told != nullptr && !told->problem.empty());
  auto found = finding(InconsistencyType::plugin_not_running, plugin.id, failed ? "failed" : "not_loaded",
                       fmt::format("Plugin {} is on and the display does not run it: {}", plugin.id, why));
  found.current_state = {{"running", "false"}};
  found.expected_state = {{"running", "true"}};
  const std::string state = told == nullptr ? "does not list it" : fmt::format("calls it {}", told->state);
  found.evidence = {{reading.path, state}, {path_of(context, *plugin.directory()), "the plugin is installed"}};
  if (failed) found.evidence.push_back({reading.path, why, model::without_numbers(why)});
  if (failed) {
    out.push_back(
        for_a_person(std::move(found),
                     fmt::format("mend what it complains of; then `{}` makes the display try again", kRestartDisplay)));
    return;
  }
  out.push_back(ended_by_restart(context, std::move(found), "makes the display try again"));
}

}  // namespace

const Rule kNotRunning{
    .type = InconsistencyType::plugin_not_running,
    .says =
        "A plugin is on and whole, and the display tells that it does not run it. Where the display tells nothing, "
        "nothing is found.",
    .needs = {Source::config, Source::secrets, Source::disk, Source::state, Source::tombstones, Source::ledger,
              Source::runtime},
    .each = check,
    .options = restart_options};

}  // namespace trueup::planner
