// `trueup reconcile`: one pass of the engine, and what came of it.
#include "engine/reconcile.h"

#include <fmt/core.h>

#include <utility>

#include "cli/pass_view.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/look.h"
#include "engine/refresh.h"
#include "planner/roster.h"

namespace trueup::cli {
namespace {

/// `reconcile ID`: a name that nothing knows is a typing error, not a plugin in agreement.
Status check_named(Call& call) {
  if (call.invocation.ids.empty()) return ok();
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, {.rules = call.invocation.rules}));
  for (const model::PluginId& id : call.invocation.ids) {
    const auto known = planner::explain(report.observation, report.plan, id.value());
    if (!known || known->asked_by_mode) return unknown_plugin(report.observation, id.value());
  }
  return ok();
}

}  // namespace

Result<Outcome> run_reconcile(Call& call) {
  const store::Ask ask = call.invocation.retry ? store::Ask::now : store::Ask::when_due;
  const store::RefreshReport asked = engine::refresh_registry(call.world, ask);
  RETURN_IF_ERROR(check_named(call));
  ASSIGN_OR_RETURN(engine::PassReport report, engine::reconcile(call.world, policy_of(call)));
  if (std::string note = engine::note_of(asked); !note.empty()) report.notes.push_back(std::move(note));
  const PassView pass{.observation = &report.observation,
                      .plan = &report.plan,
                      .rules = call.invocation.rules,
                      .result = std::move(report.result),
                      .reconciled = true,
                      .history = std::move(report.history),
                      .notes = std::move(report.notes),
                      .steps = std::move(report.steps),
                      .unverified = std::move(report.unverified),
                      .after = report.after ? &*report.after : nullptr};
  if (call.invocation.json) {
    write_plan_json(pass, call.console.out);
  } else {
    render_reconcile(pass, call.console.terminal, call.console.out);
  }
  Outcome outcome = outcome_of(pass);
  outcome.failed = report.error.has_value();
  return outcome;
}

}  // namespace trueup::cli
