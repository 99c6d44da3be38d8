#include "cli/pass_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unordered_set>

#include "engine/second_look.h"
#include "planner/roster.h"

namespace trueup::cli {
namespace {

/// The original's rules make no finding of a source that could not be read; it is one all the same.
bool unread_without_finding(const PassView& pass) {
  if (pass.rules != model::RuleSet::ledmatrix) return false;
  for (const model::SourceReading& reading : pass.observation->sources) {
    const bool decides = reading.source != model::Source::template_ && reading.source != model::Source::runtime;
    if (decides && !reading.known()) return true;
  }
  return false;
}

}  // namespace

model::Policy policy_of(const Invocation& invocation) {
  model::Policy policy{.rules = invocation.rules, .confirmed_digest = invocation.confirm, .retry = invocation.retry};
  for (const model::PluginId& id : invocation.ids) policy.only.push_back(id.value());
  return policy;
}

model::Policy policy_of(const Call& call) {
  model::Policy policy = policy_of(call.invocation);
  policy.restart_display = call.settings.restart_display;
  policy.python_requirements = call.settings.python_requirements;
  if (!call.settings.quiet_hours) return policy;
  const auto now = std::chrono::duration_cast<std::chrono::minutes>(call.machine.clock.wall_now().time_since_epoch());
  constexpr std::int64_t kDay = 1'440;  // minutes
  const std::int64_t local = now.count() + call.machine.zone(now.count() * 60) / 60;
  policy.quiet_now = call.settings.quiet_hours->contain(static_cast<int>((local % kDay + kDay) % kDay));
  return policy;
}

PassView view_of_looking(const engine::PlanReport& report, const Invocation& invocation) {
  PassView view{.observation = &report.observation,
                .plan = &report.plan,
                .rules = invocation.rules,
                .result = result_of_looking(report.plan)};
  if (const std::string& suspect = report.observation.registry.suspect; !suspect.empty()) {
    view.notes.push_back(fmt::format("what the registry last sent was not believed: {}", suspect));
  }
  return view;
}

namespace {

/// Where the rule set holds a step that would do damage, no pass mends it: a person does.
Outcome outcome_of_looking(const model::Plan& plan) {
  std::unordered_set<std::string_view> held;
  for (const model::Step& step : plan.steps) {
    if (!step.held.empty() && step.held != engine::kSecondLook) held.insert(step.finding);
  }
  Outcome outcome;
  for (const model::Inconsistency& finding : plan.findings) {
    const bool is_held = finding.fix_action == model::FixAction::auto_fix && held.contains(finding.finding);
    weigh(finding, is_held ? model::FixAction::manual_fix_required : finding.fix_action, outcome);
  }
  return outcome;
}

}  // namespace

std::size_t steps_now_possible(const PassView& pass) {
  if (!pass.reconciled || pass.after == nullptr) return 0;
  if (std::ranges::none_of(pass.after->steps, [](const model::Step& step) { return step.held.empty(); })) return 0;
  std::unordered_set<std::string_view> tried;
  for (const model::Inconsistency& finding : pass.result.inconsistencies_found) {
    if (finding.fix_action == model::FixAction::auto_fix) tried.insert(finding.finding);
  }
  return static_cast<std::size_t>(std::ranges::count_if(pass.after->steps, [&tried](const model::Step& step) {
    return step.held.empty() && !tried.contains(step.finding);
  }));
}

Outcome outcome_of(const PassView& pass) {
  Outcome outcome;
  if (pass.reconciled) {
    // What is listed as manual stands, whether it never could be mended or was tried in vain.
    for (const model::Inconsistency& finding : pass.result.inconsistencies_manual) {
      weigh(finding, model::FixAction::manual_fix_required, outcome);
    }
    if (pass.after != nullptr) {  // and what only the pass brought to light
      for (const model::Inconsistency& finding : pass.after->findings) {
        if (finding.fix_action == model::FixAction::manual_fix_required) weigh(finding, finding.fix_action, outcome);
      }
    }
    outcome.fixable = outcome.fixable || steps_now_possible(pass) > 0;
  } else {
    outcome = outcome_of_looking(*pass.plan);
  }
  outcome.source_unreadable = outcome.source_unreadable || unread_without_finding(pass);
  return outcome;
}

Error unknown_plugin(const model::Observation& observation, const std::string& name) {
  planner::UnknownName unknown = planner::about_unknown(observation, name);
  return {
      .code = ErrorCode::not_found, .message = std::move(unknown.says), .where = name, .hint = std::move(unknown.hint)};
}

}  // namespace trueup::cli
