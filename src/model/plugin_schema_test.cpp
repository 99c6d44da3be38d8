#include "model/plugin_schema.h"

#include <gtest/gtest.h>

#include "json/document.h"

namespace trueup::model {
namespace {

constexpr const char* kWeather = R"({
  "type": "object", "additionalProperties": false, "required": ["enabled", "api_key", "city"],
  "properties": {
    "enabled": {"type": "boolean", "default": true},
    "city": {"type": "string", "default": "Oslo"},
    "units": {"enum": ["metric", "imperial"]},
    "api_key": {"type": "string", "x-secret": true},
    "limit": {"type": "integer", "minimum": 1, "default": 0}
  }
})";

Setting settings(const std::string& config, const std::string& secrets = "{}") {
  Setting out = setting_of(json::Document::parse(config)->root(), SettingOrigin::config);
  merge_secrets(out, setting_of(json::Document::parse(secrets)->root(), SettingOrigin::secrets));
  return out;
}

std::string told(const Result<std::vector<SettingProblem>>& problems) {
  if (!problems) return problems.error().text();
  std::string out;
  for (const SettingProblem& one : *problems) {
    out += (out.empty() ? "" : "; ") + json::to_text(one.path) + ":" + one.keyword;
  }
  return out;
}

TEST(PluginSchema, a_required_secret_counts_from_the_secrets_file_and_a_default_fills_in) {
  const auto schema = PluginSchema::read(kWeather);
  ASSERT_TRUE(schema) << schema.error().text();
  EXPECT_EQ(told(schema->check(settings("{}", R"({"api_key": "k"})"))), "");
  EXPECT_EQ(told(schema->check(settings("{}"))), "api_key:required");
}

TEST(PluginSchema, a_secret_that_is_still_to_be_filled_in_is_missing_F55) {
  const auto schema = PluginSchema::read(kWeather);
  EXPECT_EQ(told(schema->check(settings("{}", R"({"api_key": "YOUR_API_KEY"})"))), "api_key:required");
  EXPECT_EQ(told(schema->check(settings(R"({"api_key": ""})"))), "api_key:required");
}

TEST(PluginSchema, the_cores_own_keys_are_allowed_in_every_section_and_never_required) {
  const auto schema = PluginSchema::read(kWeather);
  const std::string secrets = R"({"api_key": "k"})";
  EXPECT_EQ(told(schema->check(settings(R"({"display_duration": 20, "skin": null, "vegas_mode": "x"})", secrets))), "");
  EXPECT_EQ(told(schema->check(settings(R"({"display_duration": 900})", secrets))), "display_duration:maximum");
  EXPECT_EQ(told(schema->check(settings(R"({"citi": "Lund"})", secrets))), "citi:additionalProperties");
}

/// kWeather as if its author had named the keys of the core too.
std::string with_core_keys_named(std::string schema) {
  const std::string_view place = "\"enabled\": {";
  return schema.insert(schema.find(place),
                       R"("display_duration": {"type": "number", "minimum": 1, "maximum": 300, "default": 15},
    "live_priority": {"type": "boolean", "default": false}, "vegas_mode": {}, "vegas_width_pct": true, "vegas_overflow": {},
    "vegas_max_width_screens": {}, "skin": {"type": ["string", "object", "null"]}, "skin_options": {"type": "object"},
    )");
}

TEST(PluginSchema, the_cores_own_keys_count_as_if_every_author_had_named_them) {
  for (const std::string rest : {R"("additionalProperties": false)", R"("additionalProperties": {"type": "integer"})",
                                 R"("patternProperties": {"^vegas": {"type": "string"}})",
                                 R"("propertyNames": {"pattern": "^[a-s]"})", R"("minProperties": 3)"}) {
    const std::string own = "{" + rest + R"(, "properties": {"enabled": {"type": ["boolean", "null"]}}})";
    const auto schema = PluginSchema::read(own);
    const auto named = PluginSchema::read(with_core_keys_named(own));
    ASSERT_TRUE(schema && named) << own;
    for (const std::string_view key : kCoreKeys) {
      for (const std::string value : {"true", "7", "900", "null", "\"x\"", "{}", "[1]"}) {
        const std::string section = "{\"" + std::string(key) + "\": " + value + "}";
        EXPECT_EQ(told(schema->check(settings(section))), told(named->check(settings(section)))) << rest << section;
      }
    }
  }
}

