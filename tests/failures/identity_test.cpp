// Sections D, E and G of the failures: removal, and the several names of one plugin.
#include <gmock/gmock.h>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Identity : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  /// As the official registry lists four plugins: a short id, and the plugin's own id as the last part of its path.
  void offer_weather_under_its_short_name() {
    home.offer("weather", "2.0.0", "ledmatrix-weather");
    read_file(home.registry() / "plugins.json");
    write_plugin(home.registry() / "plugins/ledmatrix-weather", "ledmatrix-weather", "2.0.0");
  }
};

TEST_F(Identity, a_left_over_record_never_brings_a_plugin_back_F50) {
  home.add_healthy("clock").record("foo", true, "1.0.0").offer("foo");
  const std::string config = read_file(home.config());
  for (int pass = 0; pass < 5; ++pass) EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_FALSE(fs::exists(home.plugin("foo")));
}

TEST_F(Identity, what_a_core_update_lays_down_again_stays_removed_until_it_is_installed_by_name_F48) {
  home.add_healthy("clock").add_healthy("web-ui-info").offer("web-ui-info");
  ASSERT_EQ(trueup.run({"uninstall", "web-ui-info"}).exit_status, 0);
  for (int update = 0; update < 3; ++update) {
    home.add_plugin("web-ui-info");
    const Snapshot laid_down = take_snapshot(home.plugin("web-ui-info"));
    const std::string config = read_file(home.config());
    EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
    EXPECT_FALSE(trueup.list().contains("web-ui-info"));
    EXPECT_TRUE(trueup.list().contains("clock"));
    EXPECT_EQ(read_file(home.config()), config);
    EXPECT_THAT(read_file(home.tombstones()), HasSubstr("web-ui-info"));
    EXPECT_EQ(difference(laid_down, take_snapshot(home.plugin("web-ui-info"))), "") << "nor is it taken away";
  }
  ASSERT_EQ(trueup.run({"install", "web-ui-info"}).exit_status, 0);
  EXPECT_THAT(read_file(home.tombstones()), Not(HasSubstr("web-ui-info")));
  for (int update = 0; update < 3; ++update) {
    home.add_plugin("web-ui-info");
    trueup.reconcile();
    EXPECT_TRUE(trueup.list().contains("web-ui-info"));
  }
}

TEST_F(Identity, hostile_tombstones_touch_nothing_F51) {
  for (const char* tombstones : {R"(["", "..", ".", "../config", "/etc", "foo/bar", "ok-id", 7, null])", R"({"a": 1})",
                                 "garbage", "[\"clock\""}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    fresh.add_healthy("clock").add_healthy("weather");
    fresh.write("config/uninstalled_plugins.json", tombstones);
    const Snapshot plugins = take_snapshot(fresh.plugins());
    on_fresh.reconcile();
    EXPECT_EQ(read_file(fresh.tombstones()), tombstones);
    EXPECT_EQ(difference(plugins, take_snapshot(fresh.plugins()), Compare::contents), "") << tombstones;
  }
}

TEST_F(Identity, a_second_copy_in_the_old_plugins_directory_does_not_take_over_F53) {
  home.add_healthy("foo").add_healthy("clock");
  write_plugin(home.root() / "plugins/foo", "foo", "0.9.0");
  const CommandResult ran = trueup.run({"uninstall", "foo"});
  const bool first = fs::exists(home.plugin("foo"));
  const bool second = fs::exists(home.root() / "plugins/foo");
  if (ran.exit_status == 0) {
    EXPECT_FALSE(first || second) << "reported as removed, and a copy is still there";
  } else {
    EXPECT_TRUE(first && second) << "refused, and something was removed all the same";
    EXPECT_THAT(ran.output + ran.errors, HasSubstr("plugins/foo"));
  }
}

TEST_F(Identity, removal_takes_every_name_of_a_plugin_and_never_another_plugins_F56) {
  home.add_healthy("ledmatrix-foo").offer("foo", "1.0.0", "ledmatrix-foo").add_healthy("foo-two");
  home.set_secret("foo", R"({"token":"of-foo"})").record("foo", true).set_secret("foo-two", R"({"token":"of-two"})");
  const auto other = json_at(read_file(home.config()), "/foo-two");
  EXPECT_EQ(trueup.run({"uninstall", "ledmatrix-foo"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("ledmatrix-foo")));
  EXPECT_EQ(json_at(read_file(home.config()), "/ledmatrix-foo"), std::nullopt);
  EXPECT_EQ(json_at(read_file(home.secrets()), "/foo"), std::nullopt);
  EXPECT_EQ(json_at(read_file(home.state()), "/states/foo"), std::nullopt);
  EXPECT_EQ(json_at(read_file(home.state()), "/states/ledmatrix-foo"), std::nullopt);
  EXPECT_EQ(json_at(read_file(home.config()), "/foo-two"), other);
  EXPECT_NE(json_at(read_file(home.secrets()), "/foo-two"), std::nullopt);
}

TEST_F(Identity, removing_what_is_not_installed_records_no_removal_F57) {
  home.add_healthy("clock");
  read_file(home.config());
  EXPECT_NE(trueup.run({"uninstall", "foo"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.tombstones()));
  EXPECT_EQ(trueup.run({"uninstall", "clock"}).exit_status, 0);
  EXPECT_THAT(read_file(home.tombstones()), HasSubstr("clock"));
}

TEST_F(Identity, a_prefixed_key_is_resolved_by_the_registrys_path_F80) {
  home.add_healthy("clock").set_enabled("ledmatrix-weather", true);
  offer_weather_under_its_short_name();
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("ledmatrix-weather/manifest.json")));
  EXPECT_FALSE(fs::exists(home.plugin("weather")));
  EXPECT_EQ(json_at(read_file(home.config()), "/weather"), std::nullopt);
  EXPECT_THAT(trueup.plan().found, IsEmpty());
}

