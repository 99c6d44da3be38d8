// What the display tells of the plugins it runs, as the command makes use of it. This test stands for the display.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "e2e/command_support.h"

namespace trueup::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

double now_in_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Display {
 public:
  explicit Display(Installation& home) : home_(home) {
    home.write("config/trueup/settings.json", json{{"display_cache", (home.root() / "cache").string()}}.dump());
  }
  void tell(const json& plugins, long pid = ::getpid()) {
    const json data{{"schema", 1},         {"running", true},   {"pid", pid}, {"published_at", now_in_seconds()},
                    {"stale_after", 3600}, {"plugins", plugins}};
    home_.write("cache/plugin_runtime_snapshot.json", json{{"data", data}, {"timestamp", 1.0}}.dump());
  }

 private:
  Installation& home_;
};

TEST(Runtime, a_plugin_that_does_not_run_is_told_with_its_reason_and_the_command) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather");
  Display display(home);
  display.tell({{"clock", {{"loaded", true}, {"state", "enabled"}, {"version", "1.0.0"}}},
                {"weather", {{"loaded", false}, {"state", "error"}, {"error", {{"message", "no \x1b city"}}}}}});
  const auto status = trueup(home, {"status"});
  EXPECT_EQ(status.exit_status, 3) << status.output;
  EXPECT_EQ(status.output.find('\x1b'), std::string::npos);
  EXPECT_THAT(trueup(home, {"plan"}).output, HasSubstr("sudo systemctl restart ledmatrix"));
  const auto told = json::parse(trueup(home, {"status", "--json"}).output);
  EXPECT_EQ(told["running"],
            json::array({{{"health", ""}, {"id", "clock"}, {"state", "enabled"}, {"version", "1.0.0"}}}));
  const auto list = json::parse(trueup(home, {"list", "--json"}).output)["plugins"];
  EXPECT_EQ(list[0]["running"], true);
  EXPECT_EQ(list[1]["running"], false);
  const auto chain = json::parse(trueup(home, {"explain", "weather", "--json"}).output)["chain"];
  EXPECT_EQ(chain.back()["link"], "running");
  EXPECT_EQ(chain.back()["ok"], false);
}

TEST(Runtime, everything_agrees_when_the_display_runs_what_is_on) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather", false);
  Display(home).tell({{"clock", {{"loaded", true}, {"state", "enabled"}}}});
  const auto status = trueup(home, {"status"});
  EXPECT_EQ(status.exit_status, 0) << status.output;
  EXPECT_EQ(status.output.find("unknown"), std::string::npos) << status.output;
}

TEST(Runtime, a_plugin_that_runs_and_is_held_back_has_its_line_in_status) {
  Installation home;
  home.add_healthy("clock");
  Display(home).tell({{"clock", {{"loaded", true}, {"state", "enabled"}}}});
  const json data{{"circuit_state", "open"}, {"consecutive_failures", 5}, {"last_error", "no answer"}};
  home.write("cache/plugin_health:clock.json", json{{"data", data}, {"timestamp", now_in_seconds()}}.dump());
  const auto status = trueup(home, {"status"});
  EXPECT_EQ(status.exit_status, 0) << status.output;
  EXPECT_THAT(status.output, HasSubstr("clock runs; LEDMatrix holds it back after 5 failures in a row"));
}

TEST(Runtime, a_display_that_may_be_restarted_and_cannot_be_is_said_to_be_so) {
  if (std::filesystem::exists("/run/systemd/system")) GTEST_SKIP() << "this machine may have a display to restart";
  Installation home;
  home.add_healthy("clock");
  Display(home).tell(json::object());
  json settings = json::parse(read_file(home.root() / "config/trueup/settings.json"));
  settings["restart_display"] = "always";
  home.write("config/trueup/settings.json", settings.dump());
  EXPECT_THAT(trueup(home, {"plan"}).output, HasSubstr("restart the display, which makes the display try again"));
  const auto pass = trueup(home, {"reconcile"});
  EXPECT_EQ(pass.exit_status, 3) << pass.output;
  EXPECT_THAT(pass.output + pass.errors, HasSubstr("the display could not be restarted"));
  settings["restart_display"] = "often";
  home.write("config/trueup/settings.json", settings.dump());
  const auto refused = trueup(home, {"status"});
  EXPECT_NE(refused.exit_status, 0);
  EXPECT_THAT(refused.errors, HasSubstr("never, ask, quiet-hours or always"));
}

TEST(Runtime, what_the_display_tells_in_an_unknown_way_is_unknown_and_nothing_is_restarted_for_it) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather").add_healthy("news").add_healthy("stocks");
  Display(home).tell({{"clock", {{"loaded", 1}, {"state", "running"}}}, {"weather", 7}});
  json settings = json::parse(read_file(home.root() / "config/trueup/settings.json"));
  settings["restart_display"] = "always";
  home.write("config/trueup/settings.json", settings.dump());
  const std::string plan = trueup(home, {"plan"}).output;
  EXPECT_THAT(plan, HasSubstr("would take 1 step"));
  EXPECT_EQ(plan.find("restart the display"), plan.rfind("restart the display")) << plan;
  const auto told = json::parse(trueup(home, {"plan", "--json"}).output)["inconsistencies_found"];
  std::vector<std::string> found;
  for (const auto& one : told) found.push_back(one["plugin_id"]);
  EXPECT_EQ(found, (std::vector<std::string>{"news", "stocks"})) << "these are not listed at all";
  EXPECT_THAT(trueup(home, {"explain", "clock"}).output, HasSubstr("whether the display runs it is unknown"));
}

