// Whether the interpreter that runs the display has what the plugins ask for in their requirements.txt. Looks only;
// install_requirements.h is where pip is run.
//
// The interpreter is known by the display that runs, or by its service; where neither tells, or its packages cannot all
// be read, nothing is said (promise 1).
#pragma once

#include "engine/world.h"
#include "model/observation.h"

namespace trueup::engine {

/// LEDMatrix's marker in a plugin's directory: as long as it is there, its plugin loader does not run pip for it.
inline constexpr const char* kMarker = ".dependencies_installed";

/// Of every plugin that is installed, on or off. MissingRequirements::waits is for whoever knows what failed before.
model::PythonFacts find_missing_requirements(const World& world, const platform::ProcessTable& processes,
                                             const platform::Directory& root, const model::Observation& observation);

}  // namespace trueup::engine
