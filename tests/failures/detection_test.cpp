// Section A of the failures: what is no plugin, what is damaged, and what could not be read.
#include <gmock/gmock.h>

#include <algorithm>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Detection : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
};

TEST_F(Detection, credentials_of_a_fresh_installation_are_no_plugins_F01) {
  home.add_healthy("web-ui-info")
      .set_secret("github", R"({"api_token":"t"})")
      .set_secret("youtube", R"({"api_key":"k"})");
  const std::string config = read_file(home.config());
  const std::string secrets = read_file(home.secrets());
  const Shown shown = trueup.reconcile();
  EXPECT_EQ(shown.ran.exit_status, 0);
  EXPECT_THAT(shown.found, IsEmpty());
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_EQ(read_file(home.secrets()), secrets);
}

TEST_F(Detection, no_key_that_only_the_secrets_bring_is_ever_a_plugin_F02) {
  home.add_healthy("web-ui-info").offer("weather").offer("secret-07");
  home.set_secret("weather", R"({"api_key":"k"})").set_secret("data", R"({"k":"v"})");
  for (int i = 0; i < 50; ++i) home.set_secret("secret-" + std::to_string(100 + i).substr(1), R"({"token":"x"})");
  const Shown shown = trueup.reconcile();
  EXPECT_EQ(shown.ran.exit_status, 0);
  EXPECT_THAT(shown.found, IsEmpty());
  EXPECT_FALSE(fs::exists(home.plugin("weather")));
  EXPECT_FALSE(fs::exists(home.plugin("secret-07")));
}

TEST_F(Detection, core_sections_and_unknown_ones_are_left_alone_F03) {
  home.add_healthy("clock")
      .set_section("sync", R"({"role":"follower"})")
      .set_section("auto_update", R"({"enabled":false})");
  home.set_section("logging", R"({"level":"info"})").set_section("network", "{}").set_section("skins", "{}");
  home.set_section("frobnicate", R"({"enabled":true})");
  const std::string config = read_file(home.config());
  for (int pass = 0; pass < 3; ++pass) {
    const Shown shown = trueup.reconcile();
    EXPECT_EQ(shown.ran.exit_status, 0);
    EXPECT_EQ(shown.steps_to_do(), 0U);
    EXPECT_THAT(shown.ran.output, Not(testing::ContainsRegex("[Rr]emove|[Dd]elete")));
  }
  EXPECT_EQ(read_file(home.config()), config);
}

TEST_F(Detection, copies_that_were_set_aside_are_no_plugins_in_any_order_F06) {
  const std::vector<std::pair<std::string, std::string>> directories{
      {"foo", "1.1.0"}, {"foo.standalone-backup-migrating", "1.0.0"}, {"foo.bak-20260101", "0.9.0"}};
  for (int order = 0; order < 6; ++order) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    std::vector<std::size_t> turn{0, 1, 2};
    for (int i = 0; i < order; ++i) std::next_permutation(turn.begin(), turn.end());
    for (const std::size_t i : turn) write_plugin(fresh.plugin(directories[i].first), "foo", directories[i].second);
    fresh.set_enabled("foo", true).record("foo", true, "1.1.0");
    const auto plugins = on_fresh.list();
    ASSERT_THAT(plugins, SizeIs(1));
    EXPECT_EQ(plugins.at("foo").version, "1.1.0");
    EXPECT_EQ(plugins.at("foo").directory, "foo");
    on_fresh.reconcile();
    EXPECT_THAT(read_file(fresh.config()), Not(HasSubstr("bak")));
    EXPECT_TRUE(fs::exists(fresh.plugin("foo.standalone-backup-migrating/manager.py")));
  }
}

TEST_F(Detection, a_set_aside_copy_that_names_no_plugin_asks_nobody_for_anything_F06) {
  home.add_healthy("clock");
  fs::create_directory(home.plugin(".standalone-backup-preinstall"));
  const Shown shown = trueup.plan();
  EXPECT_THAT(shown.manual, IsEmpty());
  EXPECT_EQ(shown.ran.exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin(".standalone-backup-preinstall")));
}

TEST_F(Detection, one_bad_manifest_hides_no_other_plugin_F07) {
  for (const std::string& payload :
       {std::string("null"), std::string("[]"), std::string("\"x\""), std::string("42"), std::string("true"),
        std::string(), std::string("{"), std::string(R"({"id":null})"), std::string(R"({"id":7})"),
        std::string(20U << 20U, ' ')}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    fresh.add_healthy("aaa").add_healthy("zzz").add_plugin("bad").set_enabled("bad", true);
    fresh.write("plugin-repos/bad/manifest.json", payload);
    const auto plugins = on_fresh.list();
    ASSERT_THAT(plugins, SizeIs(3)) << payload.substr(0, 20);
    EXPECT_EQ(plugins.at("aaa").state, "healthy");
    EXPECT_EQ(plugins.at("zzz").state, "healthy");
    EXPECT_EQ(plugins.at("bad").state, "damaged");
    EXPECT_NE(on_fresh.run({"doctor"}).exit_status, 0);
  }
}

