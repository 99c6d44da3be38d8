#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json/schema.h"
#include "sources/documents.h"
#include "sources/plugin_check.h"

namespace trueup::sources {
namespace {

using Weight = Remark::Weight;

constexpr const char* kSchemaName = "config_schema.json";
constexpr std::size_t kDeepest = 16;
constexpr std::array<std::string_view, 6> kSecretWords{"api_key",  "api_secret", "password",
                                                       "auth_key", "credential", "token"};

Remark remark(Weight weight, json::Value where, std::string says) {
  const json::LineColumn place = where.line_column();
  return {weight, kSchemaName, place.line, place.column, std::move(says)};
}

bool sounds_secret(std::string_view key) {
  std::string lower(key);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string type_of(json::Value property) { return text_or_empty(property, "type"); }

/// Where the schema gives the default that a violation is about, as near as its properties lead.
json::Value place_of_default(json::Value schema, const json::Path& path) {
  json::Value at = schema;
  for (const std::string& key : path) {
    if (const auto own = at.find("default")) return *own;
    const auto properties = at.find("properties");
    const auto next = properties ? properties->find(key) : std::nullopt;
    if (!next) return at;
    at = *next;
  }
  return at.find("default").value_or(at);
}

void check_defaults(const json::Schema& schema, json::Value root, std::vector<Remark>& remarks) {
  const auto defaults = json::Document::parse(schema.defaults());
  if (!defaults) return;
  const auto violations = schema.validate(defaults->root());
  if (!violations) {
    remarks.push_back({.file = kSchemaName, .says = violations.error().message});
    return;
  }
  for (const json::Violation& violation : *violations) {
    if (violation.keyword == "required") continue;  // what the owner has to fill in has no default
    remarks.push_back(remark(Weight::problem, place_of_default(root, violation.path),
                             fmt::format("the default of {} {}", json::to_text(violation.path), violation.message)));
  }
}

void check_property(const json::Member& property, std::size_t depth, std::vector<Remark>& remarks);

void check_properties(json::Value schema, std::size_t depth, std::vector<Remark>& remarks) {
  const auto properties = schema.find("properties");
  if (!properties || depth == kDeepest) return;
  for (const json::Member property : properties->members()) check_property(property, depth, remarks);
}

void check_property(const json::Member& property, std::size_t depth, std::vector<Remark>& remarks) {
  const json::Value value = property.value;
  if (!value.is_object()) return;
  const auto flag = value.find("x-secret");
  const bool secret = flag && flag->boolean().value_or(false);
  const std::string type = type_of(value);
  if (secret && (type == "object" || type == "array")) {
    remarks.push_back(remark(Weight::advice, *flag,
                             fmt::format("LEDMatrix passes over `x-secret` of {}, since that is no text: mark what is "
                                         "in it",
                                         property.key)));
  }
  if (!secret && type == "string" && sounds_secret(property.key)) {
    remarks.push_back(remark(Weight::advice, value,
                             fmt::format("{} sounds like a secret and has no `\"x-secret\": true`", property.key)));
  }
  const auto preset = value.find("default");
  if (secret && preset && preset->string() && !preset->string()->empty() && !preset->string()->starts_with("YOUR_")) {
    remarks.push_back(remark(Weight::problem, *preset, fmt::format("the secret {} has a default", property.key)));
  }
  check_properties(value, depth + 1, remarks);
  if (const auto items = value.find("items"); items && items->is_object()) {
    check_properties(*items, depth + 1, remarks);
  }
}

}  // namespace

std::vector<Remark> check_plugin_schema(const std::string& bytes) {
  std::vector<Remark> remarks;
  const auto document = parse_object(bytes);
  if (!document) {
    remarks.push_back(remark_on(kSchemaName, document.error().message));
    return remarks;
  }
  const auto schema = json::Schema::compile(*document);
  if (schema) {
    check_defaults(*schema, document->root(), remarks);
  } else {
    for (const json::SchemaFault& fault : json::Schema::faults(*document)) {
      remarks.push_back({Weight::problem, kSchemaName, fault.position.line, fault.position.column, fault.message});
    }
  }
  check_properties(document->root(), 0, remarks);
  return remarks;
}

}  // namespace trueup::sources
