#include "engine/restart_display.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/look.h"
#include "planner/restart.h"

namespace trueup::engine {
namespace {

using model::Source;
using model::StepAction;

constexpr std::chrono::seconds kMostWait{30};  // until the display tells what it runs: it loads every plugin first
constexpr std::chrono::seconds kBetween{1};

bool asks(const model::Step& step) { return step.held.empty() && step.action == StepAction::restart_display; }

/// The display reads settings and plugins when it starts.
bool changes_what_it_reads(const model::Step& step) {
  const auto switches_on = [](const model::DocumentEdit& edit) {
    return edit.document == model::DocumentName::config && edit.value && edit.value->find("true") != std::string::npos;
  };
  switch (step.action) {
    case StepAction::add_section: return std::ranges::any_of(step.edits, switches_on);
    case StepAction::set_enabled:
    case StepAction::rename_plugin:
    case StepAction::install_plugin:
    case StepAction::repair_files:
    case StepAction::install_requirements:
    case StepAction::take_aside_in: return true;
    default: return false;
  }
}

/// Whether the display tells again what it runs.
bool tells_within_time(World& world) {
  for (std::chrono::seconds waited{0}; waited < kMostWait; waited += kBetween) {
    world.clock.sleep(kBetween);
    const auto seen = look(world);
    if (seen && seen->observation.reading(Source::runtime).verdict == model::Verdict::complete) return true;
  }
  return false;
}

const model::Inconsistency& finding_of(const model::Plan& plan, const model::Step& step) {
  return *std::ranges::find(plan.findings, step.finding, &model::Inconsistency::finding);
}

/// So that what a restart does not help with is not restarted for again and again.
void remember(Session& session, const model::Inconsistency& finding) {
  session.record().attempts_put.push_back({.plugin_id = finding.plugin_id,
                                           .source = std::string(model::kDisplayAttempt),
                                           .entry_digest = model::evidence_digest(finding),
                                           .count = 1,
                                           .terminal = true,
                                           .reason = finding.reason,
                                           .detail = "the display was restarted for it"});
}

class Restart {
 public:
  Restart(Session& session, const model::Plan& plan, Execution& execution)
      : session_(session), plan_(plan), execution_(execution) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (asks(plan.steps[i])) asking_.push_back(i);
    }
  }

  void run() {
    World& world = session_.site().world();
    log(LogLevel::info, "repair.attempt", {});
    const Status restarted = world.services.restart(kDisplayUnit);
    if (!restarted) return failed(fmt::format("the display could not be restarted: {}", restarted.error().text()));
    session_.add_note("the display was restarted");
    for (const std::size_t i : asking_) remember(session_, finding_of(plan_, plan_.steps[i]));
    if (!asking_.empty() && !tells_within_time(world)) {
      return failed("the display was restarted, and does not tell yet whether that helped");
    }
    log(LogLevel::info, "repair.done", {});
    for (const std::size_t i : asking_) execution_.steps[i] = {.kind = StepResult::Kind::done, .why = {}};
  }

 private:
  void failed(const std::string& why) {
    log(LogLevel::error, "repair.failed", why);
    for (const std::size_t i : asking_) execution_.steps[i] = {.kind = StepResult::Kind::failed, .why = why};
    if (asking_.empty()) session_.add_note(why);
  }

  void log(LogLevel level, std::string name, const std::string& why) const {
    LogEvent event{.level = level, .name = std::move(name), .fields = {{"action", "restart_display"}}};
    if (!why.empty()) event.fields.push_back({"why", why});
    session_.site().world().logger.log(event);
  }

  Session& session_;
  const model::Plan& plan_;
  Execution& execution_;
  std::vector<std::size_t> asking_;
};

}  // namespace

void restart_display(Session& session, const model::Observation& seen, const model::Plan& plan,
                     const model::Policy& policy, Execution& execution) {
  if (execution.stopped) return;
  bool asked = false;
  bool changed = false;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const bool done = execution.steps[i].kind == StepResult::Kind::done;
    asked = asked || asks(plan.steps[i]);
    changed = changed || (done && changes_what_it_reads(plan.steps[i]));
  }
  if (!policy.may_restart_display()) {
    if (changed && session.site().world().processes.unit_state(kDisplayUnit) != platform::UnitState::inactive) {
      session.add_note(fmt::format("the display reads what was changed when it starts: `{}` makes it do so",
                                   planner::kRestartDisplay));
    }
    return;
  }
  if (!asked && !changed) return;
  // A display that is stopped stays so: it reads everything when its owner starts it.
  const bool told = seen.reading(Source::runtime).verdict == model::Verdict::complete;
  const auto unit = session.site().world().processes.unit_state(kDisplayUnit);
  if (!told && unit != platform::UnitState::active) return;
  Restart(session, plan, execution).run();
}

}  // namespace trueup::engine