TEST(PluginSchema, may_refer_to_what_the_core_says_of_its_keys) {
  for (const std::string id : {"", R"("$id": "http://plugins.example/clock", )"}) {
    const auto schema = PluginSchema::read("{" + id + R"("properties": {
      "tuning": {"type": "string", "x-secret": true}, "seconds": {"$ref": "#/properties/display_duration"},
      "look": {"properties": {"skin": {"$ref": "#/properties/skin"}}}}})");
    ASSERT_TRUE(schema) << schema.error().text();
    EXPECT_EQ(told(schema->check(settings(R"({"seconds": 9, "look": {"skin": null}})"))), "");
    EXPECT_EQ(told(schema->check(settings(R"({"seconds": 900, "look": {"skin": 7}})"))),
              "seconds:maximum; look.skin:type");
    EXPECT_TRUE(schema->is_secret({"tuning"}));
    EXPECT_FALSE(schema->is_secret({"seconds"}));
  }
  EXPECT_FALSE(PluginSchema::read(R"({"properties": {"a": {"$ref": "#/properties/b"}}})"));
  EXPECT_FALSE(PluginSchema::read(R"({"properties": {"a": {"$ref": "#/definitions/skin"}}})"));
}

TEST(PluginSchema, one_that_is_nothing_but_a_reference_has_no_defaults_of_the_cores) {
  const auto schema = PluginSchema::read(R"({"$ref": "#/definitions/all", "properties": 7,
    "definitions": {"all": {"maxProperties": 1}}})");
  ASSERT_TRUE(schema) << schema.error().text();
  EXPECT_EQ(told(schema->check(settings(R"({"a": 1})"))), "");
}

TEST(PluginSchema, the_cores_own_keys_are_no_secrets_where_other_names_are) {
  const auto schema = PluginSchema::read(R"({"additionalProperties": {"x-secret": true}})");
  EXPECT_TRUE(schema->is_secret({"anything"}));
  EXPECT_FALSE(schema->is_secret({"display_duration"}));
  EXPECT_FALSE(schema->is_secret({"skin_options", "colour"}));
}

TEST(PluginSchema, a_default_that_breaks_its_own_schema_is_not_the_owners_fault) {
  const auto schema = PluginSchema::read(kWeather);
  const std::string secrets = R"({"api_key": "k"})";
  EXPECT_EQ(told(schema->check(settings("{}", secrets))), "");
  EXPECT_EQ(told(schema->check(settings(R"({"limit": 0})", secrets))), "limit:minimum");
}

TEST(PluginSchema, a_default_never_switches_on_F27) {
  const auto schema = PluginSchema::read(kWeather);
  EXPECT_EQ(find(schema->defaults(), {"enabled"}), nullptr);
  EXPECT_EQ(json_of(*find(schema->defaults(), {"city"})), "\"Oslo\"");
  EXPECT_EQ(json_of(*find(schema->defaults(), {"display_duration"})), "15");
}

/// Sections of kWeather, right and wrong: each key absent, or with one of these values.
std::vector<std::string> sections() {
  std::vector<std::string> all{""};
  for (const auto& [key, values] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"enabled", {"true", "1", "null"}},
           {"city", {"\"Bergen\"", "\"\"", "7"}},
           {"units", {"\"metric\"", "\"\"", "\"YOUR_UNITS\"", "\"yards\""}},
           {"api_key", {"\"k\"", "\"YOUR_API_KEY\"", "null"}},
           {"limit", {"5", "0", "[null]"}},
           {"odd", {"{}"}}}) {
    const std::vector<std::string> before = all;
    for (const std::string& value : values) {
      for (const std::string& one : before) {
        all.push_back(one + (one.empty() ? "" : ", ") + "\"" + key + "\": " + value);
      }
    }
  }
  return all;
}

TEST(PluginSchema, what_it_accepts_without_filling_in_is_what_the_whole_check_finds_right) {
  const std::string weather = kWeather;
  for (const std::string more :
       {"", R"("maxProperties": 4, )", R"("dependencies": {"display_duration": ["units"]}, )"}) {
    const auto schema = PluginSchema::read("{" + more + weather.substr(1));
    ASSERT_TRUE(schema) << schema.error().text();
    std::size_t accepted = 0;
    std::size_t right = 0;
    for (const std::string& members : sections()) {
      const std::string section = "{" + members + "}";
      const bool is_right = told(schema->check(settings(section))).empty();
      const bool is_accepted = schema->accepts(json::Document::parse(section)->root());
      EXPECT_TRUE(is_right || !is_accepted) << more << section;
      accepted += is_accepted ? 1 : 0;
      right += is_right ? 1 : 0;
    }
    EXPECT_EQ(accepted > 0, more.empty()) << "a default of the core's own counts where a schema counts keys";
    EXPECT_LE(accepted, right) << "a default that is filled in is left to the whole check";
  }
}

TEST(PluginSchema, what_is_no_schema_is_an_error_with_its_place) {
  EXPECT_FALSE(PluginSchema::read("[]"));
  EXPECT_FALSE(PluginSchema::read("{"));
  EXPECT_FALSE(PluginSchema::read(R"({"properties": []})"));
  const auto bad = PluginSchema::read("{\n  \"type\": \"objekt\"\n}");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("line 2"), std::string::npos) << bad.error().message;
}

}  // namespace
}  // namespace trueup::model
