// Sections B and C of the failures: which side decides, and what must not be lost.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Authority : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  std::string recorded(const std::string& id, const std::string& key) {
    return json_at(read_file(home.state()), "/states/" + id + "/" + key).value_or("nothing");
  }
};

TEST_F(Authority, config_decides_and_the_record_follows_in_both_directions_F18) {
  home.add_plugin("up").set_enabled("up", true).record("up", false, "1.0.0");
  home.add_plugin("down").set_enabled("down", false).record("down", true, "1.0.0");
  const std::string config = read_file(home.config());
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 0);
  EXPECT_THAT(first.fixed, SizeIs(2));
  EXPECT_EQ(recorded("up", "enabled"), "true");
  EXPECT_EQ(recorded("down", "enabled"), "false");
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());
  EXPECT_THAT(trueup.run({"--json", "history"}).output, HasSubstr("up"));
}

TEST_F(Authority, status_and_enabled_never_contradict_and_a_second_pass_writes_nothing_F23) {
  home.add_plugin("foo").set_enabled("foo", true);
  home.record_entry(
      "foo",
      R"({"plugin_id":"foo","status":"installed","enabled":true,"version":null,"installed_at":null,"last_updated":null,"config_version":1,"metadata":{}})");
  trueup.reconcile();
  EXPECT_EQ(recorded("foo", "status"), "\"enabled\"");
  const Snapshot before = take_snapshot(home.root());
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  for (const char* verb : {"disable", "enable"}) {
    EXPECT_EQ(trueup.run({verb, "foo"}).exit_status, 0);
    EXPECT_EQ(recorded("foo", "status"), std::string_view(verb) == "enable" ? "\"enabled\"" : "\"disabled\"");
  }
}

TEST_F(Authority, a_directory_copied_by_hand_stays_off_in_every_view_F25) {
  home.add_healthy("clock").add_plugin("fresh");
  EXPECT_FALSE(trueup.list().at("fresh").enabled);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/fresh"), R"({"enabled":false})");
  EXPECT_FALSE(trueup.list().at("fresh").enabled);
}

TEST_F(Authority, a_default_of_the_schema_never_beats_or_becomes_the_owners_choice_F27) {
  home.add_plugin("foo").set_section("foo", R"({"enabled":true,"city":"Lund"})").record("foo", true, "1.0.0");
  home.write(
      "plugin-repos/foo/config_schema.json",
      R"({"type":"object","properties":{"enabled":{"type":"boolean","default":false},"city":{"type":"string","default":"Oslo"}}})");
  const std::string config = read_file(home.config());
  EXPECT_TRUE(trueup.list().at("foo").enabled);
  EXPECT_EQ(trueup.reconcile().steps_to_do(), 0U);
  EXPECT_EQ(read_file(home.config()), config);
}

TEST_F(Authority, a_repair_never_replaces_a_section_that_appeared_meanwhile_F31) {
  home.add_healthy("clock").add_plugin("football");
  const std::string without = read_file(home.config());
  home.set_section("football", R"({"enabled":true,"leagues":["a","b","c"],"favorite":"settings of the owner"})");
  const std::string with = read_file(home.config());
  for (int round = 0; round < 20; ++round) {
    home.write("config/config.json", without);
    std::thread writer([&] {
      write_file(home.root() / "config/config.json.tmp", with);
      fs::rename(home.root() / "config/config.json.tmp", home.config());
    });
    trueup.run({"reconcile"});
    writer.join();
    trueup.run({"reconcile"});
    EXPECT_THAT(read_file(home.config()), HasSubstr("settings of the owner"));
  }
}

