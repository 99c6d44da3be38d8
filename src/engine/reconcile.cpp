#include "engine/reconcile.h"

#include <algorithm>
#include <utility>

#include "engine/install_requirements.h"
#include "engine/look.h"
#include "engine/restart_display.h"
#include "engine/session.h"
#include "engine/unattended.h"
#include "engine/unfinished.h"

namespace trueup::engine {
namespace {

/// The plan of a pass. In one that nobody asked for, what is heavy may have to wait.
model::Plan plan_of_pass(const World& world, const Look& seen, const model::Policy& policy) {
  model::Plan plan = plan_of(seen, policy);
  if (world.unattended != nullptr) world.unattended->hold(plan);
  return plan;
}

Error stale_plan() {
  return Error{.code = ErrorCode::conflict,
               .message = "the plan is no longer the one that was confirmed, so nothing was done",
               .where = {},
               .hint = "look at `trueup plan` again"};
}

bool is_stale(const model::Plan& plan, const model::Policy& policy) {
  return !policy.confirmed_digest.empty() && policy.confirmed_digest != plan.digest;
}

bool has_work(const model::Plan& plan, const model::Policy& policy, const model::Observation& observation) {
  if (policy.retry && !observation.ledger.attempts.empty()) return true;
  return std::ranges::any_of(plan.steps, changes_anything);
}

/// Its program may have come back to that copy since it was looked at.
bool brings_a_copy_back(const model::Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const model::Step& step) { return step.aside.has_value(); });
}

/// The report of a pass that had nothing to do: what was seen is also what is there after it. What stands already is
/// done.
PassReport report_of_rest(Look seen, model::Plan plan, const model::Policy& policy) {
  PassReport report;
  report.next_try = next_try(seen, plan);
  report.observation = std::move(seen.observation);
  for (const model::Step& step : plan.steps) {
    report.steps.push_back({.kind = step.held.empty() ? StepResult::Kind::done : StepResult::Kind::held, .why = {}});
  }
  report.plan = std::move(plan);
  conclude(report, &report.plan, policy.rules);
  report.after = report.plan;
  return report;
}

/// Thousands of changes, and the second look behind them, find their place in what this leaves free.
void forget_what_only_a_plan_asks_for(model::Observation& observation) {
  observation.config = model::ConfigFacts();
  observation.state = std::vector<model::StateRecord>();
  observation.disk.directories = std::vector<model::PluginDirectory>();
}

/// `--retry`: what failed or was refused before counts no more.
void forget_attempts(Session& session, model::Observation& observation, OfferWaits& waits) {
  for (const auto& attempt : observation.ledger.attempts) {
    session.record().attempts_removed.push_back({attempt.plugin_id, attempt.source, attempt.entry_digest});
  }
  observation.ledger.attempts.clear();
  waits.forget_all();
  if (const auto* store = session.site().world().store; store != nullptr) store->forget_waits();
}

bool did_nothing(const PassReport& report) {
  return std::ranges::all_of(report.steps, [](const auto& step) { return step.kind == StepResult::Kind::held; });
}

/// So that the next plan checks only what changed. A cache is no reason to begin a ledger. `seen` need not keep it.
void remember_what_was_right(Session& session, model::Observation& seen) {
  const bool ledger_is_there = seen.reading(model::Source::ledger).verdict == model::Verdict::complete;
  if (!ledger_is_there && session.record().empty()) return;
  const auto remember = [&session](std::string_view note, std::vector<std::string>& now,
                                   const std::vector<std::string>& before) {
    const auto fingerprints = std::exchange(now, {});
    if (fingerprints == before) return;
    std::string all;
    for (const std::string& fingerprint : fingerprints) all += fingerprint;
    session.record().notes_put.emplace_back(note, std::move(all));
  };
  remember(kValidSettingsNote, seen.valid_settings, seen.ledger.valid_settings);
  remember(kUntouchedFilesNote, seen.untouched_files, seen.ledger.untouched_files);
}

}  // namespace

Result<PassReport> reconcile(World& world, const model::Policy& policy) {
  // Nothing to do, to finish or to clean up: no lock is taken and nothing is written, not even who held the lock last.
  ASSIGN_OR_RETURN(auto before, look_to_plan(world));
  PassReport report;
  report.plan = plan_of_pass(world, before, policy);
  if (is_stale(report.plan, policy)) return stale_plan();
  const bool unfinished = something_is_unfinished(world, before);
  if (!unfinished && !has_work(report.plan, policy, before.observation)) {
    return report_of_rest(std::move(before), std::move(report.plan), policy);
  }

  ASSIGN_OR_RETURN(auto session, Session::begin(world, "reconcile"));
  if (unfinished || brings_a_copy_back(report.plan) || ledger_moved_on(world, before)) {
    ASSIGN_OR_RETURN(before, look_under_lock(world, before));
    report.plan = plan_of_pass(world, before, policy);
    if (is_stale(report.plan, policy)) return stale_plan();
  }
  report.observation = std::move(before.observation);
  forget_what_only_a_plan_asks_for(report.observation);

  OfferWaits waits(world, before.offer_waits);
  if (policy.retry) forget_attempts(*session, report.observation, waits);
  Execution execution = execute(*session, report.observation, report.plan, waits);
  install_requirements(*session, report.plan, policy, waits, execution);
  waits.record(session->record());
  restart_display(*session, report.observation, report.plan, policy, execution);
  report.steps = std::move(execution.steps);
  report.error = std::move(execution.stopped);

  if (world.unattended != nullptr) {
    report.fights = world.unattended->fights.note(report.plan, report.steps, world.clock.monotonic_now());
    for (const Fight& fight : report.fights) session->record().holds_put.push_back(fight.hold);
  }
  remember_what_was_right(*session, report.observation);
  auto history = session->end();
  if (history) report.history = std::move(*history);
  if (!history && !report.error) report.error = std::move(history).error();

  std::optional<model::Plan> second;
  if (did_nothing(report)) {
    second = report.plan;  // a second look would be the first
    report.next_try = next_try(before, *second);
  } else {
    before = {};
    const auto after = look_again(world);
    if (!after && !report.error) report.error = after.error();
    if (after) second = plan_of_pass(world, *after, policy);
    if (after) report.next_try = next_try(*after, *second);
  }

  report.notes = session->notes();
  conclude(report, second ? &*second : nullptr, policy.rules);
  report.after = std::move(second);
  return report;
}

}  // namespace trueup::engine
