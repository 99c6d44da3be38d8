// /api/v3: the settings of a plugin, its schema, and LEDMatrix's config files, all with their secrets masked.
#include <fmt/core.h>

#include <algorithm>
#include <array>

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

/// Flat names that LEDMatrix's own page sends, and where they belong.
struct FlatName {
  std::string_view name;
  std::string_view section;
  std::string_view part;  // of the section; empty: the section itself
  std::string_view key;   // in there; empty: the name itself
};

constexpr std::array<FlatName, 30> kFlatNames{
    {{"city", "location", "", ""},
     {"state", "location", "", ""},
     {"country", "location", "", ""},
     {"rows", "display", "hardware", ""},
     {"cols", "display", "hardware", ""},
     {"chain_length", "display", "hardware", ""},
     {"parallel", "display", "hardware", ""},
     {"brightness", "display", "hardware", ""},
     {"hardware_mapping", "display", "hardware", ""},
     {"scan_mode", "display", "hardware", ""},
     {"pwm_bits", "display", "hardware", ""},
     {"pwm_dither_bits", "display", "hardware", ""},
     {"pwm_lsb_nanoseconds", "display", "hardware", ""},
     {"limit_refresh_rate_hz", "display", "hardware", ""},
     {"disable_hardware_pulsing", "display", "hardware", ""},
     {"inverse_colors", "display", "hardware", ""},
     {"show_refresh_rate", "display", "hardware", ""},
     {"gpio_slowdown", "display", "runtime", ""},
     {"use_short_date_format", "display", "", ""},
     {"plugin_rotation_order", "display", "", ""},
     {"auto_discover", "plugin_system", "", ""},
     {"auto_load_enabled", "plugin_system", "", ""},
     {"development_mode", "plugin_system", "", ""},
     {"vegas_scroll_enabled", "display", "vegas_scroll", "enabled"},
     {"vegas_scroll_speed", "display", "vegas_scroll", "scroll_speed"},
     {"vegas_separator_width", "display", "vegas_scroll", "separator_width"},
     {"vegas_target_fps", "display", "vegas_scroll", "target_fps"},
     {"vegas_buffer_ahead", "display", "vegas_scroll", "buffer_ahead"},
     {"vegas_plugin_order", "display", "vegas_scroll", "plugin_order"},
     {"vegas_excluded_plugins", "display", "vegas_scroll", "excluded_plugins"}}};

/// The sections that a body means.
Setting sections_in(const json::Value& body) {
  Setting patch = model::empty_object(SettingOrigin::config);
  for (const json::Member member : body.members()) {
    const auto flat = std::ranges::find(kFlatNames, std::string_view(member.key), &FlatName::name);
    SettingPath path;
    if (flat != kFlatNames.end()) {
      path.emplace_back(flat->section);
      if (!flat->part.empty()) path.emplace_back(flat->part);
    }
    const bool renamed = flat != kFlatNames.end() && !flat->key.empty();
    path.emplace_back(renamed ? flat->key : std::string_view(member.key));
    model::put(patch, path, model::setting_of(member.value, SettingOrigin::config));
  }
  return patch;
}

Submission change_files(std::vector<std::string> words, std::string input) {
  return Submission{.request = {.words = std::move(words), .plugin_id = "", .input = std::move(input)}, .answer = told};
}

Answer save_config(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  const auto document = json::Document::parse(call.request.body, json::Dialect::strict);
  if (document->root().members().begin() == document->root().members().end()) {
    return failure(bad_field("the body", "names nothing to change"));
  }
  return change_files({"config", "core"}, json_of(sections_in(document->root())));
}

Answer replace_config(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  std::vector<std::string> words{"config", "replace"};
  for (const auto& [name, value] : call.request.query) {
    if (name == "drop") words.push_back("--drop=" + value);
  }
  return change_files(std::move(words), call.request.body);
}

Answer replace_secrets(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  const auto document = json::Document::parse(call.request.body, json::Dialect::strict);
  if (document->root().members().begin() == document->root().members().end()) {
    return failure(bad_field("the body", "names nothing to change"));
  }
  return change_files({"config", "secrets"}, call.request.body);
}

Response show_section(engine::World& world, const std::string& name) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  const auto document = engine::read_live_document(**root, DocumentName::config, world.clock);
  if (!document) return failed(document.error());
  const auto section = *document ? (*document)->root().find(name) : std::nullopt;
  return success(section ? json_of(model::setting_of(*section, SettingOrigin::config)) : "{}");
}

bool is_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  const std::string hour(text.substr(0, 2));
  const std::string minute(text.substr(3));
  const bool digits = (hour + minute).find_first_not_of("0123456789") == std::string::npos;
  return digits && hour < "24" && minute < "60";
}

constexpr std::array<const char*, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};

/// A value that is of the right type and says something that cannot be.
ApiError not_valid(std::string_view name, std::string_view problem) {
  ApiError error = bad_field(name, problem);
  error.code = ApiCode::validation_error;
  return error;
}

