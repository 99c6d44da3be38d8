// `trueup list`: the installed plugins, and those that are wanted and missing.
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/look.h"
#include "planner/roster.h"

namespace trueup::cli {

Result<Outcome> run_list(Call& call) {
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, {}));
  const auto roster = planner::make_roster(report.observation, report.plan);
  if (call.invocation.json) {
    write_list_json(roster, call.console.out);
  } else {
    call.console.out.write(render_list(roster, call.console.terminal));
  }
  // Without the plugins directory there is no list, only what the settings name.
  return Outcome{.failed = !report.observation.reading(model::Source::disk).known()};
}

}  // namespace trueup::cli
