#include "model/plugin_schema.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/limits.h"

namespace trueup::model {
namespace {

using json::Document;

/// Keywords that look at an object as a whole: what one key has can make it wrong.
constexpr std::array<std::string_view, 11> kOfWhichKeys{
    "enum", "const", "maxProperties", "propertyNames", "dependencies", "if", "allOf", "anyOf", "oneOf", "not", "$ref"};

/// What the core allows under its own names, where the plugin's schema says nothing of them.
constexpr std::string_view kCoreSchema = R"({"properties": {
  "enabled": {"type": "boolean"},
  "display_duration": {"type": "number", "minimum": 1, "maximum": 300, "default": 15},
  "live_priority": {"type": "boolean", "default": false},
  "vegas_mode": {}, "vegas_width_pct": {}, "vegas_overflow": {}, "vegas_max_width_screens": {},
  "skin": {"type": ["string", "object", "null"]},
  "skin_options": {"type": "object"}}})";

struct CoreSchema {
  json::Schema schema;
  Setting defaults;
};

/// Without `enabled`: a default never switches a plugin on (failure F27).
Result<Setting> defaults_of(const json::Schema& schema) {
  std::string text = schema.defaults();
  if (text == "{}") return empty_object(SettingOrigin::schema_default);
  ASSIGN_OR_RETURN(const Document document, Document::parse(std::move(text)));
  Setting defaults = setting_of(document.root(), SettingOrigin::schema_default);
  take_out(defaults, {"enabled"});
  return defaults;
}

Result<CoreSchema> read_core_schema() {
  ASSIGN_OR_RETURN(const Document document, Document::parse(std::string(kCoreSchema)));
  ASSIGN_OR_RETURN(json::Schema schema, json::Schema::compile(document));
  ASSIGN_OR_RETURN(Setting defaults, defaults_of(schema));
  return CoreSchema{std::move(schema), std::move(defaults)};
}

const Result<CoreSchema>& core_schema() {
  static const Result<CoreSchema> core = read_core_schema();
  return core;
}

/// The core's defaults where the plugin's schema does not name the key, and the plugin's own.
Setting with_core_defaults(const json::Value& schema, const Setting& core, Setting own) {
  const auto properties = schema.find("properties");
  if (properties && !properties->is_object()) return own;  // beside a $ref, where nothing else counts
  Setting all = empty_object(SettingOrigin::schema_default);
  for (const auto& one : core.members) {
    if (!properties || !properties->find(one.first)) all.members.push_back(one);
  }
  std::ranges::move(own.members, std::back_inserter(all.members));
  return all;
}

/// Texts that stand where a secret is still to be filled in go out, at any depth.
void remove_placeholders(Setting& setting, SettingPath& path, const json::Schema& schema) {
  std::erase_if(setting.members, [&](auto& one) {
    path.push_back(one.first);
    const bool goes = !one.second.is_container() && is_placeholder(one.second) &&
                      (one.second.origin == SettingOrigin::secrets || schema.is_secret(path));
    if (!goes) remove_placeholders(one.second, path, schema);
    path.pop_back();
    return goes;
  });
  for (std::size_t i = 0; i < setting.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    remove_placeholders(setting.elements[i], path, schema);
    path.pop_back();
  }
}

/// The way down to a value, put together only where it is asked for.
struct Step {
  const Step* up = nullptr;
  std::string_view key;
};

SettingPath path_of(const Step* at) {
  SettingPath path;
  for (; at != nullptr; at = at->up) path.emplace_back(at->key);
  std::ranges::reverse(path);
  return path;
}

/// Whether remove_placeholders() would take something out. Recursion is bounded by the depth that the parser accepts.
bool has_placeholder(json::Value value, const Step* at, const json::Schema& schema) {
  if (value.is_null() || value.is_string()) {
    return is_placeholder(value.kind(), value.text()) && schema.is_secret(path_of(at));
  }
  for (const json::Member& one : value.members()) {
    const Step step{.up = at, .key = one.key};
    if (has_placeholder(one.value, &step, schema)) return true;
  }
  std::size_t index = 0;
  for (const json::Value element : value.elements()) {
    const std::string number = std::to_string(index++);
    const Step step{.up = at, .key = number};
    if (has_placeholder(element, &step, schema)) return true;
  }
  return false;
}

