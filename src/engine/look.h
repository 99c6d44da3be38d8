// One look at everything: the observation of a pass, and the plan that follows from it. Writes nothing, creates
// nothing, takes no lock. Reading verbs are made of this alone.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/overwritten_edit.h"
#include "engine/world.h"
#include "ledger/kept_files.h"
#include "model/observation.h"
#include "model/step.h"
#include "sources/settings_check.h"
#include "store/plugin_source.h"

namespace trueup::engine {

/// The note in the ledger of what was found right: fingerprints, one after the other.
inline constexpr std::string_view kValidSettingsNote = "valid-settings";
inline constexpr std::string_view kUntouchedFilesNote = "untouched-files";

struct Look {
  model::Observation observation;
  std::vector<ledger::KeptFile> kept;  // what the ledger lists of them
  std::vector<model::Inconsistency> displaced_writes;
  std::vector<OverwrittenEdit> overwritten_edits;
  std::vector<store::KeptPlugin> kept_plugins;  // that no network is needed for
  std::vector<store::Waiting> waiting;          // hosts of archives that failed and are left in peace for a while
  store::SourceWaits offer_waits;               // single offers that failed, over or not
  std::vector<store::Waiting> waiting_offers;   // those that are not over
  std::vector<std::string> unread_copies;       // kept ones that this user may not look into
};

/// `settings`: whether plugins' settings are held against their schemas; only a plan needs that.
Result<Look> look(World& world, sources::SettingsCheck settings = sources::SettingsCheck::skip);

/// Finding::reason of what is fetched as soon as its source is asked again.
inline constexpr std::string_view kSourceWaits = "source_waits";
/// Likewise of what failed by itself a moment ago.
inline constexpr std::string_view kOfferWaits = "offer_waits";

/// Whether another trueup has worked here since: what was looked at before the lock was taken counts no more.
bool ledger_moved_on(World& world, const Look& seen);

/// The look that a pass rests on: everything is checked that changed, and beside a copy that another program may be at
/// work on it waits, and looks twice. An unattended pass never waits: there an earlier pass was the first look.
Result<Look> look_to_plan(World& world);

/// A look of a pass after its first one; in an unattended pass what settles, and what is left alone, is marked in it.
Result<Look> look_again(World& world);

/// The same once more when the lock is held: what changed since `before`, or settled then, is marked as settling.
Result<Look> look_under_lock(World& world, const Look& before);

struct PlanReport {
  model::Observation observation;
  model::Plan plan;
};

/// What reconcile would do. The same engine, the same planner; nothing is written, and nothing is waited for: a step
/// that needs a second look is held for it.
Result<PlanReport> plan(World& world, const model::Policy& policy);

/// The plan of what was seen, with the findings that only the engine can make.
model::Plan plan_of(const Look& seen, const model::Policy& policy);

}  // namespace trueup::engine
