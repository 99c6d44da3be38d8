// `trueup uninstall ID`: tombstone, directory, settings, secrets and record of one plugin, gone together.
//
// One journalled transaction, the tombstone first; what goes is kept and `undo` brings all of it back. Every name of
// the plugin goes (failure F56), never anything of another plugin.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/observation.h"

namespace trueup::engine {

struct UninstallReport {
  std::string plugin_id;
  std::string directory;
  bool kept_config = false;
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const UninstallReport&) const = default;
};

enum class Settings { remove, keep };

/// Error: invalid, not_found (nothing of that name is installed: nothing is recorded as removed, failure F57),
/// conflict (several directories hold it), unreadable, contended, busy. After an error nothing is changed.
Result<UninstallReport> uninstall(World& world, const std::string& name, Settings settings);

struct UninstallDecision {
  std::string plugin_id;
  std::string directory;
  std::vector<std::string> names;  // all that the plugin goes by and no other plugin does; its id first
  bool operator==(const UninstallDecision&) const = default;
};

/// Pure.
Result<UninstallDecision> decide_uninstall(const model::Observation& observation, const std::string& name,
                                           Settings settings);

}  // namespace trueup::engine
