// Settings of LEDMatrix itself, and whole files of settings, as a page or a program sends them.
//
// What is not asked for stays (failures F04, F37): no new section, no section that goes without being named, no value
// of another type. A change that would make a new finding is refused as a whole, and so is one that hides a secret in
// config.json. A blank or masked secret means unchanged.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/configure.h"
#include "engine/world.h"
#include "model/settings.h"
#include "model/step.h"

namespace trueup::engine {

/// `patch`: an object of sections; objects in it go deeper, everything else replaces. Error: invalid, with one line of
/// context for each thing that is wrong; as save_settings otherwise.
Result<ConfigureReport> save_core_settings(World& world, const model::Setting& patch);

/// The whole of config.json. `drop`: sections that are meant to go. Errors likewise; refused, where a section would go
/// that is not among them.
Result<ConfigureReport> replace_config(World& world, const model::Setting& whole, const std::vector<std::string>& drop);

/// Values into the secrets file; none is taken out.
Result<ConfigureReport> merge_secret_values(World& world, const model::Setting& values);

}  // namespace trueup::engine