TEST_F(Detection, a_directory_without_a_usable_manifest_is_damaged_and_never_silently_absent_F08) {
  home.add_plugin("hockey").set_enabled("hockey", true).record("hockey", true);
  home.add_plugin("x").set_enabled("x", true).record("x", true);
  fs::remove(home.plugin("hockey/manifest.json"));
  home.write("plugin-repos/x/manifest.json", R"({"name": "x"})");
  const std::string config = read_file(home.config());
  EXPECT_EQ(trueup.list().at("hockey").state, "damaged");
  EXPECT_EQ(trueup.list().at("x").state, "damaged");
  trueup.reconcile();
  EXPECT_EQ(read_file(home.config()), config);
}

TEST_F(Detection, a_config_that_cannot_be_read_decides_nothing_F09) {
  for (const std::string& damage :
       {std::string("{\"clock\": {\"enabled\": tr"), std::string(200, '\0'), std::string("[]")}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    for (const char* id : {"a", "b", "c", "d", "e", "f"}) fresh.add_healthy(id);
    const std::string good = read_file(fresh.config());
    fresh.write("config/config.json", damage);
    const Snapshot before = take_snapshot(fresh.root());
    EXPECT_EQ(on_fresh.plan().ran.exit_status, 5);
    EXPECT_EQ(difference(before, take_snapshot(fresh.root())), "");
    const Shown shown = on_fresh.reconcile();
    EXPECT_EQ(shown.ran.exit_status, 5);
    EXPECT_EQ(shown.steps_to_do(), 0U);
    EXPECT_EQ(read_file(fresh.config()), damage);
    fresh.write("config/config.json", good);
    EXPECT_THAT(on_fresh.plan().found, IsEmpty());
  }
}

TEST_F(Detection, a_directory_in_the_place_of_the_settings_is_moved_away_first_and_then_a_copy_comes_back_F09) {
  home.add_healthy("clock");
  ASSERT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);  // the file as it was before is kept
  fs::remove(home.config());
  fs::create_directory(home.config());
  const CommandResult status = trueup.run({"status"});
  EXPECT_THAT(status.output, HasSubstr("Next: mv -n config/config.json config/config.json.damaged\n"));
  EXPECT_THAT(status.output, HasSubstr("then `trueup restore config/config.json` puts back"));
  const CommandResult refused = trueup.run({"restore", "config/config.json"});
  EXPECT_EQ(refused.exit_status, 1) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr("mv -n config/config.json config/config.json.damaged"));
  fs::rename(home.config(), home.config().string() + ".damaged");
  EXPECT_EQ(trueup.run({"restore", "config/config.json"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/clock/enabled"), "true");
}

TEST_F(Detection, settings_too_large_to_be_read_are_not_written_over_F09) {
  home.add_healthy("clock");
  ASSERT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  fs::resize_file(home.config(), std::uintmax_t{65} << 20U);
  EXPECT_THAT(trueup.run({"status"}).output, HasSubstr("Next: mv -n config/config.json"));
  EXPECT_THAT(trueup.run({"restore", "config/config.json"}).errors, HasSubstr("mv -n config/config.json"));
  EXPECT_EQ(fs::file_size(home.config()), std::uintmax_t{65} << 20U);
}

TEST_F(Detection, an_unmounted_plugins_directory_is_one_finding_and_no_download_F10) {
  home.set_section("plugin_system", R"({"plugins_directory":"usb/plugins"})");
  for (int i = 0; i < 8; ++i) {
    const std::string id = "p" + std::to_string(i);
    home.offer(id).set_enabled(id, true).record(id, true, "1.0.0");
  }
  const Shown absent = trueup.reconcile();
  EXPECT_EQ(absent.ran.exit_status, 5);
  EXPECT_THAT(absent.found, SizeIs(1));
  EXPECT_FALSE(fs::exists(home.root() / "usb"));
  for (int i = 0; i < 8; ++i)
    write_plugin(home.root() / "usb/plugins" / ("p" + std::to_string(i)), "p" + std::to_string(i), "1.0.0");
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());
}

TEST_F(Detection, an_empty_plugins_directory_is_one_question_F10) {
  for (int i = 0; i < 8; ++i) {
    const std::string id = "p" + std::to_string(i);
    home.offer(id).set_enabled(id, true).record(id, true, "1.0.0");
  }
  const Shown held = trueup.reconcile();
  EXPECT_EQ(held.ran.exit_status, 3);
  EXPECT_THAT(held.manual, SizeIs(1));
  EXPECT_FALSE(fs::exists(home.plugin("p0")));
  const Shown confirmed = trueup.shown({"reconcile", "--confirm", held.plan_digest});
  EXPECT_EQ(confirmed.ran.exit_status, 0) << confirmed.ran.output;
  EXPECT_TRUE(fs::exists(home.plugin("p7/manager.py")));
}

TEST_F(Detection, a_note_below_the_mount_point_is_no_plugin_and_records_wait_too_F10) {
  for (int i = 0; i < 4; ++i) {
    const std::string id = "p" + std::to_string(i);
    home.offer(id).set_enabled(id, true).record(id, true, "1.0.0");
  }
  home.record("dropped-in", true, "1.0.0").write("plugin-repos/NOT_MOUNTED", "");
  const std::string state = home.read("data/plugin_state.json");
  const Shown held = trueup.reconcile();
  EXPECT_EQ(held.ran.exit_status, 3);
  EXPECT_THAT(held.manual, SizeIs(1));
  EXPECT_FALSE(fs::exists(home.plugin("p0")));
  EXPECT_EQ(home.read("data/plugin_state.json"), state);
  // It comes back with the disk, and is on as it was.
  for (const char* id : {"p0", "p1", "p2", "p3", "dropped-in"}) home.add_plugin(id);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(*json_at(home.read("config/config.json"), "/dropped-in/enabled"), "true");
}

TEST_F(Detection, an_empty_plugins_directory_is_one_question_also_where_nothing_can_be_fetched_F10) {
  for (int i = 0; i < 4; ++i) {
    const std::string id = "p" + std::to_string(i);
    home.set_enabled(id, true).record(id, true, "1.0.0");
  }
  const Shown held = trueup.reconcile();
  EXPECT_EQ(held.ran.exit_status, 3);
  EXPECT_THAT(held.manual, SizeIs(1));
}

TEST_F(Detection, a_plugins_directory_that_moved_to_a_new_disk_is_taken_when_the_owner_says_so_F10) {
  home.add_healthy("clock").offer("tide").set_enabled("tide", true).record("tide", true, "1.0.0");
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  fs::remove_all(home.plugins() / ".trueup.standalone-backup-work");
  fs::remove_all(home.plugin("tide"));
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 5);
  EXPECT_FALSE(fs::exists(home.plugin("tide")));
  EXPECT_THAT(trueup.run({"status"}).output, HasSubstr("Next: trueup resolve source_unreadable:disk\n"));
  EXPECT_EQ(trueup.run({"resolve", "source_unreadable:disk", "--choose", "adopt"}).exit_status, 0);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("tide")));
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("tide"))) << "what was done last is undone, and not what was adopted";
}

