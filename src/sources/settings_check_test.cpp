#include "sources/settings_check.h"

#include <gtest/gtest.h>

#include "json/document.h"
#include "platform/memory_file_system.h"

namespace trueup::sources {
namespace {

constexpr const char* kSchema = R"({"type": "object", "required": ["city", "api_key"], "properties": {
  "city": {"type": "string"}, "size": {"type": "integer", "maximum": 10},
  "api_key": {"type": "string", "x-secret": true}}})";

class SettingsCheckTest : public ::testing::Test {
 protected:
  SettingsCheckTest() {
    seen.disk.directories.push_back({.name = "weather", .manifest = model::ManifestVerdict::good, .id = "weather"});
    put_schema(kSchema);
  }
  void put_schema(const std::string& text) { disk.put_file("/plugins/weather/config_schema.json", text); }

  void run(const std::string& config, const std::string& secrets, SettingsCheck check = SettingsCheck::changed) {
    seen.settings.clear();
    seen.valid_settings.clear();
    const auto config_document = json::Document::parse(config);
    const auto secrets_document = json::Document::parse(secrets);
    const auto plugins = disk.open_root_for_reading("/plugins");
    ASSERT_TRUE(plugins);
    check_settings(**plugins, Sections(*config_document), Sections(*secrets_document), check, seen);
  }

  platform::MemoryFileSystem disk;
  model::Observation seen;
};

TEST_F(SettingsCheckTest, right_settings_leave_a_fingerprint_and_nothing_else) {
  run(R"({"weather": {"city": "Lund"}})", R"({"weather": {"api_key": "k"}})");
  EXPECT_TRUE(seen.settings.empty());
  EXPECT_EQ(seen.valid_settings.size(), 1U);
}

TEST_F(SettingsCheckTest, every_objection_has_its_file_line_and_column_and_repeats_no_value) {
  run("{\n  \"weather\": {\n    \"city\": 12,\n    \"size\": 11\n  }\n}", "{\n \"weather\": {\"api_key\": 77}}");
  ASSERT_EQ(seen.settings.size(), 1U);
  const auto& objections = seen.settings.front().objections;
  ASSERT_EQ(objections.size(), 3U);
  EXPECT_EQ(objections[0].path, std::vector<std::string>{"city"});
  EXPECT_EQ(objections[0].line, 3U);
  EXPECT_EQ(objections[0].column, 13U);
  EXPECT_EQ(objections[1].message, "must be at most 10");
  EXPECT_EQ(objections[1].line, 4U);
  EXPECT_EQ(objections[2].source, model::Source::secrets);
  EXPECT_EQ(objections[2].line, 2U);
  EXPECT_EQ(objections[2].message.find("77"), std::string::npos);
}

TEST_F(SettingsCheckTest, what_is_missing_is_told_where_it_should_stand) {
  run("{\n  \"weather\": {\"city\": \"Lund\"}\n}", "{}");
  ASSERT_EQ(seen.settings.size(), 1U);
  EXPECT_EQ(seen.settings[0].objections[0].path, std::vector<std::string>{"api_key"});
  EXPECT_EQ(seen.settings[0].objections[0].line, 2U);
}

TEST_F(SettingsCheckTest, what_was_found_right_is_checked_again_only_when_schema_or_section_changed) {
  const std::string config = R"({"weather": {"city": "Lund"}})";
  const std::string secrets = R"({"weather": {"api_key": "k"}})";
  run(config, secrets);
  seen.ledger.valid_settings = seen.valid_settings;
  disk.fail_reading("/plugins/weather/config_schema.json", 5);  // nobody may open it now
  run(config, secrets);
  EXPECT_EQ(seen.valid_settings, seen.ledger.valid_settings);
  run(config, secrets, SettingsCheck::all);
  EXPECT_EQ(seen.settings.size(), 1U) << "doctor did not look";
  run(R"({"weather": {"city": "Oslo"}})", secrets);
  EXPECT_EQ(seen.settings.size(), 1U) << "the section changed";
  disk.fail_reading("/plugins/weather/config_schema.json", 0);
  put_schema(R"({"required": ["town"]})");
  run(config, secrets);
  EXPECT_EQ(seen.settings.size(), 1U) << "the schema changed";
}

TEST_F(SettingsCheckTest, a_hostile_schema_is_a_fact) {
  for (const std::string& schema : {std::string("{"), std::string("[]"), std::string(200'000, '['),
                                    std::string(R"({"properties": {"city": {"pattern": "("}}})")}) {
    put_schema(schema);
    run(R"({"weather": {"city": "Lund"}})", "{}");
    ASSERT_EQ(seen.settings.size(), 1U);
    EXPECT_FALSE(seen.settings.front().problem.empty());
  }
}

}  // namespace
}  // namespace trueup::sources
