// plugin_running_stale: the display runs another version of a plugin than the one that is installed: it loaded it
// before the last update.
#include <fmt/core.h>

#include "model/version.h"
#include "planner/restart.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check(const Context& context, const Situation& plugin, Output& out) {
  const model::SourceReading& reading = context.observation.reading(Source::runtime);
  if (reading.verdict != model::Verdict::complete) return;
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned || !enabled_of(plugin).enabled) return;
  const model::RunningPlugin* told = context.observation.runtime.find(plugin.id);
  const std::string& installed = plugin.directory()->version;
  if (told == nullptr || !told->runs() || told->version.empty() || installed.empty()) return;
  const auto order = model::compare_versions(told->version, installed);
  if (order == model::VersionOrder::same) return;
  auto found =
      finding(InconsistencyType::plugin_running_stale, plugin.id,
              order == model::VersionOrder::older ? "older_runs" : "other_runs",
              fmt::format("The display runs plugin {} {}, and {} is installed", plugin.id, told->version, installed));
  found.current_state = {{"running_version", json_text(told->version)}};
  found.expected_state = {{"running_version", json_text(installed)}};
  found.evidence = {{reading.path, fmt::format("runs {}", told->version)},
                    {path_of(context, *plugin.directory()), fmt::format("its manifest says {}", installed)}};
  out.push_back(ended_by_restart(context, std::move(found), "makes the display load it"));
}

}  // namespace

const Rule kRunningStale{
    .type = InconsistencyType::plugin_running_stale,
    .says = "The display tells that it runs another version of a plugin than the one that is installed.",
    .needs = {Source::config, Source::secrets, Source::disk, Source::state, Source::tombstones, Source::ledger,
              Source::runtime},
    .each = check,
    .options = restart_options};

}  // namespace trueup::planner
