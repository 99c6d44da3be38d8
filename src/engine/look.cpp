#include "engine/look.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/copy_age.h"
#include "engine/fetch_waits.h"
#include "engine/kept_files.h"
#include "engine/python_requirements.h"
#include "engine/resolve.h"
#include "engine/second_look.h"
#include "engine/session.h"
#include "engine/site.h"
#include "engine/unattended.h"
#include "ledger/journal.h"
#include "ledger/ledger.h"
#include "planner/plan.h"
#include "sources/observe.h"
#include "store/plugin_source.h"
#include "store/registry.h"

namespace trueup::engine {
namespace {

using model::Source;
using model::SourceReading;
using model::Verdict;

struct LedgerLook {
  model::LedgerFacts facts;
  SourceReading reading;
  std::vector<ledger::KeptFile> kept;
  std::vector<OverwrittenEdit> overwritten_edits;
  store::SourceWaits offer_waits;
};

SourceReading unreadable(Source source, std::string path, const Error& error) {
  return {.source = source,
          .verdict = Verdict::unreadable,
          .path = std::move(path),
          .reason = std::string(to_string(error.code)),
          .detail = error.text()};
}

std::vector<std::string> split_fingerprints(const std::string& text) {
  constexpr std::size_t kDigits = 32;
  std::vector<std::string> fingerprints;
  for (std::size_t at = 0; at + kDigits <= text.size(); at += kDigits) fingerprints.push_back(text.substr(at, kDigits));
  return fingerprints;
}

/// The ledger's facts, and what the journal says was interrupted.
LedgerLook look_at_ledger(const platform::Directory& root, const platform::Clock& clock) {
  LedgerLook seen;
  auto reading = ledger::read_ledger(root);
  seen.reading = std::move(reading.reading);
  if (reading.snapshot) {
    auto facts = reading.snapshot->read().facts();
    auto kept = reading.snapshot->read().kept_files();
    const auto valid_settings = reading.snapshot->read().note(std::string(kValidSettingsNote));
    const auto untouched_files = reading.snapshot->read().note(std::string(kUntouchedFilesNote));
    const auto marked = reading.snapshot->read().note(std::string(kContainerNote));
    const auto offer_waits = reading.snapshot->read().note(std::string(kOfferWaitsNote));
    if (facts && kept && marked && valid_settings && untouched_files && offer_waits) {
      seen.facts = std::move(*facts);
      std::erase_if(seen.facts.holds, [now = clock.wall_now()](const model::Hold& hold) { return is_over(hold, now); });
      if (!*marked) seen.facts.installation_id.clear();  // the plugins directory does not carry it yet
      if (*valid_settings) seen.facts.valid_settings = split_fingerprints(**valid_settings);
      if (*untouched_files) seen.facts.untouched_files = split_fingerprints(**untouched_files);
      if (*offer_waits) seen.offer_waits = store::decode_source_waits(**offer_waits, store::kRests);
      seen.kept = std::move(*kept);
      seen.overwritten_edits = find_overwritten_edits(root, reading.snapshot->read());
    } else {
      const Error& error = !facts            ? facts.error()
                           : !kept           ? kept.error()
                           : !marked         ? marked.error()
                           : !valid_settings ? valid_settings.error()
                           : !offer_waits    ? offer_waits.error()
                                             : untouched_files.error();
      seen.reading = unreadable(Source::ledger, seen.reading.path, error);
    }
  }
  const auto journal = ledger::read_journal(root);
  if (!journal) {
    seen.reading = unreadable(Source::ledger, std::string(kOwnDirectory) + "/journal", journal.error());
    return seen;
  }
  for (const auto& unfinished : journal->unfinished) {
    seen.facts.interrupted.emplace_back(unfinished.committed
                                            ? "an action was interrupted after it had been decided; it will be finished"
                                            : "an action was interrupted before it took effect; it will be taken back");
  }
  return seen;
}

struct RegistryLook {
  model::RegistryFacts facts;
  SourceReading reading{.source = Source::registry, .verdict = Verdict::absent};
};

RegistryLook look_at_registry(const store::PluginSource* store) {
  RegistryLook seen;
  if (store == nullptr) return seen;
  auto facts = store->registry();
  if (!facts) {
    seen.facts.present = true;
    const Error& error = facts.error();
    seen.facts.origin = error.where;
    seen.reading = unreadable(Source::registry, error.where, error);
    seen.reading.detail = error.message;  // the path says where
    if (error.code == ErrorCode::unsupported) seen.reading.reason = "not_fetched";
    return seen;
  }
  seen.facts = std::move(*facts);
  seen.facts.present = true;
  seen.reading.verdict = Verdict::complete;
  seen.reading.path = seen.facts.origin;
  return seen;
}

/// Our copies of config and secrets, newest first.
sources::KeptCopies copies_of(const std::vector<ledger::KeptFile>& kept) {
  sources::KeptCopies copies;
  const auto add = [&kept](std::string_view document, std::vector<std::string>& paths) {
    for (const auto& file : ledger::last_good_copies(kept, document)) {
      paths.push_back(std::string(kOwnDirectory) + "/kept/" + file.path);
    }
  };
  add(model::to_string(model::DocumentName::config), copies.config);
  add(model::to_string(model::DocumentName::secrets), copies.secrets);
  return copies;
}

/// A missing plugin comes back in the version that was there, where that is kept (design: repair); else in the latest.
void take_the_version_that_was_there(const Look& seen, model::Plan& plan) {
  bool changed = false;
  for (model::Step& step : plan.steps) {
    const bool missing = step.install && step.action == model::StepAction::install_plugin;
    if (!missing || !step.install->version.empty() || step.install->candidates.empty()) continue;
    const auto* entry = store::find_entry(seen.observation.registry, step.install->candidates.front());
    const auto& receipts = seen.observation.ledger.receipts;
    const auto was = std::ranges::find(receipts, step.install->wanted_id, &model::ReceiptIndexEntry::plugin_id);
    if (entry == nullptr || was == receipts.end() || was->version.empty()) continue;
    if (was->version == entry->latest_version) continue;
    const bool kept = std::ranges::any_of(seen.kept_plugins, [&](const store::KeptPlugin& one) {
      return is_of_entry(one, seen.observation.registry, *entry) && one.version == was->version;
    });
    if (!kept) continue;
    step.install->version = was->version;
    step.summary = fmt::format("install {} {} from the copy that was kept", step.install->wanted_id, was->version);
    changed = true;
  }
  if (changed) plan.digest = model::plan_digest(plan);
}

}  // namespace

Result<Look> look(World& world, sources::SettingsCheck settings) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  LedgerLook ledger = look_at_ledger(*root, world.clock);
  RegistryLook registry = look_at_registry(world.store);
  const platform::RememberedProcesses processes(world.processes);
  Look seen;
  ASSIGN_OR_RETURN(seen.observation, sources::observe({.root = root.get(),
                                                       .file_system = &world.file_system,
                                                       .clock = &world.clock,
                                                       .processes = &processes,
                                                       .root_path = world.root,
                                                       .ledger = std::move(ledger.facts),
                                                       .ledger_reading = std::move(ledger.reading),
                                                       .registry = std::move(registry.facts),
                                                       .registry_reading = std::move(registry.reading),
                                                       .kept_copies = copies_of(ledger.kept),
                                                       .display_cache = world.display_cache,
                                                       .settings_check = settings}));
  describe_copies(*root, world.clock, ledger.kept, seen.observation.last_good);
  auto displaced = find_displaced_writes(*root, ledger.kept);
  seen.displaced_writes = std::move(displaced.findings);
  seen.unread_copies = std::move(displaced.unread);
  seen.kept = std::move(ledger.kept);
  seen.overwritten_edits = std::move(ledger.overwritten_edits);
  seen.offer_waits = std::move(ledger.offer_waits);
  seen.waiting_offers = waiting_offers(world, seen.offer_waits, seen.observation.ledger.attempts);
  if (world.store != nullptr) {
    seen.waiting = world.store->waiting();
    seen.kept_plugins = world.store->kept();
  }
  if (settings != sources::SettingsCheck::skip) {
    seen.observation.python = find_missing_requirements(world, processes, *root, seen.observation);
    mark_waiting_requirements(seen);
  }
  return seen;
}