TEST_F(Authority, a_damaged_state_file_is_kept_and_made_again_for_every_plugin_F44) {
  for (const std::string& damage :
       {std::string("{\"version\": 1, \"states\": {\"a\": {\"plugin_id\""), std::string("\xff\xfe{{{"),
        std::string("false"), std::string("[]"), std::string()}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    for (const char* id : {"a", "b", "c", "d", "e", "f"}) fresh.add_healthy(id, *id < 'd');
    fresh.write("data/plugin_state.json", damage);
    EXPECT_EQ(on_fresh.plan().ran.exit_status, 2) << damage;
    EXPECT_EQ(on_fresh.reconcile().ran.exit_status, 0) << damage;
    const std::string state = read_file(fresh.state());
    for (const char* id : {"a", "b", "c", "d", "e", "f"}) {
      EXPECT_EQ(json_at(state, std::string("/states/") + id + "/enabled"), *id < 'd' ? "true" : "false");
      EXPECT_EQ(json_at(state, std::string("/states/") + id + "/version"), "\"1.0.0\"");
    }
    EXPECT_TRUE(some_file_is(fresh.root(), damage)) << "the damaged bytes are nowhere";
    EXPECT_EQ(on_fresh.run({"disable", "a"}).exit_status, 0);
    EXPECT_EQ(json_at(read_file(fresh.state()), "/states/f/enabled"), "false");
  }
}

TEST_F(Authority, records_of_a_newer_program_round_trip_untouched_F45) {
  home.add_healthy("clock").add_healthy("odd");
  home.record_entry(
      "odd",
      R"({"plugin_id":"odd","status":"quarantined","enabled":true,"version":"1.0.0","pinned":true,"installed_at":null,"last_updated":null,"metadata":{}})");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  const auto before = json_at(read_file(home.state()), "/states/odd");
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.state()), "/states/odd"), before);
  EXPECT_THAT(*before, HasSubstr("pinned"));
}

TEST_F(Authority, an_unreadable_config_is_restored_from_the_newest_good_copy_and_kept_F65) {
  home.add_healthy("clock").set_section("football", R"({"enabled":true,"leagues":["mine"]})");
  const std::string good = read_file(home.config());
  for (const std::string& damage :
       {std::string(), good.substr(0, good.size() / 2), good.substr(0, 40) + std::string(60, '\0')}) {
    home.write("config/backups/config.json.backup.20260101_120000", "{\"old\": true}");
    home.write("config/backups/config.json.backup.20260301_120000", good);
    home.write("config/config.json", damage);
    const Shown shown = trueup.plan();
    EXPECT_EQ(shown.ran.exit_status, 5);
    EXPECT_THAT(shown.finding("source_unreadable:config")->advice, HasSubstr("trueup restore"));
    EXPECT_EQ(read_file(home.config()), damage);
    EXPECT_EQ(trueup.run({"restore", "config/config.json"}).exit_status, 0);
    EXPECT_EQ(read_file(home.config()), good);
    EXPECT_TRUE(damage.empty() || some_file_is(home.root() / ".trueup", damage)) << "the damaged bytes are nowhere";
  }
}

TEST_F(Authority, without_a_copy_a_damaged_config_stays_and_the_template_is_never_put_in_its_place_F65) {
  home.add_healthy("clock");
  home.write("config/config.json", "{\"clock\": ");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 5);
  EXPECT_NE(trueup.run({"enable", "clock"}).exit_status, 0);
  EXPECT_NE(trueup.run({"restore", "config/config.json"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), "{\"clock\": ");
  fs::remove(home.config());
  trueup.reconcile();
  EXPECT_FALSE(fs::exists(home.config()));
}

TEST_F(Authority, a_config_that_is_gone_is_unknown_and_nothing_rests_on_its_absence_F65) {
  home.add_healthy("clock").add_healthy("weather").record("ghost", true, "1.0.0").offer("ghost");
  EXPECT_EQ(trueup.run({"disable", "weather"}).exit_status, 0);
  const std::string good = read_file(home.config());
  EXPECT_EQ(trueup.run({"enable", "weather"}).exit_status, 0);
  fs::remove(home.config());
  const std::string state = read_file(home.state());
  const Shown shown = trueup.plan();
  EXPECT_EQ(shown.ran.exit_status, 5);
  EXPECT_THAT(shown.finding("source_unreadable:config")->description, HasSubstr("it was lost"));
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 5);
  EXPECT_NE(trueup.run({"enable", "clock"}).exit_status, 0);
  EXPECT_EQ(read_file(home.state()), state);
  EXPECT_FALSE(fs::exists(home.config()));
  EXPECT_EQ(trueup.run({"restore", "config/config.json"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), good) << "the copy from before the last change";
}

