// `trueup freeze`: which plugins are here, from where, and exactly which files; and the same set put on another device.
#pragma once

#include "base/result.h"
#include "engine/update.h"
#include "engine/world.h"
#include "store/lock_file.h"

namespace trueup::engine {

/// Reads only. Error: unreadable (the plugins, or the registry).
Result<store::LockFile> freeze(World& world);

/// Each of them as it was frozen, or not at all. `updated` in a result: it was installed.
/// Error: there is no registry, or the installation cannot be opened; nothing is changed.
Result<UpdateReport> install_frozen(World& world, const store::LockFile& lock);

}  // namespace trueup::engine
