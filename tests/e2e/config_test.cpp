// `trueup config` as a person and as a script use it, on real files.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["enabled", "city", "api_key"],
  "properties": {
    "enabled": {"type": "boolean", "default": false},
    "city": {"type": "string"},
    "interval": {"type": "integer", "minimum": 60, "default": 300},
    "leagues": {"type": "object", "properties": {"eng.1": {"type": "boolean"}}},
    "api_key": {"type": "string", "x-secret": true},
    "feeds": {"type": "array", "items": {"type": "object", "properties": {
      "name": {"type": "string"}, "token": {"type": "string", "x-secret": true}}}}
  }
})";

struct Config : testing::Test {
  Config() {
    home.add_healthy("clock").add_plugin("weather");
    home.set_section("weather", R"({"enabled":true,"city":"Malm\u00f6","interval":600})");
    home.record("weather", true, "1.0.0").offer("weather");
    home.write("plugin-repos/weather/config_schema.json", kSchema);
    home.set_secret("weather", R"({"api_key":"k3y-of-the-owner"})");
  }
  CommandResult config(std::vector<std::string> words, const CommandOptions& options = {}) {
    words.insert(words.begin(), "config");
    return trueup.run(words, options);
  }
  std::string in_config(const std::string& pointer) {
    return json_at(read_file(home.config()), pointer).value_or("nothing");
  }
  std::string in_secrets(const std::string& pointer) {
    return json_at(read_file(home.secrets()), pointer).value_or("nothing");
  }

  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
};