TEST_F(Identity, a_name_that_two_plugins_declare_theirs_installs_neither_and_is_the_one_that_is_there_F88) {
  home.add_healthy("clock").offer("forecast").offer("radar");
  std::string registry = home.read("registry/plugins.json");
  for (const std::string id : {"forecast", "radar"}) {
    registry.insert(registry.find("\"id\": \"" + id), R"("aliases": ["weather"], )");
  }
  home.write("registry/plugins.json", registry);
  const Snapshot before = take_snapshot(home.root());
  const CommandResult refused = trueup.run({"install", "weather"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("`forecast`"), HasSubstr("`radar`")));
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  EXPECT_EQ(trueup.run({"install", "radar"}).exit_status, 0);
  EXPECT_THAT(trueup.run({"explain", "weather"}).output, HasSubstr("radar (asked for as weather)"));
  EXPECT_FALSE(fs::exists(home.plugin("forecast")));
}

TEST_F(Identity, both_spellings_act_on_the_same_plugin_in_every_verb_F81) {
  home.add_healthy("clock");
  offer_weather_under_its_short_name();
  const CommandResult installed = trueup.run({"install", "weather"});
  EXPECT_EQ(installed.exit_status, 0) << installed.errors;
  EXPECT_THAT(installed.output, HasSubstr("ledmatrix-weather"));
  EXPECT_TRUE(fs::exists(home.plugin("ledmatrix-weather")));
  EXPECT_EQ(trueup.run({"enable", "weather"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/ledmatrix-weather/enabled"), "true");
  EXPECT_EQ(json_at(read_file(home.config()), "/weather"), std::nullopt);
  EXPECT_EQ(trueup.run({"disable", "ledmatrix-weather"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"explain", "weather"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"uninstall", "weather"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("ledmatrix-weather")));
}

TEST_F(Identity, two_directories_of_one_id_have_one_winner_and_neither_is_deleted_F84) {
  for (const bool copy_first : {true, false}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    if (copy_first) write_plugin(fresh.plugin("foo-copy"), "foo", "2.0.0");
    fresh.add_plugin("foo", "1.0.0").set_enabled("foo", true).record("foo", true, "1.0.0");
    if (!copy_first) write_plugin(fresh.plugin("foo-copy"), "foo", "2.0.0");
    EXPECT_EQ(on_fresh.list().at("foo").directory, "foo");
    EXPECT_EQ(on_fresh.reconcile().ran.exit_status, 3);
    EXPECT_TRUE(fs::exists(fresh.plugin("foo")));
    EXPECT_TRUE(fs::exists(fresh.plugin("foo-copy")));
  }
}

TEST_F(Identity, a_name_that_is_almost_right_is_suggested_and_never_acted_on_F85) {
  home.add_healthy("Clock").add_healthy("ledmatrix-clock");
  const Snapshot before = take_snapshot(home.root());
  const CommandResult ran = trueup.run({"uninstall", "clock"});
  EXPECT_NE(ran.exit_status, 0);
  EXPECT_THAT(ran.output + ran.errors, HasSubstr("Clock"));
  EXPECT_TRUE(fs::exists(home.plugin("Clock")));
  EXPECT_TRUE(fs::exists(home.plugin("ledmatrix-clock")));
  EXPECT_EQ(difference(before, take_snapshot(home.root()), Compare::contents), "");
}

TEST_F(Identity, a_plugin_that_calls_itself_like_a_core_setting_is_refused_and_never_given_a_section_F86) {
  for (const char* name : {"display", "sync", "plugin_system", "github", "schedule", "timezone", "location"}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    fresh.add_healthy("clock").offer(name);
    const std::string config = read_file(fresh.config());
    EXPECT_NE(on_fresh.run({"install", name}).exit_status, 0);
    EXPECT_FALSE(fs::exists(fresh.plugin(name)));
    write_plugin(fresh.plugin(name), name, "1.0.0");
    on_fresh.reconcile();
    EXPECT_NE(on_fresh.run({"enable", name}).exit_status, 0);
    EXPECT_EQ(read_file(fresh.config()), config) << name;
  }
}

}  // namespace
}  // namespace trueup::test
