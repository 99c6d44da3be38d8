// What the plugins' schemas call secret and config.json holds nevertheless, under names that tell nothing of it: a
// person put it there, or an older LEDMatrix that had no secrets file.
#pragma once

#include <vector>

#include "json/value.h"
#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// Texts and numbers of `config`, the root of config.json, and as long there. A schema that cannot be read marks
/// nothing. Reads the schema of every plugin that has a section: only for what other programs say and for reports.
std::vector<json::Value> hidden_by_schemas(const platform::Directory& plugins,
                                           const std::vector<model::PluginDirectory>& directories, json::Value config);

}  // namespace trueup::sources
