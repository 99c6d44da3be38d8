#include "model/plugin_schema.h"

#include <algorithm>

#include "base/limits.h"
#include "json/edit.h"
#include "json/write.h"

namespace trueup::model {
namespace {

using json::Document;

/// What the core allows under its own names, where the plugin's schema says nothing of them.
constexpr std::array<std::string_view, kCoreKeys.size()> kCoreSchemas{
    R"({"type": "boolean"})",
    R"({"type": "number", "minimum": 1, "maximum": 300, "default": 15})",
    R"({"type": "boolean", "default": false})",
    R"({})",
    R"({})",
    R"({})",
    R"({"type": ["string", "object", "null"]})",
    R"({})",
    R"({"type": "object"})"};

/// The schema's text with the core's keys added and none of them required.
Result<std::string> with_core_keys(const Document& schema) {
  std::vector<json::Edit> edits;
  const auto properties = schema.root().find("properties");
  for (std::size_t i = 0; i < kCoreKeys.size(); ++i) {
    if (properties && properties->find(kCoreKeys[i])) continue;
    edits.push_back({{"properties", std::string(kCoreKeys[i])}, std::string(kCoreSchemas[i])});
  }
  if (const auto required = schema.root().find("required"); required && required->is_array()) {
    json::Writer names;
    names.begin_array();
    for (const json::Value name : required->elements()) {
      if (!is_core_key(name.string().value_or(""))) names.value(name);
    }
    names.end_array();
    edits.push_back({{"required"}, std::move(names).text()});
  }
  return json::apply(schema, edits);
}

Result<json::Schema> compile(const Document& document) {
  const auto text = with_core_keys(document);
  const auto whole = text ? Document::parse(*text) : Result<Document>(text.error());
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
  ASSIGN_OR_RETURN(const Document document, Document::parse(std::move(bytes)));
  if (!document.root().is_object()) {
    return Error{.code = ErrorCode::unreadable, .message = "it holds no object, so it is no schema"};
  }
  ASSIGN_OR_RETURN(json::Schema schema, compile(document));
  ASSIGN_OR_RETURN(const Document defaults, Document::parse(schema.defaults()));
  Setting values = setting_of(defaults.root(), SettingOrigin::schema_default);
  take_out(values, {"enabled"});
  std::vector<SettingPath> known;
  SettingPath path;
  add_known_keys(document.root(), path, known);
  return PluginSchema(std::move(schema), std::move(values), std::move(known));
}

Result<std::vector<SettingProblem>> PluginSchema::check(const Setting& settings) const {
  Setting own = settings;
  SettingPath path;
  remove_placeholders(own, path, schema_);
  Setting filled = own;
  fill_defaults(filled, defaults_);
  ASSIGN_OR_RETURN(const Document document, Document::parse(json_of(filled)));
  ASSIGN_OR_RETURN(auto violations, schema_.validate(document.root()));
  std::vector<SettingProblem> problems;
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

}  // namespace trueup::model
