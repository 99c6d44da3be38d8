// Pictures that came in over the web, in `.trueup/incoming/<name>`, until the command that wants them takes them: a
// command of the daemon is words, and survives a restart. Nothing here is waited for: what a power cut takes away, its
// command misses and says so.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/pictures.h"
#include "engine/world.h"

namespace trueup::engine {

/// Its name. Error: none of it is left there.
Result<std::string> lay_incoming(World& world, const std::vector<PictureView>& pictures);

/// Error: not_found; invalid, that is no name of one.
Result<std::vector<NewPicture>> read_incoming(World& world, const std::string& name);

/// What cannot be removed stays.
void forget_incoming(World& world, const std::string& name);

/// All but those: what was sent, and never became a command.
void forget_other_incoming(World& world, const std::set<std::string>& wanted);

}  // namespace trueup::engine
