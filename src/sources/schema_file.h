// A plugin's config_schema.json, read from its directory. The one place that opens it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "model/plugin_schema.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// Of the plugin in `directory` of the plugins directory, which may be a link; the schema itself may not. Nothing: it
/// has none. Error: it is there and cannot be used, and why.
Result<std::optional<model::PluginSchema>> read_plugin_schema(const platform::Directory& plugins,
                                                              const std::string& directory);

}  // namespace trueup::sources
