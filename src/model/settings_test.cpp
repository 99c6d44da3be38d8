#include "model/settings.h"

#include <gtest/gtest.h>

#include "json/document.h"

namespace trueup::model {
namespace {

Setting parsed(const std::string& text, SettingOrigin origin = SettingOrigin::config) {
  return setting_of(json::Document::parse(text)->root(), origin);
}

std::string merged(const std::string& config, const std::string& secrets) {
  Setting out = parsed(config);
  merge_secrets(out, parsed(secrets, SettingOrigin::secrets));
  return json_of(out);
}

TEST(Settings, secrets_lie_over_the_configuration_as_LEDMatrix_lays_them) {
  EXPECT_EQ(merged(R"({"a": 1.0, "b": {"c": 1}})", R"({"b": {"d": "x"}, "e": null})"),
            R"({"a": 1.0, "b": {"c": 1, "d": "x"}, "e": null})");
  EXPECT_EQ(merged(R"({"b": {"c": 1}})", R"({"b": 2})"), R"({"b": 2})");
  EXPECT_EQ(merged(R"({"l": [1, 2]})", R"({"l": [3]})"), R"({"l": [3]})");
}

TEST(Settings, lists_of_secrets_are_laid_over_element_by_element) {
  EXPECT_EQ(merged(R"({"l": [{"n": "a"}, {"n": "b"}]})", R"({"l": [{}, {"token": "t"}, {"token": "u"}]})"),
            R"({"l": [{"n": "a"}, {"n": "b", "token": "t"}]})");
  EXPECT_EQ(merged(R"({"l": [{"n": "a"}]})", R"({"l": []})"), R"({"l": []})");
}

TEST(Settings, a_default_stands_where_nothing_or_null_does) {
  Setting settings = parsed(R"({"a": null, "b": {"c": 1}, "l": []})");
  fill_defaults(settings,
                parsed(R"({"a": 5, "b": {"c": 2, "d": 3}, "l": [1], "m": "x"})", SettingOrigin::schema_default));
  EXPECT_EQ(json_of(settings), R"({"a": 5, "b": {"c": 1, "d": 3}, "l": [], "m": "x"})");
  EXPECT_EQ(find(settings, {"b", "c"})->origin, SettingOrigin::config);
  EXPECT_EQ(find(settings, {"b", "d"})->origin, SettingOrigin::schema_default);
}

TEST(Settings, putting_a_value_makes_the_objects_on_the_way_and_nothing_else) {
  Setting settings = parsed(R"({"a": 1, "l": [1]})");
  EXPECT_TRUE(put(settings, {"x", "y"}, parsed("true")));
  EXPECT_TRUE(put(settings, {"l", "-"}, parsed("2")));
  EXPECT_TRUE(put(settings, {"l", "0"}, parsed("0")));
  EXPECT_FALSE(put(settings, {"l", "7"}, parsed("0")));
  EXPECT_FALSE(put(settings, {"a", "b"}, parsed("0")));
  EXPECT_FALSE(put(settings, {"new", "-"}, parsed("0")));
  EXPECT_EQ(json_of(settings), R"({"a": 1, "l": [0, 2], "x": {"y": true}})");
  EXPECT_TRUE(take_out(settings, {"l", "0"}));
  EXPECT_TRUE(take_out(settings, {"x", "y"}));
  EXPECT_FALSE(take_out(settings, {"nothing"}));
  EXPECT_EQ(json_of(settings), R"({"a": 1, "l": [2], "x": {}})");
}

TEST(Settings, a_value_is_parted_so_that_merging_gives_it_back) {
  const SecretTest secret = [](const SettingPath& path) { return looks_secret(path); };
  for (const char* text : {R"({"a": 1, "api_key": "k", "m": {"host": "h", "password": "p"}, "only": {"token": "t"}})",
                           R"({"accounts": [{"n": "a"}, {"n": "b", "token": "t"}, {"token": "u"}]})",
                           R"({"tokens": ["t", "b"]})", R"({"empty": {}, "list": []})"}) {
    const Setting whole = parsed(text);
    PartedSetting parted = part(whole, {}, secret);
    Setting again = parted.open.value_or(empty_object(SettingOrigin::config));
    EXPECT_EQ(json_of(again).find("\"t\""), std::string::npos) << text;
    if (parted.secret) merge_secrets(again, *parted.secret);
    for (const auto& [key, value] : whole.members) {
      ASSERT_NE(find(again, {key}), nullptr) << text;
      EXPECT_EQ(json_of(*find(again, {key})), json_of(value)) << text;
    }
  }
}

TEST(Settings, names_alone_can_say_that_a_value_is_not_to_be_shown) {
  for (const auto& path :
       {SettingPath{"api_key"}, {"API-Key"}, {"mqtt", "Password"}, {"accounts", "0", "accessToken"}}) {
    EXPECT_TRUE(looks_secret(path));
  }
  for (const auto& path : {SettingPath{"city"}, {"display_duration"}, {"keys"}}) EXPECT_FALSE(looks_secret(path));
  for (const char* name : {"pass", "wifi_pass", "mqttPass", "pwd", "DB-PWD", "passphrase", "psk", "bearer",
                           "Authorization", "jwt", "ssh_key", "sshKey", "private_key", "private-key", "http.pass"}) {
    EXPECT_TRUE(looks_secret({name})) << name;
  }
  for (const char* name : {"passenger", "bypass", "passes", "compass", "forbearer", "pskov", "key"}) {
    EXPECT_FALSE(looks_secret({name})) << name;
  }
  for (const char* name : {"auth", "oauth", "pin", "wifi_pin", "otp", "cookie", "session", "passkey", "passcode", "pw",
                           "consumer_key", "signingKey", "client_id", "spotify_client_id"}) {
    EXPECT_TRUE(may_be_secret({name})) << name;
    EXPECT_FALSE(looks_secret({name})) << name << ": it stays in the file where it is";
  }
  for (const char* name : {"key", "author", "pinned", "spin", "sessions", "keyboard", "client", "city"}) {
    EXPECT_FALSE(may_be_secret({name})) << name;
  }
  EXPECT_TRUE(names_user("mqtt_username"));
  EXPECT_FALSE(names_user("user_agent"));
  EXPECT_TRUE(is_placeholder(parsed(R"("YOUR_API_KEY")")));
  EXPECT_TRUE(is_placeholder(parsed(R"("")")));
  EXPECT_FALSE(is_placeholder(parsed(R"("abc")")));
  for (const char* text : {"https://u:pw@h/", "see rtsp://u:p@w@camera", "mqtt://:pw@h:1883"}) {
    EXPECT_TRUE(holds_user_info(text)) << text;
  }
  for (const char* text : {"https://h/a:b@c", "https://h:80/", "ssh://git@h/", "u:pw@h", ""}) {
    EXPECT_FALSE(holds_user_info(text)) << text;
  }
}

}  // namespace
}  // namespace trueup::model