bool ledger_moved_on(World& world, const Look& seen) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return true;
  const LedgerLook now = look_at_ledger(**root, world.clock);
  return now.reading != seen.observation.reading(Source::ledger) || now.facts != seen.observation.ledger ||
         now.kept != seen.kept;
}

Result<Look> look_again(World& world) {
  ASSIGN_OR_RETURN(Look seen, look(world, sources::SettingsCheck::changed));
  if (world.unattended != nullptr) world.unattended->mark(seen.observation, world.clock.monotonic_now());
  return seen;
}

Result<Look> look_to_plan(World& world) {
  ASSIGN_OR_RETURN(Look first, look_again(world));
  if (world.unattended != nullptr || !needs_second_look(first.observation)) return first;
  wait_for_second_look(world);
  ASSIGN_OR_RETURN(Look second, look(world, sources::SettingsCheck::changed));
  mark_settling(first.observation, second.observation);
  return second;
}

Result<Look> look_under_lock(World& world, const Look& before) {
  ASSIGN_OR_RETURN(Look now, look_again(world));
  std::vector<std::string>& settling = now.observation.disk.settling;
  for (const std::string& name : before.observation.disk.settling) {
    if (!std::ranges::count(settling, name)) settling.push_back(name);
  }
  mark_settling(before.observation, now.observation);
  return now;
}

model::Plan plan_of(const Look& seen, const model::Policy& policy) {
  model::Plan plan = planner::make_plan(seen.observation, policy);
  if (policy.rules == model::RuleSet::safe && !seen.kept_plugins.empty()) take_the_version_that_was_there(seen, plan);
  const bool anything_waits = !seen.waiting.empty() || !seen.waiting_offers.empty();
  if (policy.rules == model::RuleSet::safe && anything_waits) hold_what_waits(seen, policy, plan);
  if (policy.only.empty()) {
    plan.findings.insert(plan.findings.end(), seen.displaced_writes.begin(), seen.displaced_writes.end());
    for (const auto& edit : seen.overwritten_edits) plan.findings.push_back(edit.finding);
  }
  return plan;
}

Result<PlanReport> plan(World& world, const model::Policy& policy) {
  ASSIGN_OR_RETURN(auto seen, look(world, sources::SettingsCheck::changed));
  model::Plan made = plan_of(seen, policy);
  hold_for_second_look(seen.observation, made);
  return PlanReport{std::move(seen.observation), std::move(made)};
}

}  // namespace trueup::engine