TEST_F(Detection, a_secret_in_the_place_of_all_settings_is_told_and_not_shown) {
  home.add_healthy("clock").write("config/config_secrets.json", R"({"clock": "S3CRET-canary"})");
  const Shown found = trueup.reconcile();
  EXPECT_EQ(found.ran.exit_status, 3);
  ASSERT_THAT(found.manual, testing::Not(IsEmpty()));
  EXPECT_THAT(found.ran.output, HasSubstr("hides all that config.json says"));
  EXPECT_THAT(found.ran.output, testing::Not(HasSubstr("S3CRET-canary")));
}

TEST_F(Detection, a_directory_that_cannot_be_told_may_be_the_plugin_that_seems_gone_F76) {
  home.add_healthy("clock").offer("tide").set_enabled("tide", true).record("tide", true, "1.0.0");
  home.record("fish", true, "1.0.0");
  home.write("plugin-repos/tide-dir/manifest.json", R"({"id": "tide", "name": "Ti)");
  const std::string state = home.read("data/plugin_state.json");
  const Shown held = trueup.reconcile();
  EXPECT_FALSE(fs::exists(home.plugin("tide"))) << held.ran.output;
  EXPECT_EQ(home.read("data/plugin_state.json"), state);
  EXPECT_THAT(trueup.run({"status"}).output, HasSubstr("tide-dir"));
}

TEST_F(Detection, a_section_without_enabled_means_the_recorded_choice_everywhere_F12) {
  for (const auto& [recorded, expected] : {std::pair{"none", false}, std::pair{"off", false}, std::pair{"on", true}}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    fresh.add_plugin("news").set_section("news", R"({"feeds":[1]})");
    if (std::string_view(recorded) != "none") fresh.record("news", expected, "1.0.0");
    const std::string config = read_file(fresh.config());
    for (int pass = 0; pass < 2; ++pass) {
      EXPECT_EQ(on_fresh.list().at("news").enabled, expected) << recorded;
      EXPECT_EQ(on_fresh.reconcile().steps_to_do(), 0U) << recorded;
    }
    EXPECT_EQ(read_file(fresh.config()), config);
  }
}

TEST_F(Detection, a_retired_plugin_that_is_off_is_information_and_keeps_its_settings_F17) {
  home.add_healthy("clock")
      .set_section("march-madness", R"({"enabled":false,"teams":["UConn"]})")
      .record("march-madness", false);
  const std::string config = read_file(home.config());
  for (int pass = 0; pass < 3; ++pass) {
    const Shown shown = trueup.reconcile();
    EXPECT_EQ(shown.ran.exit_status, 0);
    EXPECT_THAT(shown.manual, IsEmpty());
  }
  EXPECT_EQ(read_file(home.config()), config);
}

}  // namespace
}  // namespace trueup::test
