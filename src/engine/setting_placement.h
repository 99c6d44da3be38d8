// Where one value of a plugin's settings lies in the two files. Shared by what sets one setting and what saves many.
#pragma once

#include <optional>

#include "engine/plugin_settings.h"
#include "json/edit.h"
#include "model/settings.h"

namespace trueup::engine {

/// From the top of the file.
json::Path whole_path(const PluginSettings& settings, const model::SettingPath& path);

bool same_json(const model::Setting& a, const model::Setting& b);
bool lies_at_or_below(const model::SettingPath& path, const model::SettingPath& above);

/// What becomes of one place in the two files: `path` from the section, and what each file then has there.
struct Placement {
  model::SettingPath path;
  std::optional<model::Setting> open;
  std::optional<model::Setting> secret;
};

/// Where the value at `path` of `next` goes. A list is placed as a whole, because one that holds secrets is two lists
/// that belong together; of its bytes only those change that differ.
Placement place(const PluginSettings& settings, const model::Setting& next, const model::SettingPath& path);

}  // namespace trueup::engine
