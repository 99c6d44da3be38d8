// Which installation is meant: --root, else $TRUEUP_ROOT, else the nearest directory above that holds
// config/config.json. Looks, and creates nothing.
#pragma once

#include <string>

#include "base/result.h"
#include "platform/environment.h"
#include "platform/file_system.h"

namespace trueup::cli {

/// Absolute, links resolved. `given` is --root or empty; `working_directory` is absolute.
/// Errors say what was looked for, and where.
Result<std::string> find_root(const std::string& given, const std::string& working_directory,
                              const platform::Environment& environment, const platform::FileSystem& file_system);

/// `path` as seen from `working_directory`, without what names nothing ("." and a second "/"). ".." stays: behind a
/// link it is not the directory that is written before it.
std::string absolute_path(const std::string& path, const std::string& working_directory);

}  // namespace trueup::cli
