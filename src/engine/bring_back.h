// A whole copy of a plugin that an interrupted install set aside comes back before any verb decides about that plugin:
// else a setting would be checked against no schema, and "not installed" would be told of what is there (design
// section 5).
#pragma once

#include <string>

#include "base/result.h"
#include "engine/unfinished.h"
#include "engine/world.h"

namespace trueup::engine {

/// look_when_settled for a verb about one plugin, by any of its names. Error also: the copy could not be put back.
Result<SettledLook> look_when_whole(World& world, const std::string& verb, const std::string& name);

}  // namespace trueup::engine
