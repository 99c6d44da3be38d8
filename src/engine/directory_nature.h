// What is known of a plugin's directory that an observation does not hold: looked at only where it is asked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/git_checkout.h"
#include "engine/world.h"
#include "model/observation.h"

namespace trueup::engine {

/// What is known of a plugin's directory that an observation does not hold.
struct DirectoryNature {
  std::optional<GitCheckout> git;
  bool local_only = false;  // its manifest says that no store has it
};
using Natures = std::map<std::string, DirectoryNature>;  // by directory

/// Writes nothing. A directory that cannot be opened has no nature.
Natures natures_of(World& world, const model::Observation& observation, const std::vector<std::string>& directories);

}  // namespace trueup::engine
