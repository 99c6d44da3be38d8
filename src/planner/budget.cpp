#include "planner/budget.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace trueup::planner {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::Plan;
using model::Step;

constexpr std::string_view kOverBudget = "over_budget";
constexpr std::string_view kDirectoryOfUnknownPlugin = "directory_of_unknown_plugin";

std::string confirm_advice(const Plan& plan) {
  return fmt::format("nothing was done: look at `trueup plan`, then `trueup reconcile --confirm {}`", plan.digest);
}

template <typename Chosen>
void hold(Plan& plan, std::string_view reason, const std::string& advice, Chosen chosen) {
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
    finding.advice = advice;
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
  hold(plan, kOverBudget, confirm_advice(plan), [](const Step& step) { return step.disruptive; });
}

/// No plugin is there, whatever else lies about: a note that says "not mounted", say.
bool holds_no_plugin(const model::DiskFacts& disk) {
  return disk.asides.empty() && std::ranges::all_of(disk.directories, [](const model::PluginDirectory& directory) {
           return directory.manifest == model::ManifestVerdict::missing;
         });
}

bool rests_on_the_directory(const Step& step) {
  return step.action == model::StepAction::install_plugin || step.action == model::StepAction::remove_record;
}

Inconsistency empty_directory(const Context& context, std::size_t wanted) {
  auto whole = finding(model::InconsistencyType::plugin_missing_on_disk, "plugins", kPluginsDirectoryEmpty,
                       fmt::format("{} holds no plugin and {} {} wanted", context.observation.disk.path, wanted,
                                   wanted == 1 ? "is" : "are"));
  whole.current_state = {{"exists_on_disk", "0"}};
  whole.expected_state = {{"exists_on_disk", std::to_string(wanted)}};
  whole.evidence = {{context.observation.disk.path, "holds no plugin"},
                    {".trueup/ledger.db", "nothing was ever installed from here"}};
  return whole;
}

/// A new card, or a directory that is not mounted: no plugin is there and nothing of ours ever was. One question to the
/// owner instead of forty downloads under a mount point, and no record goes meanwhile, for it says what was on
/// (failure F10).
void hold_on_new_card(const Context& context, Plan& plan) {
  if (!holds_no_plugin(context.observation.disk) || !context.observation.ledger.installation_id.empty()) return;
  const auto is_wanted = [](const Inconsistency& finding) {
    return finding.inconsistency_type == model::InconsistencyType::plugin_missing_on_disk &&
           finding.fix_action != FixAction::no_action;
  };
  const auto wanted = static_cast<std::size_t>(std::ranges::count_if(plan.findings, is_wanted));
  if (wanted == 0) return;
  auto whole = empty_directory(context, wanted);
  bool anything_to_do = false;
  std::set<std::string> held;
  for (Step& step : plan.steps) {
    if (!rests_on_the_directory(step)) continue;
    anything_to_do = true;
    held.insert(step.finding);
    step.held = kPluginsDirectoryEmpty;
    step.finding = whole.finding;
  }
  for (Inconsistency& finding : plan.findings) {
    if (!is_wanted(finding) && !held.contains(finding.finding)) continue;
    finding.fix_action = FixAction::no_action;
    finding.can_auto_fix = false;
    finding.reason = kPluginsDirectoryEmpty;
    finding.advice = "held with the others: see the finding about the plugins directory";
  }
  const std::string question = "is this a new card, or is the directory not mounted?";
  Found one = for_a_person(
      std::move(whole),
      anything_to_do ? fmt::format("{} To go on without it: `trueup reconcile --confirm {}`", question, plan.digest)
                     : question + " Nothing can be fetched: no registry that is known here offers any of them");
  plan.findings.insert(plan.findings.begin(), std::move(one.finding));
}

/// A directory with a manifest that nobody can read, under a name that nobody knows: it may be any of the plugins that
/// seem to be gone.
const model::PluginDirectory* directory_of_unknown_plugin(const Context& context) {
  for (const Situation& plugin : context.situations.all()) {
    const bool named_elsewhere = plugin.section != nullptr || plugin.record != nullptr || plugin.entry != nullptr ||
                                 plugin.past_receipt != nullptr || plugin.tombstoned;
    if (named_elsewhere || plugin.directories.size() != 1) continue;
    const model::PluginDirectory& directory = *plugin.directories.front();
    const bool unread = directory.manifest == model::ManifestVerdict::unreadable ||
                        (directory.manifest == model::ManifestVerdict::invalid && !directory.manifest_is_object);
    if (unread && directory.id.empty() && !directory.receipt) return &directory;
  }
  return nullptr;
}

/// Promise 1: nobody can say that a plugin is not there while one of the directories cannot be told (failure F76).
void hold_while_one_is_unknown(const Context& context, Plan& plan) {
  const model::PluginDirectory* unknown = directory_of_unknown_plugin(context);
  if (unknown == nullptr) return;
  const std::string advice = fmt::format(
      "{}/{} may be this plugin: its manifest cannot be read. Mend or remove that directory first, or say yes with "
      "`trueup reconcile --confirm {}`",
      context.observation.disk.path, unknown->name, plan.digest);
  hold(plan, kDirectoryOfUnknownPlugin, advice,
       [](const Step& step) { return step.held.empty() && rests_on_the_directory(step); });
}

}  // namespace

bool ends_with_a_yes(std::string_view held) {
  return held == kOverBudget || held == kPluginsDirectoryEmpty || held == kDirectoryOfUnknownPlugin;
}

void hold_over_budget(const Context& context, Plan& plan) {
  if (!context.policy.confirmed_digest.empty() && context.policy.confirmed_digest == plan.digest) return;
  hold_disruptive(context, plan);
  hold_on_new_card(context, plan);
  hold_while_one_is_unknown(context, plan);
}

}  // namespace trueup::planner
