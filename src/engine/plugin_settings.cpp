#include "engine/plugin_settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "engine/live_document.h"
#include "json/edit.h"
#include "sources/disk_source.h"
#include "sources/schema_file.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using model::Setting;
using model::SettingOrigin;
using model::SettingPath;

/// A list of which LEDMatrix merges each element into config.json's.
bool is_list_of_objects(json::Value list) {
  const auto elements = list.elements();
  return list.is_array() && list.size() > 0 &&
         std::all_of(elements.begin(), elements.end(), [](json::Value element) { return element.is_object(); });
}

/// In an object that only the secrets file has: where nobody says otherwise, all of it was meant to be there.
bool lies_within_secrets(const PluginSettings& settings, const SettingPath& path) {
  json::Path whole{settings.plugin_id};
  for (const std::string& step : path) {
    whole.push_back(step);
    const auto there = json::find(*settings.secrets, whole);
    if (!there || !there->is_object()) return false;
    if (!json::find(settings.config, whole)) return true;
  }
  return false;
}

/// A schema that cannot be used forbids nothing, and is told.
void read_schema(const World& world, const platform::Directory& root, const model::Observation& observation,
                 const model::PluginDirectory& directory, PluginSettings& settings) {
  const auto plugins = sources::open_plugins(
      root, world.file_system, {.root_path = world.root, .configured = observation.disk.path, .installation_id = {}});
  if (!plugins) return;
  auto schema = sources::read_plugin_schema(**plugins, directory);
  if (schema) {
    settings.schema = std::move(*schema);
    return;
  }
  settings.schema_problem = fmt::format("its {} cannot be used ({})", model::kPluginSchemaName, schema.error().message);
}

}  // namespace

const json::Document* PluginSettings::document(DocumentName name) const {
  if (name == DocumentName::config) return &config;
  return name == DocumentName::secrets && secrets ? &*secrets : nullptr;
}

std::optional<Setting> PluginSettings::section(DocumentName name) const {
  const json::Document* file = document(name);
  const auto value = file == nullptr ? std::nullopt : file->root().find(plugin_id);
  if (!value) return std::nullopt;
  return model::setting_of(*value, name == DocumentName::secrets ? SettingOrigin::secrets : SettingOrigin::config);
}

Setting PluginSettings::merged() const {
  Setting out = section(DocumentName::config).value_or(model::empty_object(SettingOrigin::config));
  if (const auto over = section(DocumentName::secrets)) model::merge_secrets(out, *over);
  return out;
}

bool PluginSettings::is_secret(const SettingPath& path) const {
  if (path.empty() || model::is_core_key(path.front())) return false;
  if (schema ? schema->is_secret(path) : model::looks_secret(path)) return true;
  if (!secrets) return false;
  json::Path whole{plugin_id};
  whole.insert(whole.end(), path.begin(), path.end());
  const auto there = json::find(*secrets, whole);
  if (there && !there->is_object() && !is_list_of_objects(*there)) return true;
  return !schema && lies_within_secrets(*this, path);
}

namespace {

/// Whether an address with a password stands at that place. Of a list all elements are one: a mask in one of them must
/// not be taken for a value because an element before it was taken out.
bool user_info_at(json::Value value, std::span<const std::string> path) {
  if (path.empty()) return model::holds_user_info(value.string().value_or(""));
  if (value.is_array()) {
    const auto elements = value.elements();
    return std::any_of(elements.begin(), elements.end(),
                       [&path](json::Value one) { return user_info_at(one, path.subspan(1)); });
  }
  const auto member = value.find(path.front());
  return member && user_info_at(*member, path.subspan(1));
}

/// Whatever the key: what somebody wrote into that file is nobody else's to read.
bool is_text_of_secrets(const PluginSettings& settings, const SettingPath& path) {
  if (!settings.secrets) return false;
  json::Path whole{settings.plugin_id};
  whole.insert(whole.end(), path.begin(), path.end());
  const auto there = json::find(*settings.secrets, whole);
  return there && there->is_string();
}

/// A user's name is half of what somebody needs whose other half is the password beside it.
bool stands_beside_password(json::Value section, const SettingPath& path) {
  if (!model::names_user(path.back())) return false;
  std::optional<json::Value> around = section;
  for (std::size_t i = 0; around && i + 1 < path.size(); ++i) {
    around = around->is_array() ? json::element(*around, path[i]) : around->find(path[i]);
  }
  if (!around) return false;
  for (const json::Member& member : around->members()) {
    if (model::looks_secret({std::string(member.key)})) return true;
  }
  return false;
}

}  // namespace

bool PluginSettings::is_hidden(const SettingPath& path) const {
  if (is_secret(path) || (schema ? model::looks_secret(path) : model::may_be_secret(path))) return true;
  if (is_text_of_secrets(*this, path)) return true;  // under a key of the core as well
  const auto own = config.root().find(plugin_id);
  if (!own) return false;
  return user_info_at(*own, path) || (!schema && !path.empty() && stands_beside_password(*own, path));
}

Result<PluginSettings> read_plugin_settings(const World& world, const model::Observation& observation,
                                            const planner::Situation& plugin) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  ASSIGN_OR_RETURN(auto config, read_live_document(*root, DocumentName::config, world.clock));
  if (!config) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no such file, so nothing can be configured",
                 .where = std::string(relative_path(DocumentName::config)),
                 .hint =
                     "`trueup restore config/config.json` puts back a copy, where one is kept; LEDMatrix makes a "
                     "new one at its next start"};
  }
  ASSIGN_OR_RETURN(auto secrets, read_live_document(*root, DocumentName::secrets, world.clock));
  PluginSettings settings{.plugin_id = std::string(plugin.id),
                          .config = std::move(*config),
                          .secrets = std::move(secrets),
                          .schema = {},
                          .schema_problem = {}};
  if (plugin.directory() != nullptr) {
    read_schema(world, *root, observation, *plugin.directory(), settings);
  }
  return settings;
}

}  // namespace trueup::engine