/// One span of a day out of a body's flat fields, as text of JSON; nothing where it names none of them.
tl::expected<std::optional<std::string>, ApiError> span_in(const Body& body, const std::string& start_name,
                                                           const std::string& end_name,
                                                           const std::string& enabled_name) {
  const auto start = body.optional_text(start_name);
  const auto end = body.optional_text(end_name);
  if (!start) return tl::unexpected(start.error());
  if (!end) return tl::unexpected(end.error());
  for (const auto& [name, time] : {std::pair(start_name, *start), std::pair(end_name, *end)}) {
    if (time && !is_time(*time)) return tl::unexpected(not_valid(name, "is no time such as 07:30"));
  }
  std::optional<bool> enabled;
  if (!enabled_name.empty()) {
    const auto given = body.optional_boolean(enabled_name);
    if (!given) return tl::unexpected(given.error());
    enabled = *given;
  }
  if (!*start && !*end && !enabled) return std::optional<std::string>();
  json::Writer out;
  out.begin_object();
  if (enabled) out.key("enabled").boolean(*enabled);
  if (*start) out.key("start_time").string(**start);
  if (*end) out.key("end_time").string(**end);
  out.end_object();
  return std::optional(std::move(out).text());
}

Answer save_schedule_of(const Call& call, std::string_view section) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const auto enabled, body.optional_boolean("enabled"));
  API_ASSIGN_OR_RETURN(const auto mode, body.optional_text("mode"));
  API_ASSIGN_OR_RETURN(const auto whole, span_in(body, "start_time", "end_time", ""));
  json::Writer out;
  out.begin_object().key(section).begin_object();
  if (enabled) out.key("enabled").boolean(*enabled);
  if (mode) out.key("mode").string(*mode);
  bool names_something = enabled || mode || whole;
  if (whole) {
    const auto span = json::Document::parse(*whole);
    for (const json::Member member : span->root().members()) out.key(member.key).value(member.value);
  }
  if (const auto level = section == "dim_schedule" ? body.value("dim_brightness") : std::nullopt) {
    const auto number = level->integer();
    if (!number || *number < 0 || *number > 100)
      return failure(not_valid("dim_brightness", "is no number from 0 to 100"));
    out.key("dim_brightness").integer(*number);
    names_something = true;
  }
  json::Writer days;
  days.begin_object();
  bool has_days = false;
  std::size_t switched_off = 0;
  // A page sends the fields of both modes at once; those of days mean nothing where one span holds for all of them, and
  // what is set for days stays for the day when it counts again (failure F37).
  const bool is_for_all_days = mode && *mode == "global";
  for (const char* day : kDays) {
    if (is_for_all_days) break;
    const std::string name = day;
    API_ASSIGN_OR_RETURN(const auto span, span_in(body, name + "_start", name + "_end", name + "_enabled"));
    if (!span) continue;
    has_days = true;
    API_ASSIGN_OR_RETURN(const auto on, body.optional_boolean(name + "_enabled"));
    switched_off += on && !*on ? 1U : 0U;
    days.key(day).raw(*span);
  }
  days.end_object();
  if (switched_off == kDays.size()) {
    return failure(
        not_valid("sunday_enabled", "leaves no day on which the display is on: `enabled` switches all of it off"));
  }
  if (has_days) out.key("days").raw(std::move(days).text());
  if (!names_something && !has_days) return failure(missing_field("enabled"));
  out.end_object().end_object();
  return change_files({"config", "core"}, std::move(out).text());
}

Answer get_schedule(const Call&) {
  return Work{.run = [](engine::World& world) { return show_section(world, "schedule"); }};
}
Answer get_dim_schedule(const Call&) {
  return Work{.run = [](engine::World& world) { return show_section(world, "dim_schedule"); }};
}
Answer save_schedule(const Call& call) { return save_schedule_of(call, "schedule"); }
Answer save_dim_schedule(const Call& call) { return save_schedule_of(call, "dim_schedule"); }

Answer get_config(const Call&) { return Work{.run = show_config}; }
Answer get_secrets(const Call&) { return Work{.run = show_secrets}; }

}  // namespace

std::vector<Endpoint> settings_endpoints() {
  return {{Method::get, "/api/v3/plugins/config", get_settings},
          {Method::post, "/api/v3/plugins/config", save_settings},
          {Method::post, "/api/v3/plugins/config/reset", reset_settings},
          {Method::get, "/api/v3/plugins/schema", get_schema},
          {Method::get, "/api/v3/config/main", get_config},
          {Method::post, "/api/v3/config/main", save_config},
          {Method::post, "/api/v3/config/raw/main", replace_config},
          {Method::post, "/api/v3/config/raw/secrets", replace_secrets},
          {Method::get, "/api/v3/config/schedule", get_schedule},
          {Method::post, "/api/v3/config/schedule", save_schedule},
          {Method::get, "/api/v3/config/dim-schedule", get_dim_schedule},
          {Method::post, "/api/v3/config/dim-schedule", save_dim_schedule},
          {Method::get, "/api/v3/config/secrets", get_secrets}};
}

}  // namespace trueup::web
