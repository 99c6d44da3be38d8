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
