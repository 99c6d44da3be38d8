// `trueup install NAME`: a plugin from the registry, because the owner asked for it by name.
//
// NAME may be the plugin's own id, the registry's id for it, its directory or a declared alias; everything that is
// written uses the plugin's own id, and so does the answer (failure F81). A damaged directory of that id is replaced,
// as an installed plugin is, and kept. It never touches a linked plugin and never switches anything on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/observation.h"

namespace trueup::engine {

struct InstallReport {
  std::string plugin_id;            // the plugin's own
  std::string directory;            // below the plugins directory
  std::string version;              // that is there now
  std::string previous_version;     // that was there before, or empty
  bool replaced_damaged = false;    // a damaged directory stood there; it is kept and undo brings it back
  std::string former_id;            // it had until now, or empty; what was set for that went along
  bool unchanged = false;           // this version is there already: no file of it was touched
  bool is_on = false;               // and was so before
  bool was_removed_before = false;  // the note that the owner had removed it is gone
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;  // numbers of the new lines of history
  bool operator==(const InstallReport&) const = default;
};

/// Error: not_found (no registry lists it), refused, conflict (what stands there is not to be replaced), unreadable (a
/// source it rests on), busy. After an error nothing is changed.
Result<InstallReport> install(World& world, const std::string& name);

/// What installing `name` would come to. Pure.
struct InstallDecision {
  const model::RegistryEntry* entry = nullptr;
  std::vector<std::string> ids;    // that the fetched manifest may state, most likely first
  std::vector<std::string> names;  // every name the plugin goes by
  std::string directory;           // the one it is in now, or empty
  std::string installed_id;        // of what is there now, or empty
  std::string installed_version;
  std::vector<std::string> asides;  // copies that an interrupted install of it left: they are kept with the rest
  bool replaces_damaged = false;
  bool repairs = false;  // what is damaged is of the version that is offered: whether that one fits is no question
  bool same_version = false;
  bool changes_name = false;  // what is there goes by another name of the entry: it takes the entry's own id
};
Result<InstallDecision> decide_install(const model::Observation& observation, const std::string& name);

}  // namespace trueup::engine
