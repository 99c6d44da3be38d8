// Where the plugins directory of an installation is, as config.json says.
#pragma once

#include <string>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Absolute, or relative to the root; the default where config.json does not say. Error: unreadable, config.json may
/// say otherwise: nothing may be done to a plugin then.
Result<std::string> plugins_path_of(const platform::Directory& root, platform::Clock& clock);

}  // namespace trueup::engine
