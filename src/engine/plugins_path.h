// Where the plugins directory of an installation is, as config.json says.
#pragma once

#include <string>

#include "platform/file_system.h"

namespace trueup::engine {

/// Absolute, or relative to the root; the default where config.json does not say, or cannot be read (no step rests on a
/// directory then: the planner holds them all).
std::string plugins_path_of(const platform::Directory& root);

}  // namespace trueup::engine
