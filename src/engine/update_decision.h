// What updating the installed plugins would come to, before anything is fetched. Pure: an observation in, one decision
// for each plugin out.
//
// Every plugin that was asked for has its decision: an update, or why there is none (failures F16, F117, F128). The
// source is the one that the plugin came from; another one counts only when the owner names it (failure F130).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/directory_nature.h"
#include "model/observation.h"

namespace trueup::engine {

struct UpdateOrder {
  std::vector<std::string> names;  // ids, directories or the registry's names; with `all` none
  bool all = false;
  std::string from;    // the source to take, where the owner names one: its address as it is shown; empty: its own
  bool retry = false;  // what was fetched or refused before counts no more
};

struct UpdateDecision {
  enum class Kind : std::uint8_t {
    update,      // `entry` is fetched, or without one `git`
    up_to_date,  // what its source offers is there
    skipped,     // it is not the store's
    failed,
  };
  Kind kind = Kind::failed;
  std::string plugin_id;
  std::string new_id;  // that it has afterwards, where it moves over to a plugin of another id; else empty
  std::string directory;
  std::string reason;  // a code; empty for an update
  std::string says;    // one sentence, where there is no update
  std::string installed_version;
  std::string offered_version;
  std::string origin;  // of the source, as shown
  const model::RegistryEntry* entry = nullptr;
  std::optional<GitCheckout> git;   // it is brought to the tip of its branch, and stays a checkout
  std::vector<std::string> asides;  // copies that an interrupted install of it left
};

/// Attempt::reason of an archive that held something else than its entry promised: it is not fetched again before the
/// entry changes.
inline constexpr std::string_view kFetchedBefore = "fetched_before";

/// The directories that `order` is about, so that their natures can be looked at.
std::vector<std::string> directories_of(const model::Observation& observation, const UpdateOrder& order);

/// Whether anything can be decided at all. Error: unreadable, not_found (no registry).
Status check_update_sources(const model::Observation& observation);

/// One for each plugin, in the order of the names or, for all of them, of the directories. Requires: `observation`
/// outlives the result. Error: as check_update_sources.
Result<std::vector<UpdateDecision>> decide_update(const model::Observation& observation, const Natures& natures,
                                                  const UpdateOrder& order);

}  // namespace trueup::engine