bool lacks(json::Value settings, std::string_view key, const Setting& default_value) {
  const auto known = settings.find(key);
  if (!known || known->is_null()) return true;
  if (!known->is_object() || !default_value.is_object()) return false;
  return std::ranges::any_of(default_value.members,
                             [&known](const auto& one) { return lacks(*known, one.first, one.second); });
}

Setting without_placeholders(const Setting& settings, const json::Schema& schema) {
  Setting out = settings;
  SettingPath path;
  remove_placeholders(out, path, schema);
  return out;
}

void add_known_keys(json::Value schema, SettingPath& path, std::vector<SettingPath>& known) {
  const auto properties = schema.find("properties");
  if (!properties) return;
  for (const json::Member& one : properties->members()) {
    if (known.size() >= limits::kMaxSchemaKeysTold || path.size() >= limits::kMaxSettingKeyParts) return;
    path.emplace_back(one.key);
    known.push_back(path);
    add_known_keys(one.value, path, known);
    path.pop_back();
  }
}

}  // namespace

bool is_core_key(std::string_view key) { return std::find(kCoreKeys.begin(), kCoreKeys.end(), key) != kCoreKeys.end(); }

Result<PluginSchema> PluginSchema::read(std::string bytes) {
  ASSIGN_OR_RETURN(Document document, Document::parse(std::move(bytes)));
  if (!document.root().is_object()) {
    return Error{.code = ErrorCode::unreadable, .message = "it holds no object, so it is no schema"};
  }
  const auto& core = core_schema();
  if (!core) return core.error();
  ASSIGN_OR_RETURN(json::Schema schema, json::Schema::compile(document, core->schema));
  ASSIGN_OR_RETURN(Setting defaults, defaults_of(schema));
  defaults = with_core_defaults(document.root(), core->defaults, std::move(defaults));
  return PluginSchema(std::move(document), std::move(schema), std::move(defaults));
}

std::vector<SettingPath> PluginSchema::known_keys() const {
  std::vector<SettingPath> known;
  SettingPath path;
  add_known_keys(document_.root(), path, known);
  return known;
}

Result<std::vector<SettingProblem>> PluginSchema::check(const Setting& settings) const {
  Setting filled = without_placeholders(settings, schema_);
  fill_defaults(filled, defaults_);
  ASSIGN_OR_RETURN(const Document document, Document::parse(json_of(filled)));
  ASSIGN_OR_RETURN(auto violations, schema_.validate(document.root()));
  std::vector<SettingProblem> problems;
  if (violations.empty()) return problems;
  const Setting own = without_placeholders(settings, schema_);
  for (json::Violation& one : violations) {
    // Of a default that breaks its own schema the owner knows nothing.
    if (one.keyword != "required" && model::find(own, one.path) == nullptr) continue;
    problems.push_back({.path = std::move(one.path),
                        .keyword = std::move(one.keyword),
                        .message = std::move(one.message),
                        .schema_path = std::move(one.schema_path)});
  }
  return problems;
}

/// The core's own defaults change no verdict where nothing at the top of the schema depends on which keys are there.
bool PluginSchema::lacks_a_default(json::Value section) const {
  const json::Value root = document_.root();
  const bool counts_keys =
      std::ranges::any_of(kOfWhichKeys, [&root](std::string_view keyword) { return root.find(keyword).has_value(); });
  return std::ranges::any_of(defaults_.members, [&](const auto& one) {
    return (counts_keys || !is_core_key(one.first)) && lacks(section, one.first, one.second);
  });
}

bool PluginSchema::accepts(json::Value section) const {
  if (!section.is_object() || lacks_a_default(section)) return false;
  if (schema_.has_secrets() && has_placeholder(section, nullptr, schema_)) return false;
  return schema_.allows(section);
}

}  // namespace trueup::model
