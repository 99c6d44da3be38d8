// A copy of a plugin that something set aside ("foo.standalone-backup-…"): may it stand in for the plugin?
//
// Complete means that its manifest reads, every file the manifest names is there and not empty, the entry file defines
// the class, and no file of a receipt that matches is gone. What differs from the receipt is the owner's edit and
// speaks against nothing (promise 2). What the system does not give out is unknown, which is not the same as incomplete
// (promise 1). No link is followed; nothing is changed.
#pragma once

#include <string>

#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// Requires: `entry.name` is an aside by its name, and no plain file.
model::Aside read_aside(const platform::Directory& plugins, const platform::DirectoryEntry& entry);

/// Why a plugin's directory cannot be shown to be complete, or empty; empty also where it could not be read, for a copy
/// never takes the place of what may be whole. Requires: it is a directory and no link.
std::string why_incomplete(const platform::Directory& plugins, const std::string& name);

}  // namespace trueup::sources
