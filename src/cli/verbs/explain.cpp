// `trueup explain ID` or `trueup explain MODE`: the chain from wish to display, up to its first broken link.
#include "cli/pass_view.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/look.h"
#include "model/plugin_id.h"
#include "planner/roster.h"

namespace trueup::cli {

Result<Outcome> run_explain(Call& call) {
  const std::string& name = call.invocation.word;
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, {}));
  const auto explanation = planner::explain(report.observation, report.plan, name);
  if (const auto id = model::PluginId::parse(name); !id && !(explanation && explanation->asked_by_mode)) {
    Error error = id.error();
    error.message = "no plugin shows a display mode of this name, and " + error.message;
    call.console.err.write(render_error(error, call.console.terminal));
    if (call.invocation.json) write_error_json(error, call.console.out);
    return Outcome{.wrong_usage = true};
  }
  if (!explanation) return unknown_plugin(report.observation, name);
  if (call.invocation.json) {
    write_explain_json(*explanation, call.console.out);
  } else {
    call.console.out.write(render_explanation(*explanation, name, call.console.terminal));
  }
  return Outcome{};
}

}  // namespace trueup::cli
