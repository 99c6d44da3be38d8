#include "engine/reconcile.h"

#include <algorithm>
#include <utility>

#include "engine/look.h"
#include "engine/session.h"

namespace trueup::engine {
namespace {

Error stale_plan() {
  return Error{.code = ErrorCode::conflict,
               .message = "the plan is no longer the one that was confirmed, so nothing was done",
               .where = {},
               .hint = "look at `trueup plan` again"};
}

/// `--retry`: what was refused before counts no more.
void forget_attempts(Session& session, const model::Observation& observation) {
  for (const auto& attempt : observation.ledger.attempts) {
    session.record().attempts_removed.push_back({attempt.plugin_id, attempt.source, attempt.entry_digest});
  }
}

bool did_nothing(const PassReport& report) {
  return std::ranges::all_of(report.steps, [](const auto& step) { return step.kind == StepResult::Kind::held; });
}

}  // namespace

Result<PassReport> reconcile(World& world, const model::Policy& policy) {
  ASSIGN_OR_RETURN(auto session, Session::begin(world, "reconcile"));
  ASSIGN_OR_RETURN(const auto before, look(world));

  PassReport report;
  report.observation = before.observation;
  report.plan = plan_of(before, policy);
  if (!policy.confirmed_digest.empty() && policy.confirmed_digest != report.plan.digest) return stale_plan();

  if (policy.retry) forget_attempts(*session, before.observation);
  Execution execution = execute(*session, report.observation, report.plan);
  report.steps = std::move(execution.steps);
  report.error = std::move(execution.stopped);

  auto history = session->end();
  if (history) report.history = std::move(*history);
  if (!history && !report.error) report.error = std::move(history).error();

  std::optional<model::Plan> second;
  if (did_nothing(report)) {
    second = report.plan;  // a second look would be the first
  } else {
    const auto after = look(world);
    if (!after && !report.error) report.error = after.error();
    if (after) second = plan_of(*after, policy);
  }

  report.notes = session->notes();
  report.unverified = unverified_of(report, second ? &*second : nullptr);
  report.result = result_of(report, second ? &*second : nullptr, policy.rules);
  return report;
}

}  // namespace trueup::engine
