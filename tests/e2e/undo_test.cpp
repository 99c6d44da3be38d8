// `undo`: what it brings back stays as it brought it, and what it cannot bring back it names.
#include <gmock/gmock.h>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Undo : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  /// The next pass changes nothing and says whose word that is.
  void expect_held(const std::string& finding) {
    const auto* held = trueup.plan().finding(finding);
    ASSERT_NE(held, nullptr) << finding;
    EXPECT_EQ(held->reason, "undone_by_owner");
    const Snapshot before = take_snapshot(home.root());
    EXPECT_EQ(trueup.reconcile().steps_to_do(), 0u);
    EXPECT_EQ(difference(before, take_snapshot(home.root()), Compare::contents), "");
  }
};

TEST_F(Undo, what_it_takes_out_stays_out_though_the_store_could_not_be_read_at_that_moment) {
  home.add_healthy("clock").offer("weather").set_enabled("weather", true);
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  ASSERT_TRUE(fs::exists(home.plugin("weather")));
  const fs::path registry = home.registry();
  fs::rename(registry, home.root() / "elsewhere");
  const auto undone = trueup.run({"undo"});
  EXPECT_EQ(undone.exit_status, 0) << undone.errors;
  EXPECT_THAT(undone.output, HasSubstr("left alone until you ask"));
  fs::rename(home.root() / "elsewhere", registry);
  expect_held("plugin_missing_on_disk:weather");
  EXPECT_FALSE(fs::exists(home.plugin("weather")));

  EXPECT_EQ(trueup.run({"reconcile", "weather"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("weather"))) << "it was asked for by name";
}

TEST_F(Undo, what_it_takes_out_stays_out_though_it_was_told_of_no_store) {
  home.add_healthy("clock").offer("weather").set_enabled("weather", true);
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  trueup.use_registry("none");
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  trueup.use_registry(home.registry().string());
  expect_held("plugin_missing_on_disk:weather");
  EXPECT_FALSE(fs::exists(home.plugin("weather")));
}

TEST_F(Undo, a_rename_that_was_taken_back_stays_so_though_another_store_was_named) {
  home.add_plugin("postcards").offer("postcards").set_section("cards", R"({"enabled": true, "speed": 3})");
  home.write("plugin-repos/postcards/manifest.json", R"({"id": "postcards", "name": "Postcards", "version": "1.0.0",
    "entry_point": "manager.py", "class_name": "TestPlugin", "display_modes": ["postcards"], "aliases": ["cards"]})");
  home.write("registry/plugins.json", R"({"plugins": [{"id": "postcards", "name": "Postcards", "latest_version":
    "1.0.0", "plugin_path": "plugins/postcards", "repo": "https://example.com/x", "branch": "main",
    "aliases": ["cards"]}]})");
  const std::string before = read_file(home.config());
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  ASSERT_EQ(json_at(read_file(home.config()), "/postcards/speed"), "3");
  trueup.use_registry("none");
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  ASSERT_EQ(read_file(home.config()), before);
  trueup.use_registry(home.registry().string());
  EXPECT_EQ(trueup.reconcile().steps_to_do(), 0u);
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(Undo, says_which_key_of_which_file_went_on_and_what_to_do_then) {
  home.add_healthy("clock").set_section("clock", R"({"enabled": true, "n": 5})");
  ASSERT_EQ(trueup.run({"config", "set", "clock", "n", "7"}).exit_status, 0);
  home.set_section("clock", R"({"enabled": true, "n": 8})");
  home.root();
  const std::string before = read_file(home.config());
  const auto refused = trueup.run({"undo"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("config/config.json: `clock.n`"));
  EXPECT_THAT(refused.errors, HasSubstr("trueup history"));
  EXPECT_THAT(refused.errors, testing::Not(HasSubstr("run the same command again")));
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(Undo, of_a_rename_says_which_list_went_on) {
  home.add_plugin("postcards").record("cards", true, "1.0.0");
  home.write("config/config.json", R"({"display": {"plugin_rotation_order": ["clock", "cards"]},
    "plugin_system": {"plugins_directory": "plugin-repos"}, "cards": {"enabled": true}})");
  std::string manifest = home.read("plugin-repos/postcards/manifest.json");
  manifest.insert(manifest.find('{') + 1, "\"former_ids\": [\"cards\"],");
  home.write("plugin-repos/postcards/manifest.json", manifest);
  ASSERT_EQ(trueup.run({"reconcile"}).exit_status, 0);
  std::string config = read_file(home.config());
  ASSERT_EQ(json_at(config, "/display/plugin_rotation_order"), R"(["clock","postcards"])");
  config.replace(config.find("\"clock\", \"postcards\""), 20, "\"postcards\", \"clock\"");
  write_file(home.config(), config);
  const auto refused = trueup.run({"undo"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("display.plugin_rotation_order"));
  EXPECT_EQ(read_file(home.config()), config);
}

}  // namespace
}  // namespace trueup::test
