// The settings of one plugin as LEDMatrix puts them together: config.json, the secrets file merged over it, and the
// defaults of the plugin's schema below both. Pure values; nothing here reads or writes a file.
//
// The rules of merging are the original's (formats 2.2, 2.4, 6.3): what a plugin really gets is what this says.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace trueup::model {

enum class SettingOrigin : std::uint8_t { config, secrets, schema_default };

/// "config", "secrets", "default"
std::string_view to_string(SettingOrigin origin);

/// A JSON value that can be put together from several files. Scalars keep their spelling.
struct Setting {
  json::Kind kind = json::Kind::null;
  std::string text = "null";                             // of a scalar, as JSON
  std::vector<std::pair<std::string, Setting>> members;  // of an object
  std::vector<Setting> elements;                         // of a list
  SettingOrigin origin = SettingOrigin::config;          // of a scalar, and of an empty object or list

  bool operator==(const Setting&) const = default;
  [[nodiscard]] bool is_object() const { return kind == json::Kind::object; }
  [[nodiscard]] bool is_list() const { return kind == json::Kind::array; }
  [[nodiscard]] bool is_container() const { return is_object() || is_list(); }
};

using SettingPath = std::vector<std::string>;

Setting setting_of(json::Value value, SettingOrigin origin);
Setting empty_object(SettingOrigin origin);
/// JSON on one line.
std::string json_of(const Setting& setting);

/// What lies at `path`: keys, and numbers of elements.
const Setting* find(const Setting& root, const SettingPath& path);

/// `path` set to `value`, or taken out; objects that are missing on the way are made, "-" stands for a new element.
/// False, and nothing changed, where the way leads through a value that holds nothing, or to no element.
bool put(Setting& root, const SettingPath& path, Setting value);
bool take_out(Setting& root, const SettingPath& path);

/// As LEDMatrix reads the secrets file over config.json: objects merge; a list of objects merges element by element
/// into a list; anything else replaces.
void merge_secrets(Setting& config, const Setting& secrets);

/// As LEDMatrix hands the settings to the plugin: objects merge, what is missing or null takes the default.
void fill_defaults(Setting& settings, const Setting& defaults);

/// Whether the value at `path` is secret.
using SecretTest = std::function<bool(const SettingPath& path)>;

/// One value parted for the two files. A list of which an element is secret as a whole is secret as a whole; a list
/// whose elements hold secrets becomes two lists of the same length.
struct PartedSetting {
  std::optional<Setting> open;
  std::optional<Setting> secret;
};
PartedSetting part(const Setting& setting, const SettingPath& at, const SecretTest& is_secret);

/// Whether the names on `path` alone say that a value there should not be shown: `api_key`, `mqtt.password`, ...
bool looks_secret(const SettingPath& path);

/// The same where nothing but the name is known, as without a schema: `auth`, `pin`, `signing_key`, ... are not shown
/// either. It decides what is repeated, never where a value is written.
bool may_be_secret(const SettingPath& path);

/// `username`, `mqtt_username`: not shown where a password stands beside it.
bool names_user(std::string_view key);

/// A text with an address that names a user and a password: `https://user:password@host/`.
bool holds_user_info(std::string_view text);

/// A text that stands where a secret is still to be filled in: `YOUR_API_KEY`, or nothing at all.
bool is_placeholder(const Setting& setting);
bool is_placeholder(json::Kind kind, std::string_view text);

}  // namespace trueup::model