TEST_F(Authority, a_link_that_leads_nowhere_is_unknown_and_not_an_empty_file_F65) {
  home.add_healthy("clock").set_enabled("game", true).record("game", true, "1.0.0").offer("game").add_tombstone("game");
  home.set_secret("clock", R"({"key": "secret-text"})");
  home.root();
  for (const fs::path& document : {home.config(), home.secrets(), home.state(), home.tombstones()}) {
    SCOPED_TRACE(document.string());
    const fs::path away = document.string() + ".away";
    fs::rename(document, away);
    fs::create_symlink("/mnt/usb/not-mounted", document);
    const Snapshot before = take_snapshot(home.plugins());
    const Shown shown = trueup.reconcile();
    EXPECT_EQ(shown.ran.exit_status, 5) << shown.ran.output;
    EXPECT_THAT(shown.ran.output, HasSubstr("leads nowhere"));
    EXPECT_EQ(difference(before, take_snapshot(home.plugins())), "");
    EXPECT_TRUE(fs::is_symlink(document));
    fs::remove(document);
    fs::rename(away, document);
  }
}

TEST_F(Authority, a_damaged_plugin_is_never_replaced_by_somebody_elses_of_the_same_name_F76) {
  home.add_plugin("mine").set_enabled("mine", true).record("mine", true, "1.0.0").offer("mine", "9.0.0");
  home.write("plugin-repos/mine/manager.py", "# written by the owner\n");
  home.write("plugin-repos/mine/manifest.json", R"({"id": "mine", "name": )");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_EQ(read_file(home.plugin("mine/manager.py")), "# written by the owner\n");
  EXPECT_EQ(trueup.list().at("mine").state, "damaged");
}

TEST_F(Authority, every_other_value_keeps_its_spelling_when_one_is_changed_F78) {
  const std::string odd =
      "{\r\n\t\"clock\": {\"enabled\": false, \"a\": 1.0, \"b\": 12345678901234567890123, \"c\": 1E3, \"d\": NaN,\r\n"
      "\t\t\"e\": \"\\u00fc\\ud800\", \"f\": -0, \"g\": 1e999, \"k\\u00e9y\": [1,2 ,3]},\r\n"
      "\t\"foo\": 1, \"foo\": {\"x\": [ ]},\r\n\t\"plugin_system\": {\"plugins_directory\": \"plugin-repos\"}\r\n}\r\n";
  home.add_plugin("clock");
  home.write("config/config.json", odd);
  EXPECT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
  std::string expected = odd;
  expected.replace(expected.find("false"), 5, "true");
  EXPECT_EQ(read_file(home.config()), expected);
}

TEST_F(Authority, what_python_cannot_read_is_refused_with_line_and_column_F78) {
  const std::string good = R"({"plugin_system": {"plugins_directory": "plugin-repos"}, "clock": {"enabled": false}})";
  home.add_plugin("clock");
  for (const std::string& bad :
       {"\xef\xbb\xbf" + good, good.substr(0, good.size() - 1) + ",}", "// comment\n" + good}) {
    home.write("config/config.json", bad);
    const CommandResult enabled = trueup.run({"enable", "clock"});
    EXPECT_NE(enabled.exit_status, 0);
    EXPECT_THAT(enabled.errors + enabled.output, testing::ContainsRegex("line [0-9]+, column [0-9]+|byte order mark"));
    EXPECT_EQ(read_file(home.config()), bad);
  }
}

}  // namespace
}  // namespace trueup::test
