#include "planner/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <variant>

#include "base/shell_word.h"
#include "planner/budget.h"
#include "planner/fit.h"
#include "planner/fought_over.h"
#include "planner/ledmatrix/plan.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::Observation;
using model::Plan;
using model::Policy;

/// A finding stands, but a source that its steps rest on could not be read: nothing is done (promise 1).
void hold_for_unknown_source(Found& found, model::Source unknown, const Observation& observation) {
  if (found.steps.empty()) return;
  found.steps.clear();
  found.finding.fix_action = FixAction::no_action;
  found.finding.can_auto_fix = false;
  found.finding.reason = "source_unreadable";
  found.finding.advice = fmt::format("held until {} can be read", observation.reading(unknown).path);
}

void run_rule(const Rule& rule, const Context& context, Output& out) {
  if (context.observation.unknown_among(rule.needs)) return;
  const std::size_t first = out.size();
  if (rule.whole != nullptr) rule.whole(context, out);
  if (rule.each != nullptr) {
    for (const Situation& plugin : context.situations.all()) rule.each(context, plugin, out);
  }
  const auto unknown = context.observation.unknown_among(rule.step_needs);
  if (!unknown) return;
  for (std::size_t i = first; i < out.size(); ++i) hold_for_unknown_source(out[i], *unknown, context.observation);
}

/// By any of its names: what is found under another name of an installed plugin concerns that plugin.
bool named(const Context& context, std::string_view plugin_id) {
  const Situation* plugin = context.situations.find(plugin_id);
  for (const std::string& name : context.policy.only) {
    const std::string_view id = context.situations.resolve(name);
    if (name == plugin_id || id == plugin_id) return true;
    if (plugin != nullptr && !plugin->installed_as.empty() && plugin->installed_as == id) return true;
  }
  return false;
}

/// A directory that went missing or changed a moment ago may be in the middle of somebody's update: only what two looks
/// agree on is acted on in unattended passes.
void hold_settling(const Context& context, Output& found) {
  if (context.observation.disk.settling.empty()) return;
  const auto settling = [&](std::string_view plugin_id) {
    for (const std::string& name : context.observation.disk.settling) {
      if (name == plugin_id || context.situations.resolve(name) == plugin_id) return true;
    }
    return false;
  };
  for (Found& one : found) {
    if (one.steps.empty() || !settling(one.finding.plugin_id) || named(context, one.finding.plugin_id)) continue;
    one.steps.clear();
    one.finding.fix_action = FixAction::no_action;
    one.finding.can_auto_fix = false;
    one.finding.reason = "settling";
    one.finding.advice = "held: it changed a moment ago and is looked at once more";
  }
}

/// A hold of undo may name two digests: what the finding rested on when it was mended, and when it was brought back.
bool rests_on(const model::Hold& hold, std::string_view evidence) {
  return hold.evidence_digest.find(evidence) != std::string::npos;
}

/// What undo brought back, the owner ignores, or another program keeps undoing is left alone until its evidence changes
/// or it is asked for by name.
void apply_holds(const Context& context, Output& found) {
  std::unordered_map<std::string_view, const model::Hold*> holds;
  for (const model::Hold& hold : context.observation.ledger.holds) holds[hold.finding] = &hold;
  if (holds.empty()) return;
  for (Found& one : found) {
    const auto hold = holds.find(one.finding.finding);
    if (hold == holds.end() || named(context, one.finding.plugin_id)) continue;
    if (!rests_on(*hold->second, model::evidence_digest(one.finding))) continue;
    one.finding.can_auto_fix = false;
    one.finding.reason = hold->second->reason;
    if (hold->second->reason == model::kFoughtOver) {
      one.finding.fix_action = FixAction::manual_fix_required;
      one.finding.advice = advice_on_fight(one.finding, one.steps, context.observation);
      one.steps.clear();
      continue;
    }
    one.steps.clear();
    one.finding.fix_action = FixAction::no_action;
    one.finding.advice =
        hold->second->reason == model::kIgnoredByOwner
            ? fmt::format("you chose to ignore it: `trueup explain {}` still tells of it",
                          shell_word(one.finding.plugin_id))
            : fmt::format("held: `trueup reconcile {}` mends it all the same", shell_word(one.finding.plugin_id));
  }
}

/// `reconcile ID...`: only what was asked for by name, and always what could not be read.
void keep_named(const Context& context, Output& found) {
  if (context.policy.only.empty()) return;
  std::erase_if(found, [&](const Found& one) {
    return one.finding.inconsistency_type != model::InconsistencyType::source_unreadable &&
           !named(context, one.finding.plugin_id);
  });
}

std::vector<model::Option> options_for(const Context& context, const Inconsistency& finding) {
  if (finding.fix_action != FixAction::manual_fix_required) return {};
  std::vector<model::Option> options;
  for (const Rule& rule : safe_rules()) {
    if (rule.type == finding.inconsistency_type && rule.options != nullptr) options = rule.options(context, finding);
  }
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin != nullptr && plugin->entry != nullptr && !why_unfit(context.observation, *plugin).empty()) {
    std::erase_if(options, [](const auto& one) { return std::holds_alternative<model::InstallByName>(one.deed); });
  }
  // What is left to a person's hands can at least be left alone. Not what cannot be read, and not an empty plugins
  // directory: to leave that alone is what happens anyway.
  const bool can_be_left = finding.inconsistency_type != model::InconsistencyType::source_unreadable &&
                           finding.reason != kPluginsDirectoryEmpty;
  if (options.empty() && can_be_left) {
    options.push_back({{"keep", "changes nothing, and says no more about it until what it rests on changes"},
                       model::LeaveAsItIs{finding.finding}});
  }
  return options;
}

void name_choices(const Context& context, Plan& plan) {
  for (Inconsistency& finding : plan.findings) {
    for (model::Option& option : options_for(context, finding)) finding.choices.push_back(std::move(option.choice));
  }
}

Plan collect(Output& found) {
  Plan plan;
  plan.findings.reserve(found.size());
  std::size_t steps = 0;
  for (const Found& one : found) steps += one.steps.size();
  plan.steps.reserve(steps);
  for (Found& one : found) {
    std::move(one.steps.begin(), one.steps.end(), std::back_inserter(plan.steps));
    plan.findings.push_back(std::move(one.finding));
  }
  std::sort(plan.findings.begin(), plan.findings.end(), [](const Inconsistency& a, const Inconsistency& b) {
    return std::tie(a.plugin_id, a.inconsistency_type, a.finding) <
           std::tie(b.plugin_id, b.inconsistency_type, b.finding);
  });
  plan.digest = plan_digest(plan);
  return plan;
}

}  // namespace

Plan make_plan(const Observation& observation, const Policy& policy) {
  const Situations situations(observation);
  const Context context{observation, policy, situations};
  Output found;
  if (policy.rules == model::RuleSet::ledmatrix) {
    ledmatrix::find(context, found);
    keep_named(context, found);
    return collect(found);
  }
  for (const Rule& rule : safe_rules()) run_rule(rule, context, found);
  hold_settling(context, found);
  apply_holds(context, found);
  keep_named(context, found);
  Plan plan = collect(found);
  hold_over_budget(context, plan);
  name_choices(context, plan);
  return plan;
}

std::vector<model::Option> options_of(const Observation& observation, const Inconsistency& finding) {
  const Situations situations(observation);
  return options_for({observation, {}, situations}, finding);
}

}  // namespace trueup::planner
