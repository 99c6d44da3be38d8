#include "sources/config_source.h"

#include <gtest/gtest.h>

#include "sources/documents.h"

namespace trueup::sources {
namespace {

using Kind = model::EnabledSetting::Kind;

json::Document parsed(std::string text) {
  auto document = parse_object(std::move(text));
  EXPECT_TRUE(document) << document.error().text();
  return *document;
}

TEST(Config, every_top_level_key_is_a_fact_in_the_files_order) {
  const auto document = parsed(R"({"timezone": "UTC", "a": {"enabled": true}, "b": {"enabled": false}, "c": {},
    "d": {"enabled": "true"}, "e": [], "f": null, "g": 1.5, "h": false, "a": {"enabled": 1}})");
  const auto sections = sections_of(document.root(), Secrecy::open);
  ASSERT_EQ(sections.size(), 9U);
  EXPECT_EQ(sections[0], (model::Section{.key = "timezone", .type = "string"}));
  // A duplicate counts where Python has it: the first one's place, the last one's value (failure F78).
  EXPECT_EQ(sections[1], (model::Section{"a", "object", {Kind::wrong_type, "1"}}));
  EXPECT_EQ(sections[2].enabled, (model::EnabledSetting{Kind::off, "false"}));
  EXPECT_EQ(sections[3].enabled, (model::EnabledSetting{}));
  EXPECT_EQ(sections[4].enabled, (model::EnabledSetting{Kind::wrong_type, "\"true\""}));
  EXPECT_EQ(sections[5].type, "array");
  EXPECT_EQ(sections[6].type, "null");
  EXPECT_EQ(sections[7].type, "number");
  EXPECT_EQ(sections[8].type, "boolean");
}

TEST(Config, no_text_of_the_secrets_file_becomes_a_fact) {
  const auto document = parsed(R"({"a": {"enabled": "hunter2", "api_key": "hunter2"}, "b": "hunter2"})");
  const auto sections = sections_of(document.root(), Secrecy::secret);
  EXPECT_EQ(sections[0].enabled, (model::EnabledSetting{Kind::wrong_type, "(not shown)"}));
  const auto keys = core_keys_in_secrets(document.root(), std::nullopt);
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].secrets_text, "(not shown)");
}

TEST(Config, core_keys_among_the_secrets_are_shown_with_both_values) {
  const auto secrets = parsed(R"({"a": {"enabled": false, "api_key": "x"}, "b": {"live_priority": true, "skin": {}},
    "c": "x", "d": {"vegas_mode": null}})");
  const auto config = parsed(R"({"a": {"enabled": true}, "b": [], "d": {"enabled": true}})");
  using Key = model::CoreKeyInSecrets;
  EXPECT_EQ(core_keys_in_secrets(secrets.root(), config.root()),
            (std::vector<Key>{Key{"a", "enabled", "false", "true"}, Key{"b", "live_priority", "true", ""},
                              Key{"b", "skin", "(not shown)", ""}, Key{"d", "vegas_mode", "null", ""}}));
}

TEST(Config, the_plugins_directory_is_the_configured_one_or_the_default) {
  const auto setting = [](std::string text) { return plugins_directory_of(parsed(std::move(text)).root()); };
  EXPECT_EQ(setting("{}").path, "plugin-repos");
  EXPECT_EQ(setting(R"({"plugin_system": 5})").path, "plugin-repos");
  EXPECT_EQ(setting(R"({"plugin_system": {"plugins_directory": "/mnt/usb/plugins"}})").path, "/mnt/usb/plugins");
  for (const std::string good : {"plugins", "./plugins/", "../plugins", "config/plugins", "/config", "/mnt/data"}) {
    EXPECT_EQ(setting(R"({"plugin_system": {"plugins_directory": ")" + good + "\"}}").problem, "") << good;
  }
  for (const std::string bad : {"5", "null", "\"\"", "\".\"", "\"..\"", "\"./\"", "\"/\"", "\"a/../..\"", "\"config\"",
                                "\"./config/\"", "\"data\"", "\".trueup\"", "\".trueup/kept\""}) {
    EXPECT_NE(setting(R"({"plugin_system": {"plugins_directory": )" + bad + "}}").problem, "") << bad;
  }
}

}  // namespace
}  // namespace trueup::sources
