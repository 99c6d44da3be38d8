// Which registry is meant: --registry, else $TRUEUP_REGISTRY, else "registry" in config/trueup/settings.json, else the
// official one. Reads and downloads nothing.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "platform/environment.h"
#include "platform/file_system.h"
#include "store/plugin_source.h"

namespace trueup::cli {

/// Nothing for "none". A local directory becomes a LocalSource. Anything else is a source that says it was not fetched:
/// what it lists is unknown, and so nothing is decided on what it may lack (promise 1). `in_settings`: relative to the
/// root.
std::unique_ptr<store::PluginSource> find_registry(const std::string& given, const std::string& working_directory,
                                                   const std::string& root, const std::string& in_settings,
                                                   const platform::Environment& environment,
                                                   const platform::FileSystem& file_system);

}  // namespace trueup::cli
