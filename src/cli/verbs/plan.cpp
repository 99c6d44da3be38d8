// `trueup plan`: what reconcile would do. Writes nothing, takes no lock.
#include "cli/pass_view.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/look.h"

namespace trueup::cli {

Result<Outcome> run_plan(Call& call) {
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, policy_of(call.invocation)));
  const PassView pass = view_of_looking(report, call.invocation);
  if (call.invocation.json) {
    write_plan_json(pass, call.console.out);
  } else {
    call.console.out.write(render_plan(pass, call.console.terminal));
  }
  return outcome_of(pass);
}

}  // namespace trueup::cli
