// `trueup status`: look, decide, show. Writes nothing, takes no lock.
#include <algorithm>
#include <iterator>

#include "cli/pass_view.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/degraded.h"
#include "engine/look.h"
#include "planner/roster.h"

namespace trueup::cli {

Result<Outcome> run_status(Call& call) {
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, policy_of(call)));
  PassView pass = view_of_looking(report, call.invocation);
  const auto degraded = engine::degraded_documents(call.world, call.machine.user_id);
  std::ranges::move(engine::sentences_of(degraded), std::back_inserter(pass.notes));
  if (call.invocation.json) {
    write_status_json(pass, call.console.out);
  } else {
    pass.plugins = planner::make_roster(report.observation, report.plan);
    call.console.out.write(render_status(pass, call.console.terminal));
  }
  return outcome_of(pass);
}

}  // namespace trueup::cli
