// Whether the interpreter that runs the display has what the plugins ask for in their requirements.txt. Looks only;
// pip is never run here.
//
// The interpreter is known by the display that runs, or by its service; where neither tells, or its packages cannot all
// be read, nothing is said (promise 1).
#pragma once

#include <vector>

#include "engine/world.h"
#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::engine {

/// Finding::reason of a plugin that lacks Python packages.
inline constexpr std::string_view kRequirementsMissing = "requirements_missing";

/// One for each plugin that is on and lacks something.
std::vector<model::Inconsistency> find_missing_requirements(World& world, const platform::Directory& root,
                                                            const model::Observation& observation);

}  // namespace trueup::engine
