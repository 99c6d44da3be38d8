#include "engine_walk.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/undo.h"
#include "json/document.h"
#include "laid_out.h"
#include "plan_checks.h"
#include "planner/plan.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

using engine::PassReport;
using engine::StepResult;
using model::FixAction;
using model::Observation;
using model::Plan;
using model::RuleSet;
using model::Source;

std::string shown(const model::Inconsistency& finding) {
  return fmt::format("{} [{}, {}] {} / {}", finding.finding, finding.reason, to_string(finding.fix_action),
                     finding.description, finding.advice);
}

std::string shown(const model::Step& step) {
  return fmt::format("{} {} held: \"{}\"", to_string(step.action), step.summary, step.held);
}

template <typename Items>
std::string first_difference(const Items& read, const Items& imagined) {
  for (std::size_t i = 0; i < std::max(read.size(), imagined.size()); ++i) {
    if (i < read.size() && i < imagined.size() && read[i] == imagined[i]) continue;
    return fmt::format("\n    the files give:     {}\n    the table reckons: {}",
                       i < read.size() ? shown(read[i]) : "nothing",
                       i < imagined.size() ? shown(imagined[i]) : "nothing");
  }
  return "";
}

std::string difference(const Plan& read, const Plan& imagined) {
  if (read == imagined) return "";
  const std::string findings = first_difference(read.findings, imagined.findings);
  return findings.empty() ? first_difference(read.steps, imagined.steps) : findings;
}

std::string first_difference(const LaidOut::Tree& now, const LaidOut::Tree& before) {
  for (const auto& [path, node] : before) {
    const auto found = now.find(path);
    if (found == now.end()) return path + " is gone";
    if (found->second.content != node.content) return fmt::format("{} is\n{}", path, found->second.content);
    if (!(found->second == node)) return path + " has another kind, owner or mode";
  }
  for (const auto& [path, node] : now) {
    if (!before.contains(path)) return path + " is new";
  }
  return "";
}

const model::Section* section_of(const Observation& seen, std::string_view key) {
  const auto found = std::ranges::find(seen.config.sections, key, &model::Section::key);
  return found == seen.config.sections.end() ? nullptr : &*found;
}

bool recorded_on(const Observation& seen, std::string_view id) {
  return std::ranges::any_of(seen.state, [&](const auto& one) { return one.key == id && one.enabled.value_or(false); });
}

/// A directory that is back cancels a removal that only the ledger knows, also where it is damaged and has its name
/// alone.
bool removed_by_owner(const Observation& seen, std::string_view id) {
  if (std::ranges::find(seen.tombstones, id) != seen.tombstones.end()) return true;
  const bool back = std::ranges::any_of(seen.disk.directories, [&](const auto& one) {
    return one.id == id || (one.manifest != model::ManifestVerdict::good && one.name == id);
  });
  return !back && std::ranges::find(seen.ledger.tombstones, id) != seen.ledger.tombstones.end();
}

/// The plugin that, as the registry or its own manifest declares, had this name before.
std::string_view present_name(const Observation& seen, std::string_view former) {
  for (const model::RegistryEntry& entry : seen.registry.entries) {
    if (std::ranges::find(entry.aliases, former) != entry.aliases.end()) return entry.directory;
  }
  for (const model::PluginDirectory& directory : seen.disk.directories) {
    if (std::ranges::find(directory.former_ids, former) != directory.former_ids.end()) return directory.id;
  }
  return {};
}

/// The choice that is recorded for a plugin, be it under a name that it is declared to have had.
bool recorded_on_for(const Observation& wanted, std::string_view id) {
  return recorded_on(wanted, id) || std::ranges::any_of(wanted.state, [&](const model::StateRecord& record) {
           return present_name(wanted, record.key) == id && recorded_on(wanted, record.key);
         });
}

/// Promise 3 for the secrets: all stay to the byte, if under the name that a plugin declares to have now.
std::string surprise_in_secrets(const Observation& wanted, const std::string& before, const std::string& after) {
  if (before == after) return "";
  const auto was = json::Document::parse(before, json::Dialect::python);
  const auto is = json::Document::parse(after, json::Dialect::python);
  if (!was || !is || was->root().size() != is->root().size()) return "writes the secrets";
  for (const auto& member : was->root().members()) {
    auto now = is->root().find(member.key);
    const auto name = present_name(wanted, member.key);
    if (!now && !name.empty() && !was->root().find(name)) now = is->root().find(name);
    if (!now || now->text() != member.value.text()) return "changes secrets that the owner wrote";
  }
  return "";
}

