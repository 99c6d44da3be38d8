// `trueup config get|set|unset|purge`: the settings of one plugin, shown and changed.
//
// Secret values go to the secrets file and everything else to config.json, in one transaction with one line of history;
// what was there is kept. Nothing that these functions return holds a secret value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/settings.h"

namespace trueup::engine {

/// One setting that holds a value of its own: no object with members. A list is one setting.
struct ShownSetting {
  model::SettingPath path;
  std::string json;  // secret texts in it are replaced by kHiddenText; "null" when the whole value is secret
  model::SettingOrigin from = model::SettingOrigin::config;
  bool secret = false;
  bool is_set = true;  // false: a secret that is still to be filled in
  bool operator==(const ShownSetting&) const = default;
};

inline constexpr const char* kHiddenText = "(hidden)";

struct SettingsReport {
  std::string plugin_id;
  std::vector<ShownSetting> settings;  // in the order of the files, then the defaults
  std::vector<std::string> notes;
  bool operator==(const SettingsReport&) const = default;
};

/// What the plugin gets: config.json, secrets, and the defaults of its schema. An empty path: everything. Writes
/// nothing. Error: not_found names what is spelled nearly so; unreadable.
Result<SettingsReport> get_settings(World& world, const std::string& name, const model::SettingPath& path);

/// All of a plugin's settings as it gets them, in one piece.
struct SettingsTree {
  std::string plugin_id;
  model::Setting settings;                 // with defaults; what is not to be shown is replaced
  model::Setting defaults;                 // null without a schema
  std::vector<model::SettingPath> hidden;  // what was replaced
  std::vector<std::string> notes;
};

/// `mask`: what stands where a value is not to be shown. Errors as get_settings.
Result<SettingsTree> get_settings_tree(World& world, const std::string& name, std::string_view mask);

struct ConfigureReport {
  std::string plugin_id;
  bool changed = false;                 // false: it was so already, and no file was written
  bool secret = false;                  // what was set lies in the secrets file
  std::optional<bool> enabled = {};     // when the setting was `enabled`: the same as `trueup enable` and `disable`
  std::vector<std::string> files = {};  // that were changed
  std::vector<std::string> notes = {};
  std::vector<std::int64_t> history = {};
  bool operator==(const ConfigureReport&) const = default;
};

/// Requires: `path` is not empty. Error: invalid, with the schema's reason and place; not_found, refused (removed by
/// the owner; a section that is no object; `enabled` is never taken out), unreadable, contended, busy. After an error
/// nothing is changed.
Result<ConfigureReport> set_setting(World& world, const std::string& name, const model::SettingPath& path,
                                    const std::string& text);
Result<ConfigureReport> unset_setting(World& world, const std::string& name, const model::SettingPath& path);

/// What is to become of a plugin's settings: only what is named changes.
struct SettingsPatch {
  model::Setting values;                        // an object; objects in it go deeper, everything else replaces
  std::vector<model::SettingPath> remove = {};  // that are taken out
  /// Fields of a form: parts of a key set apart by dots, and a text that means what the schema wants there. Of a key
  /// that stands several times the last counts, so that an unticked box can say false before itself.
  std::vector<std::pair<std::string, std::string>> fields = {};
  bool operator==(const SettingsPatch&) const = default;
};

/// Many settings at once, in one transaction; a hidden one that comes back blank or masked means what it was. `enabled`
/// among them is the same as `trueup enable` and `disable`, with a line of history of its own unless it makes the
/// section.
/// Error: as set_setting; `context` then has one line for each thing that is wrong, "location.city: ...".
Result<ConfigureReport> save_settings(World& world, const std::string& name, const SettingsPatch& patch);

/// A patch as JSON: `{"config": {...}, "clear": ["key"], "form": [["a.b", "text"]]}`, each of them optional. Error:
/// invalid.
Result<SettingsPatch> decode_patch(std::string text);

/// Everything that is set and that the schema knows goes back to its default; what it does not know stays, and so do
/// whether the plugin is on and, unless `with_secrets`, its secrets.
/// Error: as save_settings; refused, where the schema cannot be read.
Result<ConfigureReport> reset_settings(World& world, const std::string& name, bool with_secrets);

/// All settings of a plugin that is not installed, from config.json and the secrets file.
Result<ConfigureReport> purge_settings(World& world, const std::string& name);

}  // namespace trueup::engine
