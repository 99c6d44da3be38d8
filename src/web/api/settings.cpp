// /api/v3: the settings of a plugin, its schema, and LEDMatrix's config files, all with their secrets masked.
#include <fmt/core.h>

#include "base/escape.h"
#include "engine/configure.h"
#include "engine/live_document.h"
#include "engine/look.h"
#include "engine/masking.h"
#include "json/document.h"
#include "model/document.h"
#include "model/setting_key.h"
#include "planner/situation.h"
#include "web/api/common.h"
#include "web/api/schema_text.h"

namespace trueup::web {
namespace {

using model::DocumentName;
using model::Setting;
using model::SettingOrigin;
using model::SettingPath;

constexpr const char* kBullets =
    "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2";

/// What a plugin without a schema is said to have.
constexpr const char* kPlainSchema =
    R"({"type": "object", "properties": {"enabled": {"type": "boolean", "default": false}, )"
    R"("display_duration": {"type": "number", "minimum": 1, "default": 15}}})";

std::string list_of(const std::vector<std::string>& texts) {
  json::Writer out;
  write_texts(out, texts);
  return std::move(out).text();
}

std::string keys_of(const std::vector<SettingPath>& paths) {
  std::vector<std::string> keys;
  for (const SettingPath& path : paths) keys.push_back(model::setting_key_text(path));
  return list_of(keys);
}

Response show_settings(engine::World& world, const std::string& id) {
  const auto tree = engine::get_settings_tree(world, id, "");
  if (!tree) return failed(tree.error());
  std::vector<std::pair<std::string, std::string>> more{{"secrets_set", keys_of(tree->hidden)}};
  if (!tree->notes.empty()) more.emplace_back("notes", list_of(tree->notes));
  return success(json_of(tree->settings), "", more);
}

Answer get_settings(const Call& call) {
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(call.request));
  return Work{.run = [id](engine::World& world) { return show_settings(world, id); }};
}

/// Keys of settings that are to be taken out, as JSON text.
tl::expected<std::string, ApiError> keys_to_clear(const Body& body) {
  const auto list = body.is_form() ? std::nullopt : body.value("clear");
  if (!list) return "[]";
  if (!list->is_array()) return tl::unexpected(bad_field("clear", "is no list of keys"));
  for (const json::Value one : list->elements()) {
    const auto text = one.string();
    if (!text || !model::parse_setting_key(*text)) {
      return tl::unexpected(bad_field("clear", "holds what is no key of a setting"));
    }
  }
  return std::string(list->text());
}

std::string form_text(const Parameters& form) {
  json::Writer out;
  out.begin_array();
  for (const auto& [name, value] : form) {
    if (name != "plugin_id") out.begin_array().string(name).string(value).end_array();
  }
  out.end_array();
  return std::move(out).text();
}

Answer save_settings(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json_or_form));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const std::string clear, keys_to_clear(body));
  json::Writer patch;
  patch.begin_object().key("clear").raw(clear);
  if (body.is_form()) {
    patch.key("form").raw(form_text(body.form()));
  } else {
    const auto config = body.value("config");
    if (!config && clear == "[]") return failure(missing_field("config"));
    if (config && !config->is_object()) {
      return failure(bad_field("config", fmt::format("is {}, not an object", json::describe(config->kind()))));
    }
    if (config) patch.key("config").raw(config->text());
  }
  patch.end_object();
  return Submission{.request = {.words = {"config", "apply", id}, .plugin_id = id, .input = std::move(patch).text()},
                    .answer = told};
}

Answer reset_settings(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const auto preserve, body.optional_boolean("preserve_secrets"));
  service::OperationRequest request{.words = {"config", "reset", id}, .plugin_id = id};
  if (!preserve.value_or(true)) request.words.emplace_back("--with-secrets");
  return Submission{.request = std::move(request), .answer = told};
}

Response show_schema(engine::World& world, const std::string& id) {
  const auto schema = read_schema_text(world, id);
  if (!schema) return failed(schema.error());
  std::vector<std::pair<std::string, std::string>> more;
  if (!schema->problem.empty()) more.emplace_back("problem", json::quote(escape_for_display(schema->problem)));
  return success(fmt::format("{{\"schema\": {}}}", schema->json.empty() ? kPlainSchema : schema->json), "", more);
}

Answer get_schema(const Call& call) {
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(call.request));
  return Work{.run = [id](engine::World& world) { return show_schema(world, id); }};
}

/// config.json as it stands, plugins' sections masked by their schemas and everything else by its names.
Response show_config(engine::World& world) {
  const auto seen = engine::look(world);
  if (!seen) return failed(seen.error());
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  const auto document = engine::read_live_document(**root, DocumentName::config, world.clock);
  if (!document) return failed(document.error());
  if (!*document) return success("{}");
  const planner::Situations situations(seen->observation);
  Setting all = model::setting_of((*document)->root(), SettingOrigin::config);
  for (auto& [key, section] : all.members) {
    const planner::Situation* plugin = situations.find(key);
    SettingPath at;
    if (plugin != nullptr && plugin->is_plugin()) {
      const auto settings = engine::read_plugin_settings(world, seen->observation, *plugin);
      if (!settings) return failed(settings.error());
      section = engine::masked(section, at, *settings, "");
    } else {
      at.push_back(key);
      section = engine::masked_by_name(section, at, "");
    }
  }
  return success(json_of(all));
}

Response show_secrets(engine::World& world) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  const auto document = engine::read_live_document(**root, DocumentName::secrets, world.clock);
  if (!document) return failed(document.error());
  if (!*document) return success("{}");
  return success(
      json_of(engine::masked_wholly(model::setting_of((*document)->root(), SettingOrigin::secrets), kBullets)));
}

Answer get_config(const Call&) { return Work{.run = show_config}; }
Answer get_secrets(const Call&) { return Work{.run = show_secrets}; }

}  // namespace

std::vector<Endpoint> settings_endpoints() {
  return {{Method::get, "/api/v3/plugins/config", get_settings},
          {Method::post, "/api/v3/plugins/config", save_settings},
          {Method::post, "/api/v3/plugins/config/reset", reset_settings},
          {Method::get, "/api/v3/plugins/schema", get_schema},
          {Method::get, "/api/v3/config/main", get_config},
          {Method::get, "/api/v3/config/secrets", get_secrets}};
}

}  // namespace trueup::web
