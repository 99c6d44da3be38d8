// The verbs that only look, on real trees: what they say, what they weigh, and that they leave nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/command_support.h"
#include "support/snapshot.h"

namespace trueup::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<std::vector<std::string>> kReading{{"status"},  {"plan"},   {"list"},
                                                     {"history"}, {"doctor"}, {"explain", "weather"}};

void drift(Installation& home) {
  home.add_healthy("clock").offer("weather", "2.0.0").set_enabled("weather", true).record("weather", true);
  home.add_plugin("stocks").set_enabled("stocks", true).offer("stocks");
  home.write("plugin-repos/stocks/manifest.json", "{\"id\": \"sto");
}

TEST(ReadingVerbs, agree_on_a_sound_installation) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather", false);
  const auto status = trueup(home, {"status"});
  EXPECT_EQ(status.exit_status, 0) << status.output << status.errors;
  EXPECT_NE(status.output.find("everything is in agreement"), std::string::npos) << status.output;
  EXPECT_EQ(trueup(home, {"plan"}).exit_status, 0);
  EXPECT_EQ(trueup(home, {"doctor"}).exit_status, 0) << trueup(home, {"doctor"}).output;
}

TEST(ReadingVerbs, say_of_a_history_that_a_newer_trueup_wrote_that_reconcile_does_not_touch_it) {
  Installation home;
  home.add_healthy("clock").offer("weather", "2.0.0").set_enabled("weather", true).record("weather", true);
  ASSERT_EQ(trueup(home, {"reconcile"}).exit_status, 0);
  std::string bytes = home.read(".trueup/ledger.db");
  ASSERT_GT(bytes.size(), 64U);
  bytes[63] = 9;  // SQLite's user_version
  home.write(".trueup/ledger.db", bytes);
  const auto history = trueup(home, {"history"});
  EXPECT_NE(history.exit_status, 0);
  EXPECT_THAT(history.errors, HasSubstr("written by a newer trueup"));
  EXPECT_THAT(history.errors, testing::Not(HasSubstr("reconcile"))) << history.errors;
  EXPECT_THAT(history.errors, HasSubstr("take the newer trueup again"));
  EXPECT_NE(trueup(home, {"reconcile"}).exit_status, 0);
  EXPECT_EQ(home.read(".trueup/ledger.db"), bytes);
}

TEST(ReadingVerbs, tell_drift_that_can_be_mended_from_what_needs_a_person_by_their_exit_status) {
  Installation fixable;
  fixable.add_healthy("clock").offer("weather", "2.0.0").set_enabled("weather", true).record("weather", true);
  EXPECT_EQ(trueup(fixable, {"status"}).exit_status, 2);
  EXPECT_EQ(trueup(fixable, {"plan"}).exit_status, 2);
  Installation manual;
  drift(manual);
  const auto status = trueup(manual, {"status"});
  EXPECT_EQ(status.exit_status, 3) << status.output;
  EXPECT_NE(status.output.find("stocks"), std::string::npos);
  EXPECT_NE(status.output.find("weather"), std::string::npos);
  EXPECT_NE(status.output.find("Next: trueup reconcile"), std::string::npos) << status.output;
}

TEST(ReadingVerbs, say_that_a_source_could_not_be_read_and_decide_nothing_on_it) {
  Installation home;
  drift(home);
  home.write("config/config.json", "{\"clock\": {\"enab");
  for (const char* verb : {"status", "plan", "doctor"}) {
    const auto result = trueup(home, {verb});
    EXPECT_EQ(result.exit_status, 5) << verb << result.output;
    EXPECT_NE(result.output.find("config/config.json"), std::string::npos) << result.output;
  }
  const auto plan = json::parse(trueup(home, {"plan", "--json"}).output);
  EXPECT_TRUE(plan["steps"].empty()) << plan;
}

TEST(ReadingVerbs, write_nothing_whatever_is_wrong) {
  Installation home;
  drift(home);
  const auto before = take_snapshot(home.root());
  for (const auto& words : kReading) {
    for (const bool as_json : {false, true}) {
      auto all = words;
      if (as_json) all.emplace_back("--json");
      trueup(home, all);
      EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << words.front();
    }
  }
}

