// Copies what an outsider offers in a directory: regular files and directories, nothing that could lead elsewhere,
// within limits. What breaks a rule refuses all of it (promise 9).
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "platform/file_system.h"
#include "store/plugin_source.h"

namespace trueup::store {

/// Whether what has this name, at any depth, is no part of the plugin. Empty: everything is.
using LeaveOut = std::function<bool(const std::string& name)>;

/// Into the empty directory `into`. Not durable. The digest of what was copied: tree_digest().
/// Errors: refused (a link, a device, too large), and those of the disk.
Result<std::string> copy_offered(const platform::Directory& from, platform::WritableDirectory& into,
                                 const FetchLimits& limits, const LeaveOut& leave_out = {});

}  // namespace trueup::store