/// Promise 3 for config.json: what was there stays to the byte, if under the name that a plugin declares to have now;
/// what is new is a section of an installed plugin that the owner did not remove, switched on only where that is what
/// was recorded.
std::string surprise_in_config(const Observation& wanted, const std::string& before, const std::string& after) {
  if (before == after) return "";
  const auto was = json::Document::parse(before, json::Dialect::python);
  const auto is = json::Document::parse(after, json::Dialect::python);
  if (!was || !is) return "config.json was written and does not parse";
  std::set<std::string_view> moved;
  for (const auto& member : was->root().members()) {
    auto now = is->root().find(member.key);
    if (const auto name = present_name(wanted, member.key); !now && !name.empty() && !was->root().find(name)) {
      now = is->root().find(name);
      moved.insert(name);
    }
    if (!now || now->text() != member.value.text()) return "changes settings that the owner wrote";
  }
  for (const auto& member : is->root().members()) {
    if (was->root().find(member.key) || moved.contains(member.key)) continue;
    if (removed_by_owner(wanted, member.key)) return "gives settings to a plugin that the owner removed";
    const auto enabled = member.value.find("enabled");
    if (!enabled || !enabled->boolean() || member.value.size() != 1)
      return "adds a section that says more than `enabled`";
    if (*enabled->boolean() && !recorded_on_for(wanted, member.key)) return "switches on what nobody switched on";
  }
  return "";
}

const model::Aside* aside_named(const Observation& seen, std::string_view name) {
  const auto found = std::ranges::find(seen.disk.asides, name, &model::Aside::name);
  return found == seen.disk.asides.end() ? nullptr : &*found;
}

/// Not as its receipt says: damaged, something is missing from it, or beside a copy that was set aside, edited: an
/// update that was interrupted looks like that.
const model::PluginDirectory* not_whole(const Observation& wanted, std::string_view name) {
  const auto found = std::ranges::find(wanted.disk.directories, name, &model::PluginDirectory::name);
  const bool any = found != wanted.disk.directories.end() && found->receipt;
  return any && (found->manifest != model::ManifestVerdict::good || !found->missing_files.empty() ||
                 !found->modified_files.empty())
             ? &*found
             : nullptr;
}

/// What its receipt lists is put back, the rest stays; or a whole copy that was set aside takes its place.
bool may_change(const Observation& wanted, std::string_view name, std::string_view file) {
  if (not_whole(wanted, name) == nullptr) return false;
  const model::Aside* aside = aside_named(wanted, std::string(name) + ".standalone-backup-preinstall");
  const bool repaired = not_whole(wanted, name)->modified_files.empty();
  return (aside != nullptr && aside->complete) ||
         (repaired && (file == "/manifest.json" || file == "/.trueup-receipt.json"));
}

bool may_appear(const Observation& wanted, std::string_view name, std::string_view file) {
  const model::PluginDirectory* directory = not_whole(wanted, name);
  return directory != nullptr &&
         std::ranges::find(directory->missing_files, file.substr(1)) != directory->missing_files.end();
}

/// Switched on under its name, or under one that the registry declares to be an old one of it.
bool is_switched_on(const Observation& wanted, std::string_view id) {
  const auto on = [&](std::string_view key) {
    const auto* section = section_of(wanted, key);
    const auto choice = section == nullptr ? std::nullopt : section->enabled.choice();
    const bool says_nothing =
        section == nullptr || (section->is_object() && section->enabled.kind == model::EnabledSetting::Kind::absent);
    return choice.value_or(says_nothing && recorded_on(wanted, key));
  };
  if (on(id)) return true;
  return std::ranges::any_of(wanted.registry.entries, [&](const auto& entry) {
    return entry.directory == id && std::ranges::any_of(entry.aliases, on);
  });
}