TEST(Runtime, of_a_display_that_has_ended_nothing_is_concluded) {
  Installation home;
  home.add_healthy("clock");
  constexpr long kNoSuchProcess = 2'000'000'000;
  Display(home).tell(json::object(), kNoSuchProcess);
  const auto status = trueup(home, {"status"});
  EXPECT_EQ(status.exit_status, 0) << status.output;
  EXPECT_THAT(status.output, HasSubstr("What runs is unknown"));
  EXPECT_EQ(json::parse(trueup(home, {"status", "--json"}).output)["running"], nullptr);
}

TEST(Runtime, a_plugin_that_the_display_does_not_list_is_explained_by_its_health_record_without_secrets) {
  Installation home;
  home.add_healthy("clock").set_secret("clock", R"({"api_key": "CANARY-0815"})");
  Display(home).tell(json::object());
  home.write("cache/plugin_health:clock.json",
             json{{"data",
                   {{"circuit_state", "open"},
                    {"consecutive_failures", 3},
                    {"last_error", "no\x1b answer to ?key=CANARY-0815 " + std::string(1000, 'x')},
                    {"degraded_reason", "its settings"}}},
                  {"timestamp", now_in_seconds()}}
                 .dump());
  const auto told = trueup(home, {"explain", "clock"});
  EXPECT_EQ(told.output.find("does not say why"), std::string::npos) << told.output;
  const auto chain = trueup(home, {"explain", "clock", "--json"}).output;
  EXPECT_THAT(chain, HasSubstr("LEDMatrix holds it back after 3 failures in a row: no")) << chain;
  for (const auto& words : {std::vector<std::string>{"explain", "clock"}, {"plan"}, {"plan", "--json"}}) {
    const auto result = trueup(home, words);
    EXPECT_EQ(result.output.find("CANARY"), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find('\x1b'), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find(std::string(400, 'x')), std::string::npos) << "it is bounded";
  }
}

TEST(Runtime, no_text_of_the_display_repeats_a_secret_of_either_file) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather").set_secret("weather", R"({"api_key": "CANARY-1"})");
  home.set_section("clock", R"({"enabled": true, "mqtt": {"password": "CANARY-2"}, "url": "http://u:CANARY-3@h/",)"
                            R"( "plain": ["CANARY-4"]})");
  home.write("plugin-repos/clock/config_schema.json", R"({"type": "object", "properties": {"plain": {"type": "array",)"
                                                      R"( "items": {"type": "string", "x-secret": true}}}})");
  Display(home).tell(
      {{"weather",
        {{"loaded", false}, {"state", "error"}, {"error", {{"message", "GET ?key=CANARY-1 and CANARY-2 failed"}}}}},
       {"clock",
        {{"loaded", false}, {"state", "error"}, {"error", {{"message", "at http://u:CANARY-3@h/ with CANARY-4"}}}}}});
  for (const auto& words : std::vector<std::vector<std::string>>{{"status"},
                                                                 {"plan"},
                                                                 {"plan", "--json"},
                                                                 {"explain", "clock"},
                                                                 {"explain", "weather"},
                                                                 {"list", "--json"},
                                                                 {"report"}}) {
    const auto result = trueup(home, words);
    EXPECT_EQ(result.output.find("CANARY"), std::string::npos) << words.front() << ": " << result.output;
  }
  const std::string plan = trueup(home, {"plan"}).output;
  EXPECT_THAT(plan, HasSubstr("GET ?key=[not shown]"));
  EXPECT_THAT(plan, HasSubstr("with [not shown]"));
}

TEST(Runtime, a_plugin_that_was_ignored_stays_so_when_it_only_failed_once_more) {
  Installation home;
  home.add_healthy("clock");
  Display(home).tell(json::object());
  const auto fails = [&home](int times) {
    const json data{{"circuit_state", "open"}, {"consecutive_failures", times}, {"last_error", "no answer"}};
    home.write("cache/plugin_health:clock.json", json{{"data", data}, {"timestamp", now_in_seconds()}}.dump());
  };
  fails(3);
  ASSERT_EQ(trueup(home, {"ignore", "plugin_not_running:clock"}).exit_status, 0);
  fails(4);
  EXPECT_EQ(trueup(home, {"status"}).exit_status, 0);
}

TEST(Runtime, a_snapshot_of_a_time_to_come_is_said_to_be_so) {
  Installation home;
  home.add_healthy("clock");
  Display(home).tell(json::object());
  json told = json::parse(read_file(home.root() / "cache/plugin_runtime_snapshot.json"));
  told["data"]["published_at"] = told["data"]["published_at"].get<double>() + 100000;
  home.write("cache/plugin_runtime_snapshot.json", told.dump());
  EXPECT_THAT(trueup(home, {"status"}).output, HasSubstr("still to come"));
}

TEST(Runtime, a_damaged_snapshot_is_said_to_be_unreadable) {
  Installation home;
  home.add_healthy("clock");
  Display display(home);
  home.write("cache/plugin_runtime_snapshot.json", "{");
  const std::string status = trueup(home, {"status"}).output;
  EXPECT_THAT(status, HasSubstr("plugin_runtime_snapshot.json"));
  EXPECT_THAT(status, HasSubstr("the display writes that file anew"));
  EXPECT_EQ(status.find("owner and mode"), std::string::npos) << status;
}

}  // namespace
}  // namespace trueup::test