TEST_F(Config, get_shows_what_the_plugin_gets_where_it_comes_from_and_no_secret) {
  home.root();
  const Snapshot before = take_snapshot(home.root());
  const CommandResult all = config({"get", "weather"});
  EXPECT_EQ(all.exit_status, 0) << all.errors;
  EXPECT_THAT(all.output, HasSubstr("city\tconfig\t\"Malm\u00f6\"\n"));
  EXPECT_THAT(all.output, HasSubstr("api_key\tsecrets\t(secret, not shown)\n"));
  EXPECT_THAT(all.output, HasSubstr("display_duration\tdefault\t15\n"));
  const CommandResult json = config({"get", "weather", "interval", "--json"});
  EXPECT_EQ(json_at(json.output, "/settings/0/value"), "600");
  EXPECT_EQ(json_at(json.output, "/settings/0/from"), "\"config\"");
  for (const CommandResult& shown :
       {all, config({"get", "weather", "--json"}), config({"get", "weather", "api_key"})}) {
    EXPECT_THAT(shown.output + shown.errors, Not(HasSubstr("k3y-of-the-owner")));
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << "get writes";
}

TEST_F(Config, set_takes_its_type_from_the_schema_and_changes_only_that_value) {
  home.root();
  std::string expected = read_file(home.config());
  EXPECT_EQ(config({"set", "weather", "city", "12"}).exit_status, 0);
  const std::string old = "\"Malm\\u00f6\",\n        \"interval\"";
  expected.replace(expected.find(old), old.size(), "\"12\",\n        \"interval\"");
  EXPECT_EQ(read_file(home.config()), expected);
  EXPECT_EQ(config({"set", "weather", "interval", "120"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/interval"), "120");
  EXPECT_EQ(config({"set", "weather", "leagues.\"eng.1\"", "true"}).exit_status, 0);
  EXPECT_EQ(config({"set", "weather", "/leagues/eng.1", "false"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/leagues/eng.1"), "false");
  const CommandResult again = config({"set", "weather", "interval", "120"});
  EXPECT_EQ(again.exit_status, 0);
  EXPECT_THAT(again.output, HasSubstr("nothing was written"));
}

TEST_F(Config, what_the_schema_forbids_and_who_is_no_plugin_is_refused_without_a_trace) {
  home.set_section("mystery", R"({"enabled":true})");
  home.root();
  const Snapshot before = take_snapshot(home.root());
  const CommandResult small = config({"set", "weather", "interval", "-5"});
  EXPECT_EQ(small.exit_status, 1);
  EXPECT_THAT(small.errors, HasSubstr("interval must be at least 60"));
  EXPECT_THAT(small.errors, HasSubstr("/properties/interval/minimum"));
  EXPECT_THAT(config({"set", "weather", "citi", "x"}).errors, HasSubstr("`city`"));
  EXPECT_THAT(config({"unset", "weather", "city"}).errors, HasSubstr("city is missing"));
  EXPECT_THAT(config({"set", "wether", "city", "x"}).errors, HasSubstr("`weather`"));
  EXPECT_NE(config({"set", "display", "hardware.rows", "64"}).exit_status, 0);
  EXPECT_NE(config({"purge", "timezone"}).exit_status, 0);
  EXPECT_NE(config({"set", "mystery", "a", "1"}).exit_status, 0);
  EXPECT_NE(config({"set", "../weather", "a", "1"}).exit_status, 0);
  EXPECT_EQ(config({"set", "weather", "city"}).exit_status, 64);
  EXPECT_EQ(config({"sett", "weather"}).exit_status, 64);
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(Config, a_pipe_that_gives_nothing_empties_no_setting) {
  EXPECT_EQ(config({"set", "weather", "api_key", "-"}, {.input = "first"}).exit_status, 0);
  const std::string secrets = read_file(home.secrets());
  const CommandResult nothing = config({"set", "weather", "api_key", "-"}, {.input = "\n"});
  EXPECT_EQ(nothing.exit_status, 1);
  EXPECT_NE(nothing.errors.find("nothing came in, so nothing was changed"), std::string::npos) << nothing.errors;
  EXPECT_EQ(read_file(home.secrets()), secrets);
}

TEST_F(Config, a_secret_is_read_from_standard_input_and_is_in_no_file_more_readable_than_the_secrets_file) {
  home.set_section("weather", R"({"enabled":true,"city":"Lund","api_key":"k3y-in-the-open"})");
  const CommandResult set = config({"set", "weather", "api_key", "-"}, {.input = "n3w-secret-key\n"});
  EXPECT_EQ(set.exit_status, 0) << set.errors;
  EXPECT_THAT(set.output + set.errors, Not(HasSubstr("n3w-secret")));
  EXPECT_EQ(in_secrets("/weather/api_key"), "\"n3w-secret-key\"");
  EXPECT_EQ(in_config("/weather/api_key"), "nothing");
  EXPECT_EQ(fs::status(home.secrets()).permissions(), fs::perms(0640)) << "its rights stay";
  for (const std::string& name : files_containing(home.root(), "n3w-secret-key")) {
    if (home.root() / name == home.secrets()) continue;
    EXPECT_EQ(fs::status(home.root() / name).permissions() & ~fs::status(home.secrets()).permissions(), fs::perms::none)
        << name;
  }
  for (const char* verb : {"history", "plan", "status"}) {
    EXPECT_THAT(trueup.run({verb, "--json"}).output, Not(HasSubstr("n3w-secret"))) << verb;
  }
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/api_key"), "\"k3y-in-the-open\"");
  EXPECT_EQ(in_secrets("/weather/api_key"), "\"k3y-of-the-owner\"");
}

TEST_F(Config, a_new_secrets_file_is_for_its_owner_alone) {
  home.root();
  fs::remove(home.secrets());
  EXPECT_EQ(config({"set", "weather", "api_key", "-"}, {.input = "first"}).exit_status, 0);
  EXPECT_EQ(in_secrets("/weather/api_key"), "\"first\"");
  EXPECT_EQ(fs::status(home.secrets()).permissions(), fs::perms(0600));
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.secrets()));
}

TEST_F(Config, secrets_in_lists_lie_apart_and_are_hidden) {
  EXPECT_EQ(config({"set", "weather", "feeds", R"([{"name":"a","token":"t0k-a"},{"name":"b"}])"}).exit_status, 0);
  EXPECT_EQ(config({"set", "weather", "feeds.1.token", "-"}, {.input = "t0k-b\n"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/feeds"), R"([{"name":"a"},{"name":"b"}])");
  EXPECT_EQ(in_secrets("/weather/feeds"), R"([{"token":"t0k-a"},{"token":"t0k-b"}])");
  const CommandResult shown = config({"get", "weather", "feeds"});
  EXPECT_THAT(shown.output, HasSubstr("(hidden)"));
  EXPECT_THAT(shown.output, Not(HasSubstr("t0k-")));
}

TEST_F(Config, one_element_of_a_list_changes_and_all_others_keep_every_byte) {
  home.add_plugin("bare").record("bare", true, "1.0.0");
  const std::string raw = R"({
  "bare": {"enabled" : true, "list": [ 1.0,"b" ,
       2e3, {"x":1.50, "y" : [1,  2]} ], "after":1}
})";
  const auto with = [&raw](const std::string& from, const std::string& to) {
    std::string out = raw;
    return out.replace(out.find(from), from.size(), to);
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"unset", "bare", "list.0"}, with("1.0,", "")},
      {{"unset", "bare", "list.1"}, with(",\"b\"", "")},
      {{"set", "bare", "list.1", "c"}, with("\"b\"", "\"c\"")},
      {{"set", "bare", "list.3.y.0", "9"}, with("[1,  2]", "[9,  2]")},
      {{"unset", "bare", "list.3.y.0"}, with("[1,  2]", "[2]")}};
  for (const auto& [words, expected] : cases) {
    home.write("config/config.json", raw);
    EXPECT_EQ(config(words).exit_status, 0) << words[2];
    EXPECT_EQ(read_file(home.config()), expected) << words[0] << " " << words[2];
    EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
    EXPECT_EQ(read_file(home.config()), raw);
  }
  home.write("config/config.json", raw);
  EXPECT_EQ(config({"set", "bare", "list.-", "new"}).exit_status, 0);
  EXPECT_THAT(read_file(home.config()), HasSubstr("[ 1.0,\"b\" ,\n       2e3, {\"x\":1.50, \"y\" : [1,  2]}"));
}

TEST_F(Config, of_a_list_that_lies_in_both_files_only_what_was_asked_for_changes_and_is_told) {
  home.write("config/config.json",
             R"({"weather": {"enabled": true, "city": "x", "feeds": [{"name" : "a"},{"name":"b"}]}})");
  home.set_secret("weather", R"({"api_key": "k", "feeds": [{"token": "t0k-a"}, {"token": "t0k-b"}]})");
  const CommandResult named = config({"set", "weather", "feeds.1.name", "c"});
  EXPECT_EQ(named.exit_status, 0) << named.errors;
  EXPECT_THAT(named.output, Not(HasSubstr("secrets file")));
  EXPECT_THAT(read_file(home.config()), HasSubstr(R"([{"name" : "a"},{"name":"c"}])"));
  const CommandResult gone = config({"unset", "weather", "feeds.0"});
  EXPECT_EQ(gone.exit_status, 0) << gone.errors;
  EXPECT_THAT(gone.output, HasSubstr("`feeds` lies in both files"));
  EXPECT_EQ(in_config("/weather/feeds"), R"([{"name":"c"}])");
  EXPECT_EQ(in_secrets("/weather/feeds"), R"([{"token":"t0k-b"}])");
}

TEST_F(Config, without_a_schema_a_doubtful_name_and_a_user_beside_a_password_are_not_shown_and_stay_where_they_are) {
  home.add_plugin("bare").record("bare", true, "1.0.0");
  fs::remove(home.plugin("bare") / "config_schema.json");
  home.set_section("bare", R"({"enabled": true, "auth": "CANARY-1", "pin": 4711, "client_id": "CANARY-2",
      "signing_key": "CANARY-3", "mqtt": {"username": "CANARY-4", "password": "CANARY-5"}, "username": "Ann"})");
  const std::string shown = config({"get", "bare"}).output;
  EXPECT_THAT(shown, Not(HasSubstr("CANARY")));
  EXPECT_THAT(shown, Not(HasSubstr("4711")));
  EXPECT_THAT(shown, HasSubstr("Ann"));
  EXPECT_EQ(config({"set", "bare", "pin", "4712"}).exit_status, 0);
  EXPECT_EQ(in_config("/bare/pin"), "4712");
  EXPECT_EQ(in_secrets("/bare"), "nothing");
}

TEST_F(Config, the_usual_names_of_secrets_and_passwords_in_addresses_are_not_shown) {
  home.add_plugin("bare").set_section("bare", R"({"enabled":true,"pass":"p4ss-1","wifi_psk":"p4ss-2","sshKey":"p4ss-3",
      "Authorization":"p4ss-4","feed":"https://u:p4ss-5@host/","feeds":["https://host/a","rtsp://u:p4ss-6@cam/1"],
      "passenger":"Ann","bypass":"no","page":"https://host/a:b@c"})");
  home.record("bare", true, "1.0.0");
  for (const bool with_schema : {true, false}) {
    if (!with_schema) fs::remove(home.plugin("bare") / "config_schema.json");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"get", "bare"}, {"get", "bare", "feeds"}, {"get", "bare", "feed"}}) {
      const CommandResult shown = config(words);
      EXPECT_EQ(shown.exit_status, 0) << shown.errors;
      EXPECT_THAT(shown.output, Not(HasSubstr("p4ss"))) << with_schema;
    }
    const std::string all = config({"get", "bare"}).output;
    for (const char* open : {"Ann", "no", "https://host/a:b@c"}) EXPECT_THAT(all, HasSubstr(open)) << with_schema;
  }
}