/// Promise 3 for the plugins directory: nothing goes, nothing is overwritten; what is new was missing, is switched on
/// and was not removed. A whole copy that was set aside may take the place of a plugin that is gone or not whole.
std::string surprise_in_plugins(const Observation& wanted, const LaidOut::Tree& before, const LaidOut::Tree& after) {
  const std::string plugins = "plugin-repos/";
  std::set<std::string> names;
  for (const auto& [path, node] : before) {
    if (!path.starts_with(plugins)) continue;
    names.insert(path.substr(plugins.size(), path.find('/', plugins.size()) - plugins.size()));
    const std::string name = path.substr(plugins.size(), path.find('/', plugins.size()) - plugins.size());
    const model::Aside* aside = aside_named(wanted, name);
    const std::string file = path.substr(plugins.size() + name.size());
    const auto now = after.find(path);
    if (now == after.end() && aside != nullptr && aside->complete && !removed_by_owner(wanted, aside->owner)) {
      const auto there = after.find(plugins + aside->owner + file);
      if (there != after.end() && there->second == node) continue;
    }
    if (may_change(wanted, name, file)) continue;
    if (now == after.end() || !(now->second == node)) return "deletes or overwrites " + path;
  }
  for (const auto& [path, node] : after) {
    if (!path.starts_with(plugins) || before.contains(path)) continue;
    const std::string name = path.substr(plugins.size(), path.find('/', plugins.size()) - plugins.size());
    if (aside_named(wanted, name + ".standalone-backup-preinstall") != nullptr) continue;  // compared above
    if (may_appear(wanted, name, path.substr(plugins.size() + name.size()))) continue;
    if (names.contains(name)) return "adds " + path + " to what was there";
    if (removed_by_owner(wanted, name)) return "brings back what the owner removed: " + name;
    if (!is_switched_on(wanted, name)) return "fetches what is not switched on: " + name;
  }
  return "";
}

class Walk {
 public:
  Walk(const Observation& wanted, RuleSet rules)
      : wanted_(wanted), imagined_(wanted), policy_(with(rules)), here_(wanted), world_(here_.world()) {}

  std::string run() {
    const auto before = here_.tree();
    auto last = before;
    const bool safe = policy_.rules == RuleSet::safe;
    for (int pass = 0;; ++pass) {
      if (auto broken = one_pass(); !broken.empty()) return fmt::format("pass {}: {}", pass + 1, broken);
      auto now = here_.tree();
      if (now == last) break;
      if (pass == (safe ? kPassesSafe : kPassesLedmatrix))
        return "is not at rest in time: " + first_difference(now, last);
      last = std::move(now);
    }
    if (safe && has_work_) return "rests, and the plan still has work";
    for (const auto& broken : {nothing_is_lost(before, last), unreadable_stays(before, last),
                               safe ? nothing_surprises(before, last) : std::string()}) {
      if (!broken.empty()) return broken;
    }
    return undo(before);
  }

 private:
  /// Plan and reconcile, with everything that must hold of the two.
  std::string one_pass() {
    here_.disk.clear_log();
    const auto planned = engine::plan(world_, policy_);
    if (!planned) return planned.error().text();
    if (!here_.disk.log().empty()) return "plan wrote: " + here_.disk.log().front().where;
    take_words(imagined_, planned->observation);
    if (auto broken = difference(planned->plan, planner::make_plan(imagined_, policy_)); !broken.empty()) return broken;
    for (const auto& broken : {promise_1_unknown_is_not_absent(planned->observation, planned->plan, policy_.rules),
                               promise_7_explains_itself(planned->plan)}) {
      if (!broken.empty()) return broken;
    }
    const auto report = engine::reconcile(world_, policy_);
    if (!report) return report.error().text();
    if (!(report->plan == planned->plan))
      return "reconcile did another plan: " + difference(report->plan, planned->plan);
    has_work_ = std::ranges::any_of(report->plan.steps, [](const auto& step) { return step.held.empty(); });
    imagined_ = simulate(imagined_, planned->plan);
    return counts_right(*report);
  }

