#include "model/plugin_schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/limits.h"
#include "json/write.h"

namespace trueup::model {
namespace {

using json::Document;

constexpr std::string_view kAnything = "{}";

/// Keywords that look at an object as a whole: what one key has can make it wrong.
constexpr std::array<std::string_view, 11> kOfWhichKeys{
    "enum", "const", "maxProperties", "propertyNames", "dependencies", "if", "allOf", "anyOf", "oneOf", "not", "$ref"};

/// What the core allows under its own names, where the plugin's schema says nothing of them.
constexpr std::array<std::string_view, kCoreKeys.size()> kCoreSchemas{
    R"({"type": "boolean"})",
    R"({"type": "number", "minimum": 1, "maximum": 300, "default": 15})",
    R"({"type": "boolean", "default": false})",
    kAnything,
    kAnything,
    kAnything,
    R"({"type": ["string", "object", "null"]})",
    kAnything,
    R"({"type": "object"})"};

/// `"display_duration": {...}, ...` of all keys of the core that `properties` does not name. One that may be anything
/// needs naming only where a schema for other names is there to refuse it.
std::string core_members(const std::optional<json::Value>& properties, bool other_names_are_judged) {
  std::string members;
  for (std::size_t i = 0; i < kCoreKeys.size(); ++i) {
    if (properties && properties->find(kCoreKeys[i])) continue;
    if (kCoreSchemas[i] == kAnything && !other_names_are_judged) continue;
    members.append(members.empty() ? "\"" : ",\"").append(kCoreKeys[i]).append("\":").append(kCoreSchemas[i]);
  }
  return members;
}

std::string without_core_keys(const json::Value& required) {
  json::Writer names;
  names.begin_array();
  for (const json::Value name : required.elements()) {
    if (!is_core_key(name.string().value_or(""))) names.value(name);
  }
  names.end_array();
  return std::move(names).text();
}

/// The schema's text with the core's keys added and none of them required. Nobody reads it, so that it needs no layout;
/// a schema that is not as it should be comes out as it was, for the compiler to refuse.
std::string with_core_keys(const Document& schema) {
  const json::Value root = schema.root();
  const auto properties = root.find("properties");
  const auto required = root.find("required");
  if (properties && !properties->is_object()) return schema.bytes();
  std::string members = core_members(properties, root.find("additionalProperties").has_value());
  if (!properties) members = fmt::format("\"properties\":{{{}}}", members);
  const json::Value& where = properties ? *properties : root;
  if (!members.empty() && where.size() > 0) members += ',';

  // From the back, so that what stands before keeps its place.
  std::string text = schema.bytes();
  const auto insert = [&] { text.insert(where.begin() + 1, members); };
  const bool filter = required && required->is_array();
  if (filter && required->begin() < where.begin()) insert();
  if (filter) text.replace(required->begin(), required->end() - required->begin(), without_core_keys(*required));
  if (!filter || required->begin() > where.begin()) insert();
  return text;
}

Result<json::Schema> compile(const Document& document) {
  const auto whole = Document::parse(with_core_keys(document));
  if (whole) {
    auto schema = json::Schema::compile(*whole);
    if (schema) return schema;
  }
  auto own = json::Schema::compile(document);  // its errors name the lines that its author knows
  if (!own) return own;
  return whole ? json::Schema::compile(*whole) : Result<json::Schema>(whole.error());
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
  ASSIGN_OR_RETURN(json::Schema schema, compile(document));
  ASSIGN_OR_RETURN(const Document defaults, Document::parse(schema.defaults()));
  Setting values = setting_of(defaults.root(), SettingOrigin::schema_default);
  take_out(values, {"enabled"});
  return PluginSchema(std::move(document), std::move(schema), std::move(values));
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
  if (!section.is_object() || has_placeholder(section, nullptr, schema_) || lacks_a_default(section)) return false;
  const auto violations = schema_.validate(section);
  return violations && violations->empty();
}

}  // namespace trueup::model
