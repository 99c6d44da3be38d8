#include "plan_checks.h"

#include <algorithm>

#include "planner/plan.h"
#include "situations_table.h"

namespace trueup::test {

using model::FixAction;
using model::Observation;
using model::Plan;
using model::Policy;
using model::Source;
using model::Step;
using model::StepAction;

Policy with(model::RuleSet rules) {
  Policy policy;
  policy.rules = rules;
  return policy;
}

namespace {

/// What a step of each kind rests on: none of it may be unknown (promise 1). Written here by hand, on purpose not
/// taken from the rules.
model::SourceSet rests_on(StepAction action, model::RuleSet rules) {
  // The original's rules ask neither what was removed nor, for an install, what is recorded.
  const bool safe = rules == model::RuleSet::safe;
  switch (action) {
    case StepAction::add_section:
      return safe ? model::SourceSet{Source::config, Source::disk, Source::state, Source::tombstones}
                  : model::SourceSet{Source::config, Source::disk, Source::secrets};
    case StepAction::install_plugin:
      return safe ? model::SourceSet{Source::config, Source::disk, Source::registry, Source::tombstones}
                  : model::SourceSet{Source::config, Source::disk, Source::registry};
    case StepAction::set_recorded: return {Source::state};
    case StepAction::remove_record: return {Source::config, Source::disk, Source::state};
    case StepAction::rebuild_record: return {Source::config, Source::disk, Source::state};
    case StepAction::rebuild_state: return {Source::config, Source::disk};
    case StepAction::rename_plugin:
      return {Source::config, Source::secrets, Source::disk, Source::state, Source::tombstones};
    case StepAction::set_enabled: return {Source::config, Source::secrets, Source::state};
    case StepAction::repair_files: return {Source::disk, Source::registry, Source::tombstones};
    case StepAction::take_aside_in: return {Source::disk, Source::tombstones};
    case StepAction::install_requirements: return {Source::config, Source::disk, Source::state, Source::tombstones};
    case StepAction::restart_display: return {Source::config, Source::disk, Source::runtime};
    case StepAction::finish_interrupted: return {};
  }
  return {};
}

}  // namespace

std::string promise_1_unknown_is_not_absent(const Observation& seen, const Plan& plan, model::RuleSet rules) {
  for (const Step& step : plan.steps) {
    if (!step.held.empty()) continue;
    if (seen.unknown_among(rests_on(step.action, rules)))
      return "a step rests on a source that could not be read: " + step.summary;
  }
  return "";
}

std::string promise_7_explains_itself(const Plan& plan) {
  for (const auto& finding : plan.findings) {
    if (finding.reason.empty() || finding.description.empty() || finding.advice.empty() || finding.finding.empty()) {
      return "a finding without reason, sentence or advice: " + finding.finding;
    }
    if (finding.evidence.empty()) return "a finding without evidence: " + finding.finding;
    if (finding.can_auto_fix != (finding.fix_action == FixAction::auto_fix)) return "two answers to one question";
    if (finding.fix_action == FixAction::auto_fix &&
        std::none_of(plan.steps.begin(), plan.steps.end(),
                     [&](const Step& step) { return step.finding == finding.finding; })) {
      return "promises a repair and has no step for it: " + finding.finding;
    }
  }
  for (std::size_t i = 1; i < plan.findings.size(); ++i) {
    if (plan.findings[i].finding == plan.findings[i - 1].finding)
      return "two findings of one id: " + plan.findings[i].finding;
  }
  for (const Step& step : plan.steps) {
    if (step.reason.empty() || step.summary.empty() || step.finding.empty()) return "a step without a reason";
  }
  return "";
}

namespace {

bool does_nothing(const Plan& plan) {
  return std::all_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) { return !step.held.empty(); });
}

}  // namespace

std::string promise_4_converges(Observation seen, const Policy& policy, int passes) {
  for (int pass = 0; pass < passes; ++pass) {
    const Plan plan = planner::make_plan(seen, policy);
    Observation next = simulate(seen, plan);
    if (does_nothing(plan) || next == seen) return "";
    seen = std::move(next);
  }
  const Plan last = planner::make_plan(seen, policy);
  if (does_nothing(last) || simulate(seen, last) == seen) return "";
  return "still something to do after its passes: " + last.steps.front().summary;
}

std::string promise_6_equal_input_gives_an_equal_plan(const Observation& seen, const Policy& policy, const Plan& plan) {
  Observation shuffled = seen;
  std::reverse(shuffled.disk.directories.begin(), shuffled.disk.directories.end());
  std::reverse(shuffled.config.sections.begin(), shuffled.config.sections.end());
  return planner::make_plan(shuffled, policy) == plan ? "" : "the plan depends on the order of directories or sections";
}

}  // namespace trueup::test
