// A file: address: a regular file of this machine, which the owner named, into the body.
#pragma once

#include <string>

#include "base/result.h"
#include "fetch/body.h"

namespace trueup::fetch {

/// Errors: not_found, unreadable (no regular file, or not ours to read), refused (too large), full, io.
Status copy_file(const std::string& path, Body& body);

}  // namespace trueup::fetch