TEST_F(Config, without_a_schema_names_hide_values_at_any_depth_and_a_hostile_one_does_no_harm) {
  home.add_plugin("bare").set_section("bare",
                                      R"({"enabled":true,"n":{"l":[{"password":"p4ss"},["t"]]},"tokens":["t0k"]})");
  home.record("bare", true, "1.0.0");
  const std::string deep(200'000, '[');
  for (const std::string& schema : {std::string("{"), std::string("[]"), deep, std::string(R"({"$ref": "#"})"),
                                    std::string(R"({"patternProperties": {"(a+)+$": {"type": "object"}}})")}) {
    home.write("plugin-repos/bare/config_schema.json", schema);
    const CommandResult shown = config({"get", "bare"});
    EXPECT_EQ(shown.exit_status, 0) << shown.errors;
    EXPECT_THAT(shown.output, Not(HasSubstr("p4ss")));
    EXPECT_THAT(shown.output, Not(HasSubstr("t0k")));
    const CommandResult set = config({"set", "bare", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "1"});
    EXPECT_GE(set.exit_status, 0) << "ended by a signal";
  }
}

TEST_F(Config, enabled_is_the_same_as_the_verb) {
  EXPECT_EQ(config({"set", "weather", "enabled", "false"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/enabled"), "false");
  EXPECT_EQ(json_at(read_file(home.state()), "/states/weather/enabled"), "false");
  EXPECT_EQ(config({"set", "weather", "enabled", "12"}).exit_status, 1);
}

TEST_F(Config, unset_and_undo_are_byte_for_byte) {
  home.root();
  const std::string before = read_file(home.config());
  EXPECT_EQ(config({"unset", "weather", "interval"}).exit_status, 0);
  std::string expected = before;
  const std::string gone = ",\n        \"interval\": 600";
  expected.erase(expected.find(gone), gone.size());
  EXPECT_EQ(read_file(home.config()), expected);
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(Config, a_change_inside_a_list_leaves_the_secrets_behind_its_end_where_they_are) {
  home.set_section("weather", R"({"enabled":true,"city":"Lund","feeds":[{"name":"x"}, {"name":"y"}]})");
  home.write("config/config_secrets.json",
             R"({"weather": {"api_key":"k", "feeds":[{"token":"L1"},{"token":"L2"},  {"token":"L3"}]}})");
  const std::string config_before = read_file(home.config());
  const std::string secrets_before = read_file(home.secrets());
  EXPECT_EQ(config({"set", "weather", "feeds.0.name", "nn"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather/feeds/0/name"), "\"nn\"");
  EXPECT_EQ(read_file(home.secrets()), secrets_before);

  EXPECT_EQ(config({"unset", "weather", "feeds.0.token"}).exit_status, 0);
  std::string expected = secrets_before;
  expected.erase(expected.find(R"("token":"L1")"), std::string_view(R"("token":"L1")").size());
  EXPECT_EQ(read_file(home.secrets()), expected) << "not another byte";

  EXPECT_EQ(config({"set", "weather", "feeds.-", R"({"name":"z"})"}).exit_status, 0);
  EXPECT_EQ(in_secrets("/weather/feeds/2"), "{}") << "the new one gets nobody's token";
  EXPECT_EQ(in_secrets("/weather/feeds/3/token"), "\"L3\"");
  EXPECT_EQ(config({"unset", "weather", "feeds.0"}).exit_status, 0);
  EXPECT_EQ(in_secrets("/weather/feeds/2/token"), "\"L3\"");
  EXPECT_EQ(in_secrets("/weather/feeds/0/token"), "\"L2\"");
  for (const char* number : {"4", "3", "2", "1"}) EXPECT_EQ(trueup.run({"undo", number}).exit_status, 0) << number;
  EXPECT_EQ(read_file(home.config()), config_before);
  EXPECT_EQ(read_file(home.secrets()), secrets_before);
}

TEST_F(Config, a_list_that_only_the_secrets_file_has_is_not_added_to_the_other) {
  home.set_secret("weather", R"({"api_key":"k", "feeds":[{"token":"L1"},{"token":"L2"}]})");
  home.root();
  const std::string config_before = read_file(home.config());
  EXPECT_EQ(config({"unset", "weather", "feeds.0.token"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), config_before);
  EXPECT_EQ(in_secrets("/weather/feeds/0"), "{}");
  EXPECT_EQ(in_secrets("/weather/feeds/1/token"), "\"L2\"");
}

TEST_F(Config, get_shows_no_text_of_the_secrets_file_under_the_keys_of_the_core_either) {
  home.set_secret("weather", R"({"enabled":"CANARY-1","display_duration":"CANARY-2","skin_options":{"a":"CANARY-3"}})");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"get", "weather"}, {"get", "weather", "--json"}, {"get", "weather", "enabled"}}) {
    const CommandResult shown = config(words);
    EXPECT_EQ(shown.exit_status, 0) << shown.errors;
    EXPECT_THAT(shown.output + shown.errors, Not(HasSubstr("CANARY")));
  }
}

TEST_F(Config, a_number_that_LEDMatrix_would_read_as_infinity_is_refused) {
  home.write("plugin-repos/weather/config_schema.json",
             R"({"type": "object", "properties": {"city": {"type": "string"}, "f": {"type": "number"}}})");
  home.root();
  const std::string before = read_file(home.config());
  const std::vector<std::pair<std::string, std::string>> cases{
      {"f", "1e999"}, {"f", "-1e999"}, {"other", "[1, 1e400]"}};
  for (const auto& [key, value] : cases) {
    const CommandResult refused = config({"set", "weather", key, "--", value});
    EXPECT_EQ(refused.exit_status, 1) << value << refused.output;
    EXPECT_THAT(refused.errors, HasSubstr("infinity"));
  }
  EXPECT_EQ(read_file(home.config()), before);
  EXPECT_EQ(config({"set", "weather", "city", "1e999"}).exit_status, 0) << "it is text there";
  EXPECT_EQ(in_config("/weather/city"), "\"1e999\"");
}

TEST_F(Config, purge_removes_what_uninstall_kept) {
  EXPECT_EQ(config({"purge", "weather"}).exit_status, 1) << "it is installed";
  EXPECT_EQ(trueup.run({"uninstall", "weather", "--keep-config"}).exit_status, 0);
  const std::string before = read_file(home.config());
  EXPECT_EQ(config({"purge", "weather"}).exit_status, 0);
  EXPECT_EQ(in_config("/weather"), "nothing");
  EXPECT_EQ(in_secrets("/weather"), "nothing");
  EXPECT_EQ(in_secrets("/github/api_token"), "\"YOUR_GITHUB_PERSONAL_ACCESS_TOKEN\"");
  EXPECT_EQ(trueup.run({"undo", "2"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(Config, an_unreadable_secrets_file_stops_every_change) {
  home.write("config/config_secrets.json", "{\"weather\": ");
  const std::string before = read_file(home.config());
  const CommandResult refused = config({"set", "weather", "city", "Lund"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("config/config_secrets.json"));
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(Config, what_a_schema_forbids_is_found_with_its_place_and_gone_once_it_is_set_right) {
  home.set_section("weather", R"({"enabled":true,"city":7})");
  const Shown wrong = trueup.plan();
  EXPECT_EQ(wrong.ran.exit_status, 3);
  ASSERT_NE(wrong.finding("plugin_config_invalid:weather:schema"), nullptr);
  EXPECT_EQ(wrong.finding("plugin_config_invalid:weather:schema")->fix_action, "manual_fix_required");
  EXPECT_THAT(wrong.ran.output, HasSubstr("config/config.json, line "));
  EXPECT_THAT(trueup.run({"doctor"}).output, HasSubstr("city must be text"));
  EXPECT_EQ(config({"set", "weather", "city", "Lund"}).exit_status, 0);
  EXPECT_THAT(trueup.plan().found, IsEmpty());
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);  // remembers what is right
  home.write("plugin-repos/weather/config_schema.json", R"({"properties":{"city":{"type":"string","maxLength":2}}})");
  EXPECT_NE(trueup.plan().finding("plugin_config_invalid:weather:schema"), nullptr) << "an old verdict was believed";
}

TEST_F(Config, keys_that_the_schema_does_not_know_are_taken_out_by_choice_and_never_proposed) {
  home.write("plugin-repos/weather/config_schema.json",
             R"({"properties":{"enabled":{"type":"boolean"},"city":{"type":"string"}},"additionalProperties":false})");
  home.set_section("weather", R"({"enabled":true,"city":"Lund","font_size":7,"font_face":"x"})");
  EXPECT_THAT(config({"set", "weather", "font", "9"}).errors, Not(HasSubstr("Did you mean")));
  const std::string name = "plugin_config_invalid:weather:schema";
  ASSERT_NE(trueup.plan().finding(name), nullptr);
  EXPECT_EQ(trueup.plan().finding(name)->reason, "setting_unknown");
  const CommandResult done = trueup.run({"resolve", name, "--choose", "unset"});
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("is settled"));
  EXPECT_EQ(json_at(read_file(home.config()), "/weather"), R"({"city":"Lund","enabled":true})");
}

TEST_F(Config, with_the_secrets_unreadable_no_secret_is_called_missing) {
  home.write("config/config_secrets.json", "{");
  EXPECT_EQ(trueup.plan().finding("plugin_config_invalid:weather:schema"), nullptr);
}

TEST_F(Config, stubs_of_the_template_make_no_plugin_and_count_as_not_filled_in_F55) {
  home.set_secret("weather", R"({"api_key":"YOUR_API_KEY"})");
  home.set_secret("music", R"({"SPOTIFY_CLIENT_ID":"YOUR_SPOTIFY_CLIENT_ID_HERE"})").offer("music");
  const std::string before = read_file(home.config());
  const Shown done = trueup.reconcile();
  EXPECT_EQ(read_file(home.config()), before);
  EXPECT_FALSE(fs::exists(home.plugin("music")));
  ASSERT_NE(done.finding("plugin_config_invalid:weather:schema"), nullptr);
  EXPECT_THAT(done.finding("plugin_config_invalid:weather:schema")->description, HasSubstr("`api_key` is missing"));
  EXPECT_THAT(config({"get", "weather", "api_key"}).output, HasSubstr("to be filled in"));
  EXPECT_NE(config({"set", "music", "volume", "1"}).exit_status, 0);
}

TEST_F(Config, the_help_teaches_by_examples) {
  const CommandResult help = trueup.run({"config", "--help"});
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.output, HasSubstr("/leagues/eng.1/enabled"));
}

}  // namespace
}  // namespace trueup::test
