// What `config set` and `config unset` change, decided: which bytes of config.json and of the secrets file. Pure.
//
// After the change LEDMatrix sees exactly what was asked for, and the plugin's schema allows it; else nothing changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/plugin_settings.h"
#include "model/settings.h"
#include "model/step.h"

namespace trueup::engine {

struct SettingChange {
  std::vector<model::DocumentEdit> edits;  // in the order in which they are safe; empty: it was so already
  bool secret = false;                     // what was set lies in the secrets file
  std::vector<std::string> notes;
  bool operator==(const SettingChange&) const = default;
};

/// `text` becomes what the schema wants there: a number, true or false, text, a list or an object as JSON. Without a
/// schema JSON if it is JSON, else text.
/// Error: invalid, with the schema's reason and place, or with the part of the key that leads nowhere.
Result<SettingChange> decide_set(const PluginSettings& settings, const model::SettingPath& path,
                                 const std::string& text);

/// Error: not_found, with keys that are spelled nearly so; invalid, when the schema needs the key.
Result<SettingChange> decide_unset(const PluginSettings& settings, const model::SettingPath& path);

/// Whether JSON holds a number that Python reads as infinity, such as 1e999, and what is said of one.
bool is_beyond_numbers(const std::string& text);
Error beyond_numbers(const PluginSettings& settings, const model::SettingPath& path);

/// What `text` can mean as a value, likeliest first.
std::vector<model::Setting> readings_of(const std::string& text);

/// "there is no such setting", with what may have been meant.
Error no_such_setting(const PluginSettings& settings, const model::SettingPath& path);

}  // namespace trueup::engine
