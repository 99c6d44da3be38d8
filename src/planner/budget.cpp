#include "planner/budget.h"

#include <fmt/core.h>

#include <set>

namespace trueup::planner {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::Plan;
using model::Step;

constexpr std::string_view kOverBudget = "over_budget";

std::string confirm_advice(const Plan& plan) {
  return fmt::format("nothing was done: look at `trueup plan`, then `trueup reconcile --confirm {}`", plan.digest);
}

template <typename Chosen>
void hold(Plan& plan, std::string_view reason, Chosen chosen) {
  std::set<std::string_view> findings;
  for (Step& step : plan.steps) {
    if (!chosen(step)) continue;
    step.held = reason;
    findings.insert(step.finding);
  }
  for (Inconsistency& finding : plan.findings) {
    if (!findings.contains(finding.finding)) continue;
    finding.fix_action = FixAction::manual_fix_required;
    finding.can_auto_fix = false;
    finding.reason = reason;
    finding.advice = confirm_advice(plan);
  }
}

std::size_t installed_plugins(const Context& context) {
  std::size_t count = 0;
  for (const Situation& plugin : context.situations.all()) count += plugin.installed() ? 1 : 0;
  return count;
}

void hold_disruptive(const Context& context, Plan& plan) {
  std::set<std::string_view> plugins;
  for (const Step& step : plan.steps) {
    if (step.disruptive) plugins.insert(step.plugin_id);
  }
  const bool many = plugins.size() > kDisruptivePlugins;
  if (!many || plugins.size() * 100 <= installed_plugins(context) * kDisruptivePercent) return;
  hold(plan, kOverBudget, [](const Step& step) { return step.disruptive; });
}

/// A new card, or a directory that is not mounted: nothing is there and nothing of ours ever was. One question to the
/// owner instead of forty downloads under a mount point (failure F10).
void hold_on_new_card(const Context& context, Plan& plan) {
  const bool empty = context.observation.disk.directories.empty() && context.observation.disk.asides.empty();
  if (!empty || !context.observation.ledger.installation_id.empty()) return;
  std::set<std::string_view> installs;
  for (const Step& step : plan.steps) {
    if (step.action == model::StepAction::install_plugin) installs.insert(step.finding);
  }
  if (installs.empty()) return;
  auto whole =
      finding(model::InconsistencyType::plugin_missing_on_disk, "plugins", kPluginsDirectoryEmpty,
              fmt::format("{} is empty and {} plugins are wanted", context.observation.disk.path, installs.size()));
  whole.current_state = {{"exists_on_disk", "0"}};
  whole.expected_state = {{"exists_on_disk", std::to_string(installs.size())}};
  whole.evidence = {{context.observation.disk.path, "is empty"},
                    {".trueup/ledger.db", "nothing was ever installed from here"}};
  for (Inconsistency& finding : plan.findings) {
    if (!installs.contains(finding.finding)) continue;
    finding.fix_action = FixAction::no_action;
    finding.can_auto_fix = false;
    finding.reason = kPluginsDirectoryEmpty;
    finding.advice = "held with the others: see the finding about the plugins directory";
  }
  for (Step& step : plan.steps) {
    if (step.action != model::StepAction::install_plugin) continue;
    step.held = kPluginsDirectoryEmpty;
    step.finding = whole.finding;
  }
  Found one = for_a_person(
      std::move(whole), fmt::format("is this a new card, or is the directory not mounted? To fetch them all: `trueup "
                                    "reconcile --confirm {}`",
                                    plan.digest));
  plan.findings.insert(plan.findings.begin(), std::move(one.finding));
}

}  // namespace

bool ends_with_a_yes(std::string_view held) { return held == kOverBudget || held == kPluginsDirectoryEmpty; }

void hold_over_budget(const Context& context, Plan& plan) {
  if (!context.policy.confirmed_digest.empty() && context.policy.confirmed_digest == plan.digest) return;
  hold_disruptive(context, plan);
  hold_on_new_card(context, plan);
}

}  // namespace trueup::planner
