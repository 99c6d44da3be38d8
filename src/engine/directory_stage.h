// Getting a new version of a plugin ready in our container: fetched, checked, completed, with its receipt, durable.
//
// What is fetched is hostile until it passes here (promise 9). Nothing of it shows to a loader before the rename that
// publishes it, and what fails here leaves nothing behind but a staging directory that take_back removes.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/site.h"
#include "model/compatibility.h"
#include "model/observation.h"
#include "platform/file_system.h"
#include "sources/receipt.h"
#include "store/plugin_source.h"

namespace trueup::engine {

/// Reason codes of what a registry offers and we do not take. Trying again cannot help while the entry is the same.
namespace refusal {
inline constexpr std::string_view kIdentityMismatch = "identity_mismatch";
inline constexpr std::string_view kManifestInvalid = "manifest_invalid";
inline constexpr std::string_view kIdNotAllowed = "id_not_allowed";
inline constexpr std::string_view kIncomplete = "plugin_incomplete";
inline constexpr std::string_view kIncompatible = model::kNeedsNewerCore;
inline constexpr std::string_view kOtherCore = model::kForAnotherCore;
inline constexpr std::string_view kVersionGone = "version_not_offered";
inline constexpr std::string_view kOfferRefused = "offer_refused";
inline constexpr std::string_view kArchiveGone = "archive_not_found";
inline constexpr std::string_view kNotNewer = "not_newer";

/// With another LEDMatrix it may be taken after all.
inline bool rests_on_core(std::string_view reason) { return reason == kIncompatible || reason == kOtherCore; }
}  // namespace refusal

struct StagingOrder {
  const store::PluginSource& source;
  const model::RegistryEntry& entry;
  std::string wanted_id;          // the manifest must state it, unless:
  bool accept_any_id = false;     // the original's rule set takes what comes
  std::string version = {};       // exactly this one; empty: whatever is offered
  std::string core_version = {};  // of the LEDMatrix that is there; empty: not known
  std::string newer_than = {};    // only a version that is surely newer than this one; empty: any
  /// The version of the plugin that stands there, where it is this plugin: whether that one fits the LEDMatrix that is
  /// there is no question when its files are put back. Empty: none, or it does not say.
  std::string standing_version = {};
};

struct StagedPlugin {
  std::string id;
  std::string version;
  sources::Receipt receipt;
  bool operator==(const StagedPlugin&) const = default;
};

/// Fills the empty directory `into`; its receipt included. Not durable. `reason` is set to a code of `refusal` when
/// what was offered is refused for good.
Result<StagedPlugin> stage_plugin(const StagingOrder& order, platform::WritableDirectory& into, std::string& reason);

/// Whether what the entry offers is fit for the LEDMatrix that is there, by what the entry itself says: the refusal
/// that the manifest would meet, before anything is fetched.
Status check_entry_core(const model::RegistryEntry& entry, const std::string& core_version);

/// What a checkout was brought to, in the copy `staged` of it: still this plugin, not older, and fit for what is there.
/// Its version. `reason` as above.
Result<std::string> check_checkout(const platform::Directory& staged, const std::string& wanted_id,
                                   const std::string& not_older_than, const std::string& core_version,
                                   std::string& reason);

/// Removes staging/ when nothing lies in it any more. Durable.
Status clear_staging(Site& site);

/// The plugin of `entry` stands in `plugins` with exactly these files (others may be there besides): installing it
/// would change nothing. False where that cannot be told without fetching.
bool stands_already(const store::PluginSource& source, const model::RegistryEntry& entry,
                    const platform::Directory& plugins);

/// Owner, group and mode of what it replaces, or of the directory it lies in (design: Owners). Only root can give
/// files away; for anyone else the group is kept where the kernel allows it.
Status adopt_attributes(platform::WritableDirectory& parent, const std::string& name, const platform::FileInfo& model,
                        bool is_root);

}  // namespace trueup::engine
