// `trueup doctor` beside a LEDMatrix: which one it is, and what it will do at its next start.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "e2e/command_support.h"
#include "support/files.h"

namespace trueup::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// A drifted plugin beside the LEDMatrix whose reconciler holds `line`.
void drift_beside(Installation& home, const std::string& line) {
  home.add_plugin("clock").set_enabled("clock", true).record("clock", false).offer("clock");
  home.write("src/plugin_system/state_reconciliation.py", line + "\n");
  home.write(".git/HEAD", "ref: refs/heads/main\n");
  home.write(".git/refs/heads/main", std::string(40, 'a') + "\n");
}

TEST(Neighbour, doctor_says_that_this_LEDMatrix_will_believe_the_record) {
  Installation home;
  drift_beside(home, "self.config_manager.save_config(config)  # from the state_manager");
  const auto told = json::parse(trueup(home, {"doctor", "--json"}).output);
  EXPECT_EQ(told["ledmatrix"]["commit"], std::string(40, 'a'));
  EXPECT_EQ(told["ledmatrix"]["winner"], "state");
  EXPECT_EQ(told["ledmatrix"]["web_process"], false);
  ASSERT_EQ(told["next_start"].size(), 1U);
  EXPECT_EQ(told["next_start"][0]["finding"], "plugin_enabled_mismatch:clock");
  EXPECT_EQ(told["next_start"][0]["outcome"], "state_wins");
  EXPECT_THAT(trueup(home, {"doctor"}).output, HasSubstr("changes `clock.enabled` in config.json to false"));
}

TEST(Neighbour, doctor_says_that_this_LEDMatrix_will_believe_the_settings) {
  Installation home;
  drift_beside(home, "self.state_manager.set_plugin_enabled(plugin_id, enabled)");
  home.write("src/__init__.py", "__version__ = '3.2.0'\n");
  EXPECT_THAT(trueup(home, {"doctor"}).output, HasSubstr("version 3.2.0, commit aaaaaaaa on main"));
  const auto told = json::parse(trueup(home, {"doctor", "--json"}).output);
  EXPECT_EQ(told["next_start"][0]["outcome"], "config_wins");
}

TEST(Neighbour, R_10_doctor_warns_that_a_directory_named_location_costs_the_location) {
  Installation home;
  home.add_healthy("weather-place").set_section("location", R"({"city": "Bern"})");
  std::filesystem::rename(home.plugin("weather-place"), home.plugin("location"));
  home.write("src/plugin_system/state_reconciliation.py",
             "self.state_manager.set_plugin_enabled(plugin_id, enabled)\n");
  EXPECT_THAT(
      trueup(home, {"doctor"}).output,
      HasSubstr("for its directory `location`, replaces LEDMatrix's own settings of that name, which are lost"));
}

TEST(Neighbour, what_a_hostile_tree_says_of_itself_reaches_no_terminal) {
  Installation home;
  drift_beside(home, "pass");
  home.write("src/__init__.py", "__version__ = '\x1b]0;owned\x07'\n");
  const std::string output = trueup(home, {"doctor"}).output;
  EXPECT_EQ(output.find('\x1b'), std::string::npos);
  EXPECT_THAT(output, HasSubstr("is none of the known ones"));
}

TEST(Neighbour, where_no_LEDMatrix_lies_nothing_is_foretold) {
  Installation home;
  home.add_plugin("clock").set_enabled("clock", true).record("clock", false).offer("clock");
  const auto told = json::parse(trueup(home, {"doctor", "--json"}).output);
  EXPECT_EQ(told["ledmatrix"]["found"], false);
  EXPECT_EQ(told["next_start"], json::array());
}

}  // namespace
}  // namespace trueup::test
