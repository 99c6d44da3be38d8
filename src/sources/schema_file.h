// A plugin's config_schema.json, read from its directory. The one place that opens it.
#pragma once

#include <optional>

#include "base/result.h"
#include "model/observation.h"
#include "model/plugin_schema.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// The bytes of it. The plugin's directory may be a link, the schema itself may not. Nothing: it has none.
Result<std::optional<platform::FileBytes>> read_schema_file(const platform::Directory& plugins,
                                                            const model::PluginDirectory& directory);

/// Error: it is there and cannot be used, and why.
Result<std::optional<model::PluginSchema>> read_plugin_schema(const platform::Directory& plugins,
                                                              const model::PluginDirectory& directory);

}  // namespace trueup::sources
