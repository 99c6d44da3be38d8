// Opening a path beneath a directory without ever passing through a link, and the rules of what a path may look like.
#pragma once

#include <string>

#include "base/result.h"
#include "platform/descriptor.h"

namespace trueup::platform {

/// Relative, not empty, no "..", no NUL.
Status check_path(const std::string& path);
/// One component, neither "." nor "..".
Status check_name(const std::string& name);

/// The descriptor, or one that is not open with errno set: ELOOP when a link is in the way, the last component
/// included. By openat2, or step by step where the kernel or a container does not have it.
Descriptor open_beneath(int directory, const std::string& path, int flags);
/// The second way of open_beneath.
Descriptor open_beneath_by_steps(int directory, const std::string& path, int flags);

}  // namespace trueup::platform