  /// A repair of a file is done; a finding all of whose steps were done is fixed, every other one is a person's.
  [[nodiscard]] std::string counts_right(const PassReport& report) const {
    if (report.error) return report.error->text();
    std::set<std::string> open;
    std::set<std::string> fixed;
    for (const auto& one : report.result.inconsistencies_fixed) fixed.insert(one.finding);
    for (std::size_t i = 0; i < report.plan.steps.size(); ++i) {
      const auto& step = report.plan.steps[i];
      const auto kind = report.steps[i].kind;
      if ((kind == StepResult::Kind::held) != !step.held.empty()) return "a step was not done: " + shown(step);
      if (kind == StepResult::Kind::failed && !step.install)
        return fmt::format("{}: {}", shown(step), report.steps[i].why);
      if (kind != StepResult::Kind::done) open.insert(step.finding);
    }
    std::size_t manual = 0;
    for (const auto& finding : report.plan.findings) {
      const bool mended = finding.fix_action == FixAction::auto_fix && !open.contains(finding.finding);
      if (mended != fixed.contains(finding.finding)) return "counted wrong: " + shown(finding);
      manual += !mended && finding.fix_action != FixAction::no_action ? 1U : 0U;
    }
    return manual == report.result.inconsistencies_manual.size() ? "" : "the manual ones are counted wrong";
  }

  /// Promise 2.
  static std::string nothing_is_lost(const LaidOut::Tree& before, const LaidOut::Tree& after) {
    std::set<std::string_view> contents;
    for (const auto& [path, node] : after) contents.insert(node.content);
    for (const auto& [path, node] : LaidOut::theirs(before)) {
      if (!contents.contains(node.content)) return "the bytes of " + path + " are nowhere any more";
    }
    return "";
  }

  /// Promise 1 on the disk: what could not be read is not written, but for the cache that is made again.
  [[nodiscard]] std::string unreadable_stays(const LaidOut::Tree& before, const LaidOut::Tree& after) const {
    const auto same = [&](const std::string& path) { return after.at(path) == before.at(path); };
    const auto unknown = [&](Source source) { return !wanted_.reading(source).known(); };
    if (unknown(Source::config) && !same("config/config.json")) return "writes a config.json that it cannot read";
    const bool not_permitted = unknown(Source::state) && wanted_.reading(Source::state).reason != "syntax";
    if (not_permitted && !same("data/plugin_state.json")) return "writes a plugin_state.json that it cannot read";
    const std::string secrets = "config/config_secrets.json";
    if (!same(secrets)) {
      if (unknown(Source::secrets)) return "writes secrets that it cannot read";
      const auto changed = surprise_in_secrets(wanted_, before.at(secrets).content, after.at(secrets).content);
      if (!changed.empty()) return changed;
    }
    for (const std::string path : {"config/config.template.json", "config/uninstalled_plugins.json"}) {
      if (!same(path)) return "writes " + path;
    }
    if (!unknown(Source::disk)) return "";
    for (const auto& [path, node] : LaidOut::theirs(after)) {
      if (path.starts_with("plugin-repos/")) return "installs where another disk is mounted: " + path;
    }
    return "";
  }

  [[nodiscard]] std::string nothing_surprises(const LaidOut::Tree& before, const LaidOut::Tree& after) const {
    const std::string state = "data/plugin_state.json";
    if (wanted_.web_process != model::Tristate::no && !(after.at(state) == before.at(state))) {
      return "writes the web process's file";
    }
    const std::string config = "config/config.json";
    const auto broken = surprise_in_config(wanted_, before.at(config).content, after.at(config).content);
    return broken.empty() ? surprise_in_plugins(wanted_, LaidOut::theirs(before), LaidOut::theirs(after)) : broken;
  }

  /// Everything back, to the byte; and it stays so.
  std::string undo(const LaidOut::Tree& before) {
    const auto history = engine::history(world_);
    if (!history) return history.error().text();
    if (history->empty()) return "";
    const auto undone = engine::undo(world_, history->back().number, engine::UndoReach::and_all_later);
    if (!undone) return "undo: " + undone.error().text();
    const auto changed = first_difference(LaidOut::theirs(here_.tree()), LaidOut::theirs(before));
    if (!changed.empty()) return "after undo " + changed;
    if (policy_.rules == RuleSet::ledmatrix) return "";
    if (const auto again = engine::reconcile(world_, policy_); !again) return again.error().text();
    const auto repeated = first_difference(LaidOut::theirs(here_.tree()), LaidOut::theirs(before));
    return repeated.empty() ? "" : "does again what was undone: " + repeated;
  }

  const Observation& wanted_;
  Observation imagined_;
  const model::Policy policy_;
  LaidOut here_;
  engine::World world_;
  bool has_work_ = false;
};

}  // namespace

std::string walk_through_the_engine(const Observation& wanted, RuleSet rules) { return Walk(wanted, rules).run(); }

}  // namespace trueup::test