/// Runs the program as nobody in particular; a copy of it lies where any user can reach it.
class AnyUser {
 public:
  explicit AnyUser(Installation& home) : home_(home), program_(home.root().parent_path() / "trueup") {
    fs::copy_file(TRUEUP_BINARY, program_);
    if (::geteuid() == 0) words_ = {"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
    for (fs::path path = home.root(); path != fs::temp_directory_path() && path != "/"; path = path.parent_path()) {
      fs::permissions(path, fs::perms(0755));
    }
  }

  CommandResult run(const std::vector<std::string>& words) {
    std::vector<std::string> arguments = words_;
    for (const std::string& word : {program_.string(), std::string("--root"), home_.root().string(),
                                    std::string("--registry"), home_.registry().string()}) {
      arguments.push_back(word);
    }
    arguments.insert(arguments.end(), words.begin(), words.end());
    return run_command(arguments);
  }

 private:
  Installation& home_;
  fs::path program_;
  std::vector<std::string> words_;
};

TEST(ReadingVerbs, work_for_a_user_who_may_not_write) {
  Installation home;
  drift(home);
  AnyUser user(home);
  fs::permissions(home.secrets(), fs::perms(0644));
  std::vector<fs::path> directories{home.root()};
  for (const auto& entry : fs::recursive_directory_iterator(home.root())) {
    if (entry.is_directory()) directories.push_back(entry.path());
  }
  for (const auto& directory : directories) fs::permissions(directory, fs::perms(0555));
  const auto before = take_snapshot(home.root());
  for (const auto& words : kReading) {
    const auto result = user.run(words);
    EXPECT_EQ(result.exit_status, trueup(home, words).exit_status) << words.front() << result.output << result.errors;
    EXPECT_EQ(result.errors, "") << words.front();
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  for (const auto& directory : directories) fs::permissions(directory, fs::perms(0755));
}

TEST(WritingVerb, that_may_not_write_says_what_to_do_about_it_in_reconcile_as_in_enable) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Installation home;
  home.add_healthy("clock", false).add_plugin("news").record("news", true);
  AnyUser user(home);
  for (const auto& entry : fs::recursive_directory_iterator(home.root())) {
    ASSERT_EQ(::lchown(entry.path().c_str(), 65534, 65534), 0);
  }
  ASSERT_EQ(::lchown(home.root().c_str(), 65534, 65534), 0);
  fs::permissions(home.config().parent_path(), fs::perms(0555));
  const std::string advice = "check the owner and mode";
  const auto one = user.run({"enable", "clock"});
  const auto all = user.run({"reconcile"});
  fs::permissions(home.config().parent_path(), fs::perms(0755));
  EXPECT_EQ(one.exit_status, 1) << one.output;
  EXPECT_NE(one.errors.find(advice), std::string::npos) << one.errors;
  EXPECT_NE(all.exit_status, 0) << all.output;
  EXPECT_NE(all.output.find(advice), std::string::npos) << all.output << all.errors;
}

TEST(ReadingVerbs, a_plugins_directory_that_is_no_text_is_to_be_corrected_in_config_json) {
  Installation home;
  home.add_healthy("clock").set_section("plugin_system", R"({"plugins_directory": 5})");
  const std::string said = trueup(home, {"plan"}).output;
  EXPECT_NE(said.find("Correct plugin_system.plugins_directory in config/config.json"), std::string::npos) << said;
  EXPECT_EQ(said.find("Mount"), std::string::npos) << said;
}

TEST(ReadingVerbs, say_the_same_to_another_user_after_trueup_has_worked_here_if_he_may_read_the_secrets) {
  Installation home;
  drift(home);
  home.set_secret("clock", R"({"token":"CANARY"})");
  fs::permissions(home.secrets(), fs::perms(0644));
  AnyUser user(home);
  trueup(home, {"reconcile"});
  trueup(home, {"uninstall", "clock"});
  for (const auto& words : kReading) {
    if (words.front() == "doctor") continue;  // what may be written is another matter for another user
    const auto result = user.run(words);
    const auto ours = trueup(home, words);
    EXPECT_EQ(result.output, ours.output) << words.front() << result.errors;
    EXPECT_EQ(result.exit_status, ours.exit_status) << words.front();
  }
}

TEST(ReadingVerbs, tell_another_user_who_may_not_read_the_secrets_that_nothing_is_decided_on_what_he_cannot_see) {
  Installation home;
  drift(home);
  home.set_secret("clock", R"({"token":"CANARY"})");
  fs::permissions(home.secrets(), fs::perms(0600));
  AnyUser user(home);
  trueup(home, {"uninstall", "clock"});
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const auto status = user.run({"status"});
  EXPECT_EQ(status.exit_status, 5) << status.output;
  EXPECT_NE(status.output.find("config_secrets.json"), std::string::npos) << status.output;
  for (const auto& entry : fs::recursive_directory_iterator(home.root() / ".trueup")) {
    if (!entry.is_regular_file() || read_file(entry.path()).find("CANARY") == std::string::npos) continue;
    EXPECT_EQ(static_cast<unsigned>(entry.status().permissions()) & 077U, 0U) << entry.path();
  }
}

TEST(ReadingVerbs, give_equal_bytes_for_equal_input) {
  Installation home;
  drift(home);
  for (const auto& words : {std::vector<std::string>{"status", "--json"},
                            {"plan", "--json"},
                            {"list", "--json"},
                            {"explain", "weather", "--json"},
                            {"history", "--json"}}) {
    const auto first = trueup(home, words);
    EXPECT_EQ(first.output, trueup(home, words).output) << words.front();
    const auto parsed = json::parse(first.output);
    EXPECT_EQ(parsed["schema"], 1);
  }
}

TEST(ReadingVerbs, list_shows_each_plugin_with_its_state_and_where_the_switch_comes_from) {
  Installation home;
  drift(home);
  home.add_plugin("fresh");
  const auto list = json::parse(trueup(home, {"list", "--json"}).output)["plugins"];
  std::map<std::string, json> plugins;
  for (const auto& row : list) plugins[row["id"]] = row;
  EXPECT_EQ(plugins["clock"]["state"], "healthy");
  EXPECT_EQ(plugins["weather"]["state"], "missing");
  EXPECT_EQ(plugins["stocks"]["state"], "damaged");
  EXPECT_EQ(plugins["fresh"]["enabled"], false);  // F25: what nobody switched on is off
  EXPECT_EQ(plugins["fresh"]["enabled_from"], "unstated");
  EXPECT_EQ(plugins["clock"]["enabled_from"], "config");
}

TEST(ReadingVerbs, explain_stops_at_the_first_broken_link_and_names_what_mends_it) {
  Installation home;
  drift(home);
  const auto chain = json::parse(trueup(home, {"explain", "weather", "--json"}).output)["chain"];
  ASSERT_EQ(chain.size(), 2U) << chain;
  EXPECT_EQ(chain[0]["link"], "wanted");
  EXPECT_EQ(chain[0]["ok"], true);
  EXPECT_EQ(chain[1]["link"], "installed");
  EXPECT_EQ(chain[1]["ok"], false);
  EXPECT_EQ(chain[1]["mend"], "trueup reconcile weather");
}

TEST(ReadingVerbs, explain_claims_nothing_of_settings_that_cannot_be_read) {
  Installation home;
  home.add_healthy("clock").write("config/config.json", "");
  const auto told = trueup(home, {"explain", "clock"});
  EXPECT_THAT(told.output, HasSubstr("whether it is wanted cannot be told"));
  EXPECT_EQ(told.output.find("has a section"), std::string::npos) << told.output;
}

TEST(ReadingVerbs, status_counts_no_plugin_as_in_agreement_that_is_not_there) {
  Installation home;
  home.add_healthy("clock").set_enabled("ghost", true).record("ghost", true, "1.0.0");
  ASSERT_EQ(trueup(home, {"ignore", "plugin_missing_on_disk:ghost"}).exit_status, 0);
  const auto status = trueup(home, {"status"});
  EXPECT_THAT(status.output, HasSubstr("1 of 2 plugins in agreement; on: clock; not there or damaged: ghost"));
  EXPECT_THAT(status.output, HasSubstr("but for what you hold"));
}

TEST(ReadingVerbs, an_unknown_id_is_refused_with_the_names_that_are_like_it_F85) {
  Installation home;
  home.add_healthy("Clock").add_healthy("ledmatrix-clock");
  const auto before = take_snapshot(home.root());
  for (const char* verb : {"explain", "reconcile", "enable", "disable", "uninstall"}) {
    const auto result = trueup(home, {verb, "clock"});
    EXPECT_EQ(result.exit_status, 1) << verb;
    EXPECT_NE(result.errors.find("Clock"), std::string::npos) << verb << result.errors;
    EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << verb;
  }
}

TEST(ReadingVerbs, wrong_usage_is_64_and_touches_nothing_F141) {
  Installation home;
  drift(home);
  const auto before = take_snapshot(home.root().parent_path());
  for (const char* verb : {"reconcile", "explain", "enable", "disable", "install", "update", "uninstall"}) {
    for (const std::string id : {"", ".", "..", "../config", "a/../../config", "/etc", "%2e%2e%2fconfig", "foo/",
                                 "foo\\..", "-rf", " foo", "foo ", "display"}) {
      const auto result = trueup(home, {verb, id});
      // What install gets with a slash is a file or directory: looked at, and no plugin.
      const bool is_path = verb == std::string("install") && id.find('/') != std::string::npos;
      EXPECT_EQ(result.exit_status, is_path ? 1 : 64) << verb << " '" << id << "' " << result.output;
      EXPECT_FALSE(result.errors.empty());
    }
    EXPECT_EQ(trueup(home, {verb, std::string(300, 'a')}).exit_status, 64);
  }
  EXPECT_EQ(trueup(home, {"uninstall", "--dir", "../config"}).exit_status, 64);
  EXPECT_EQ(difference(before, take_snapshot(home.root().parent_path())), "");
}

TEST(ReadingVerbs, without_a_registry_missing_plugins_wait_and_one_line_says_why) {
  Installation home;
  home.add_healthy("clock").set_enabled("weather", true).record("weather", true);
  const auto result = run_command({TRUEUP_BINARY, "--root", home.root().string(), "plan", "--json"},
                                  {.environment = {{"TRUEUP_REGISTRY", ""}}});
  const auto plan = json::parse(result.output);
  EXPECT_EQ(result.exit_status, 5) << plan;
  EXPECT_TRUE(plan["steps"].empty());
  for (const auto& source : plan["sources"]) {
    if (source["name"] != "registry") continue;
    EXPECT_EQ(source["verdict"], "unreadable");
    EXPECT_EQ(source["reason"], "not_fetched");
  }
}

TEST(ReadingVerbs, a_registrys_password_and_token_are_told_by_no_verb_and_no_report) {
  Installation home;
  home.add_healthy("clock").set_enabled("weather", true).record("weather", true);
  for (const std::string login : {"usr:REGPASS@", ""}) {
    const std::string registry = "https://" + login + "127.0.0.1:1/plugins.json?token=REGTOKEN";
    for (const std::string verb : {"status", "plan", "doctor", "list", "report", "reconcile", "install gone",
                                   "explain weather", "store refresh", "plan --json"}) {
      std::vector<std::string> words{TRUEUP_BINARY, "--root", home.root().string(), "--registry", registry};
      std::istringstream of_verb(verb);
      for (std::string word; of_verb >> word;) words.push_back(word);
      const auto result = run_command(words);
      const std::string told = result.output + result.errors;
      EXPECT_EQ(told.find("REGPASS"), std::string::npos) << verb << told;
      EXPECT_EQ(told.find("REGTOKEN"), std::string::npos) << verb << told;
      if (!login.empty() && verb == "status") {
        EXPECT_NE(told.find("a user name or password in it is not used"), std::string::npos) << told;
      }
    }
  }
}

TEST(ReadingVerbs, find_the_installation_from_a_directory_below_it_and_from_the_environment) {
  Installation home;
  home.add_healthy("clock");
  const auto below = run_command({TRUEUP_BINARY, "--registry", "none", "plan", "--json"},
                                 {.environment = {{"TRUEUP_ROOT", ""}}, .directory = home.plugin("clock")});
  EXPECT_EQ(json::parse(below.output)["root"], std::filesystem::canonical(home.root()).string()) << below.errors;
  const auto named = run_command(
      {TRUEUP_BINARY, "plan", "--json"},
      {.environment = {{"TRUEUP_ROOT", home.root().string()}, {"TRUEUP_REGISTRY", "none"}}, .directory = "/"});
  EXPECT_EQ(named.output, below.output);
  const auto nowhere = run_command({TRUEUP_BINARY, "status"}, {.environment = {{"TRUEUP_ROOT", ""}}, .directory = "/"});
  EXPECT_EQ(nowhere.exit_status, 1);
  EXPECT_NE(nowhere.errors.find("config/config.json"), std::string::npos) << nowhere.errors;
}

TEST(ReadingVerbs, take_the_registry_of_the_settings_where_the_command_line_names_none) {
  Installation home;
  home.add_healthy("clock").offer("weather", "2.0.0").set_enabled("weather", true).record("weather", true);
  home.write("config/trueup/settings.json", "{\"registry\": \"registry\"}");
  const auto result = run_command({TRUEUP_BINARY, "--root", home.root().string(), "status"},
                                  {.environment = {{"TRUEUP_REGISTRY", ""}}});
  EXPECT_EQ(result.exit_status, 2) << result.output;
}

TEST(ReadingVerbs, show_nothing_from_outside_that_could_drive_a_terminal_F149) {
  Installation home;
  home.add_healthy("clock");
  home.set_section("evil\\u001b[2J\\u202e", R"({"enabled": true})");
  home.write("plugin-repos/bad\x1b[31m/manifest.json", "{\"id\": \"\\u001b]0;x\\u0007\", \"name\": \"\\u009b\"}");
  for (const auto& words : {std::vector<std::string>{"status"}, {"plan"}, {"list"}, {"doctor"}, {"plan", "--json"}}) {
    const auto result = trueup(home, words);
    for (const char bad : {'\x1b', '\x07'}) EXPECT_EQ(result.output.find(bad), std::string::npos) << words.front();
    EXPECT_EQ(result.output.find(std::string{'\xe2', '\x80', '\xae'}), std::string::npos) << words.front();
    EXPECT_EQ(result.output.find("\xc2\x9b"), std::string::npos) << words.front();
  }
}

TEST(ReadingVerbs, say_each_thing_once_F158) {
  Installation home;
  drift(home);
  const auto result = trueup(home, {"status"});
  EXPECT_EQ(result.errors, "");
  std::size_t mentions = 0;
  for (std::size_t at = 0; (at = result.output.find("Plugin stocks is damaged", at)) != std::string::npos; ++at)
    ++mentions;
  EXPECT_EQ(mentions, 1U) << result.output;
}

/// A plugin in agreement everywhere that provides these display modes (JSON text).
void add_with_modes(Installation& home, const std::string& id, const std::string& modes, bool enabled = true) {
  home.add_healthy(id, enabled);
  const std::string manifest = "plugin-repos/" + id + "/manifest.json";
  auto fields = json::parse(home.read(manifest));
  fields["display_modes"] = json::parse(modes);
  home.write(manifest, fields.dump(2));
}

TEST(ReadingVerbs, explain_of_a_display_mode_names_its_plugin) {
  Installation home;
  add_with_modes(home, "weather", R"(["Weather_Now", "weather_later"])");
  const auto result = trueup(home, {"explain", "weather_now"});
  EXPECT_EQ(result.exit_status, 0) << result.errors;
  EXPECT_NE(result.output.find("weather, which provides the display mode weather_now,"), std::string::npos)
      << result.output;
  const auto shown = json::parse(trueup(home, {"explain", "WEATHER_LATER", "--json"}).output);
  EXPECT_EQ(shown["plugin_id"], "weather");
  EXPECT_EQ(shown["asked_by_mode"], true);
  EXPECT_EQ(json::parse(trueup(home, {"explain", "weather", "--json"}).output)["asked_by_mode"], false);
  EXPECT_EQ(trueup(home, {"reconcile", "weather_now"}).exit_status, 1);  // a mode is no plugin to be mended
}

TEST(ReadingVerbs, a_mode_is_asked_for_as_its_plugin_writes_it_and_as_people_type_it) {
  Installation home;
  add_with_modes(home, "weather", R"(["tide table", "a/b", "Weather_Now"])");
  for (const char* mode : {"tide table", " Tide TABLE ", "a/b", " weather_NOW "}) {
    const auto shown = trueup(home, {"explain", mode, "--json"});
    EXPECT_EQ(shown.exit_status, 0) << mode << shown.errors;
    EXPECT_EQ(json::parse(shown.output)["plugin_id"], "weather") << mode;
  }
  EXPECT_EQ(trueup(home, {"explain", "no such mode"}).exit_status, 64) << "nothing of that name, and no id";
}

TEST(ReadingVerbs, a_plugin_that_only_the_registry_lists_is_said_to_be_there_to_install) {
  Installation home;
  home.add_healthy("clock").offer("radio");
  for (const char* verb : {"explain", "enable", "reconcile"}) {
    const auto told = trueup(home, {verb, "radio"});
    EXPECT_EQ(told.exit_status, 1) << verb;
    EXPECT_THAT(told.errors, HasSubstr("the registry lists it")) << verb;
    EXPECT_THAT(told.errors, HasSubstr("trueup install radio")) << verb;
  }
  EXPECT_EQ(trueup(home, {"install", "radio"}).exit_status, 0) << "what was advised works";
}

TEST(ReadingVerbs, an_entry_that_the_registry_gets_wrong_is_said_to_be_refused_and_why) {
  Installation home;
  home.add_healthy("clock").set_enabled("weather", true).record("weather", true).offer("weather");
  home.root();
  auto registry = json::parse(home.read("registry/plugins.json"));
  for (auto& entry : registry["plugins"]) {
    if (entry["id"] == "weather") entry["plugin_path"] = "plugins/../../config";
  }
  home.write("registry/plugins.json", registry.dump());
  for (const std::vector<std::string>& words : {std::vector<std::string>{"plan"},
                                                {"install", "weather"},
                                                {"--rules", "ledmatrix", "plan"},
                                                {"store", "show", "weather"},
                                                {"enable", "weather"}}) {
    const auto told = trueup(home, words);
    const std::string text = told.output + told.errors;
    EXPECT_THAT(text, HasSubstr("the registry's entry")) << words.front();
    EXPECT_THAT(text, HasSubstr("is refused")) << words.front();
    EXPECT_THAT(text, HasSubstr("plugins/../../config")) << words.front();
    EXPECT_EQ(text.find("does not list it"), std::string::npos) << text;
  }
}

TEST(ReadingVerbs, the_ledmatrix_rules_say_that_what_they_try_to_install_is_not_listed) {
  Installation home;
  home.add_healthy("clock").set_enabled("ghost", true).record("ghost", true);
  const auto plan = trueup(home, {"--rules", "ledmatrix", "plan"});
  EXPECT_THAT(plan.output, HasSubstr("try to install ghost; the registry lists no such plugin")) << plan.output;
  EXPECT_EQ(plan.exit_status, 2) << "the original calls it fixable";
}

TEST(ReadingVerbs, two_plugins_with_one_display_mode_are_shown_on_both_and_weighed_when_both_are_on) {
  Installation home;
  add_with_modes(home, "clock", R"(["now"])");
  add_with_modes(home, "weather", R"(["Now ", "later"])");
  EXPECT_EQ(trueup(home, {"status"}).exit_status, 3);
  const auto list = json::parse(trueup(home, {"list", "--json"}).output)["plugins"];
  EXPECT_EQ(list[0]["reasons"], json({"its display mode now is also that of weather"}));
  EXPECT_EQ(list[1]["reasons"], json({"its display mode Now is also that of clock"}));
  EXPECT_EQ(list[1]["display_modes"], json({"Now", "later"}));
  const auto explained = json::parse(trueup(home, {"explain", "weather", "--json"}).output);
  EXPECT_EQ(explained["display_modes"][0]["also_by"], json({"clock"}));
  EXPECT_EQ(trueup(home, {"disable", "weather"}).exit_status, 0);
  EXPECT_EQ(trueup(home, {"status"}).exit_status, 0);
}

TEST(ReadingVerbs, doctor_names_ids_that_LEDMatrix_cannot_keep_apart) {
  Installation home;
  home.add_healthy("Clock").add_healthy("clock");
  const auto result = trueup(home, {"doctor"});
  EXPECT_NE(result.output.find("Clock and clock differ in the case of letters only"), std::string::npos)
      << result.output;
}

}  // namespace
}  // namespace trueup::test
