// What config.json, config_secrets.json and config.template.json say, as facts. Pure: each function looks at a parsed
// document. Values of the secrets file never leave it, except true, false, null and numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"
#include "model/observation.h"

namespace trueup::sources {

inline constexpr std::string_view kDefaultPluginsDirectory = "plugin-repos";

enum class Secrecy { open, secret };

/// The top-level members in the file's order, each key once. Requires: `root` is an object.
std::vector<model::Section> sections_of(json::Value root, Secrecy secrecy);

struct PluginsDirectorySetting {
  std::string path = std::string(kDefaultPluginsDirectory);  // as configured: absolute, or relative to the root
  std::string problem = {};                                  // why what is configured cannot be used
  bool operator==(const PluginsDirectorySetting&) const = default;
};

PluginsDirectorySetting plugins_directory_of(json::Value root);

/// Where config.json names plugins, besides the keys of their sections. Requires: `root` is an object.
std::vector<model::PluginReference> references_of(json::Value root);

/// `config` is nothing when config.json could not be read.
std::vector<model::CoreKeyInSecrets> core_keys_in_secrets(json::Value secrets, std::optional<json::Value> config);

}  // namespace trueup::sources
