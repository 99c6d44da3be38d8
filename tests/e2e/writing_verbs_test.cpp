// The verbs that write, as a person types them: what they change, what they say, what they answer to a program.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "e2e/command_support.h"
#include "support/snapshot.h"
#include "support/system_calls.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct WritingVerbs : testing::Test {
  Installation home;

  CommandResult run(const Words& words) { return trueup(home, words); }
  json answer(Words words) {
    words.insert(words.begin(), "--json");
    const CommandResult ran = run(words);
    EXPECT_EQ(ran.exit_status, 0) << ran.output << ran.errors;
    return json::parse(ran.output, nullptr, false);
  }
  std::string config(const std::string& pointer) {
    return json_at(read_file(home.config()), pointer).value_or("nothing");
  }
  std::string recorded(const std::string& pointer) {
    return json_at(read_file(home.state()), "/states/" + pointer).value_or("nothing");
  }
};

TEST_F(WritingVerbs, enable_and_disable_write_the_choice_and_its_record_and_say_whether_anything_changed) {
  home.add_healthy("clock", false).add_healthy("news", false);
  const json on = answer({"enable", "clock"});
  EXPECT_EQ(on["verb"], "enable");
  EXPECT_EQ(on["plugin_id"], "clock");
  EXPECT_EQ(on["changed"], true);
  EXPECT_EQ(on["n"], 1);
  EXPECT_EQ(config("/clock/enabled"), "true");
  EXPECT_EQ(recorded("clock/enabled"), "true");
  const json again = answer({"enable", "clock"});
  EXPECT_EQ(again["changed"], false);
  EXPECT_TRUE(again["n"].is_null());
  for (const char* id : {"clock", "news"}) EXPECT_EQ(run({"disable", id}).exit_status, 0);
  EXPECT_EQ(config("/clock/enabled"), "false");
  EXPECT_EQ(answer({"history"})["history"].size(), 2U) << "news was off already";
}

TEST_F(WritingVerbs, what_is_only_a_note_after_a_choice_is_called_settled) {
  home.add_healthy("clock").set_enabled("garage", true).record("garage", true);
  const CommandResult done = run({"resolve", "plugin_missing_on_disk:garage", "--choose", "off"});
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_NE(done.output.find("is settled"), std::string::npos) << done.output;
}

TEST_F(WritingVerbs, enable_settles_a_switch_of_the_wrong_type_and_refuses_settings_that_are_no_object) {
  home.add_plugin("typed").set_section("typed", R"({"enabled":"yes","x":1})");
  home.add_plugin("text").set_section("text", "\"on\"");
  EXPECT_EQ(run({"enable", "typed"}).exit_status, 0);
  EXPECT_EQ(config("/typed"), R"({"enabled":true,"x":1})");
  const CommandResult refused = run({"enable", "text"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_NE(refused.errors.find("string"), std::string::npos) << refused.errors;
  EXPECT_EQ(config("/text"), "\"on\"");
}

TEST_F(WritingVerbs, enable_of_what_is_not_installed_says_how_to_fetch_it) {
  home.add_healthy("clock").set_enabled("weather", false).offer("weather").record("weather", false);
  const CommandResult ran = run({"enable", "weather"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_NE(ran.output.find("trueup reconcile weather"), std::string::npos) << ran.output;
  EXPECT_EQ(run({"reconcile", "weather"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("weather/manifest.json")));
}

TEST_F(WritingVerbs, install_puts_the_registrys_files_in_place_and_switches_nothing_on) {
  home.add_healthy("clock").offer("weather", "2.0.0");
  const json first = answer({"install", "weather"});
  EXPECT_EQ(first["changed"], true);
  for (const char* file : {"manifest.json", "manager.py", "config_schema.json", "requirements.txt"}) {
    EXPECT_EQ(read_file(home.plugin("weather") / file), read_file(home.registry() / "plugins/weather" / file));
  }
  EXPECT_EQ(config("/weather/enabled"), "false");
  const Snapshot before = take_snapshot(home.plugin("weather"));
  EXPECT_EQ(answer({"install", "weather"})["changed"], false);
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("weather"))), "");
}

TEST_F(WritingVerbs, install_of_what_no_registry_lists_leaves_no_trace) {
  home.add_healthy("clock").offer("weather");
  const Snapshot before = take_snapshot(home.root());
  const CommandResult ran = run({"install", "wether"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_FALSE(ran.errors.empty());
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(WritingVerbs, uninstall_takes_everything_of_the_plugin_and_remembers_it) {
  home.add_healthy("clock").add_healthy("news").set_secret("clock", R"({"key":"k"})");
  EXPECT_EQ(answer({"uninstall", "clock"})["changed"], true);
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
  EXPECT_EQ(config("/clock"), "nothing");
  EXPECT_EQ(recorded("clock"), "nothing");
  EXPECT_EQ(json_at(read_file(home.secrets()), "/clock"), std::nullopt);
  EXPECT_EQ(json::parse(read_file(home.tombstones())), json::parse(R"(["clock"])"));
  EXPECT_EQ(config("/news/enabled"), "true");
}

TEST_F(WritingVerbs, uninstall_with_keep_config_leaves_the_settings_and_install_finds_them_again) {
  home.add_healthy("clock").set_section("clock", R"({"enabled":true,"city":"Lund"})");
  EXPECT_EQ(run({"uninstall", "clock", "--keep-config"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
  EXPECT_EQ(config("/clock/city"), "\"Lund\"");
  EXPECT_EQ(run({"install", "clock"}).exit_status, 0);
  EXPECT_EQ(config("/clock"), R"({"city":"Lund","enabled":true})");
  EXPECT_EQ(json::parse(read_file(home.tombstones())), json::array());
}

TEST_F(WritingVerbs, uninstall_dir_takes_away_one_directory_by_its_name_and_nothing_else) {
  home.add_healthy("clock").write("plugin-repos/rubbish/notes.txt", "mine");
  const std::string config_before = read_file(home.config());
  EXPECT_EQ(run({"uninstall", "--dir", "rubbish"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("rubbish")));
  EXPECT_TRUE(some_file_is(home.root(), "mine"));
  EXPECT_EQ(read_file(home.config()), config_before);
  EXPECT_EQ(run({"uninstall", "--dir", "nothing-there"}).exit_status, 1);
  EXPECT_EQ(run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.plugin("rubbish/notes.txt")), "mine");
}

TEST_F(WritingVerbs, undo_takes_back_one_entry_and_leaves_the_later_ones) {
  home.add_healthy("clock").add_healthy("news").add_healthy("stocks");
  for (const char* id : {"clock", "news", "stocks"}) EXPECT_EQ(run({"disable", id}).exit_status, 0);
  EXPECT_EQ(run({"undo", "2"}).exit_status, 0);
  EXPECT_EQ(config("/clock/enabled") + config("/news/enabled") + config("/stocks/enabled"), "falsetruefalse");
  const json history = answer({"history"})["history"];
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[1]["undone_by"], 4);
  EXPECT_EQ(history[3]["verb"], "undo");
  const CommandResult twice = run({"undo", "2"});
  EXPECT_EQ(twice.exit_status, 1);
  EXPECT_NE(twice.errors.find("undone before"), std::string::npos) << twice.errors;
  EXPECT_EQ(run({"undo", "77"}).exit_status, 1);
}

TEST_F(WritingVerbs, undo_to_takes_back_an_entry_and_all_later_ones) {
  home.add_healthy("clock").add_healthy("news").add_healthy("stocks");
  const std::string before = read_file(home.config());
  EXPECT_EQ(run({"disable", "clock"}).exit_status, 0);
  const std::string between = read_file(home.config());
  EXPECT_EQ(run({"uninstall", "news"}).exit_status, 0);
  EXPECT_EQ(run({"disable", "stocks"}).exit_status, 0);
  EXPECT_EQ(run({"undo", "--to", "2"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), between);
  EXPECT_TRUE(fs::exists(home.plugin("news/manager.py")));
  EXPECT_EQ(run({"undo", "--to", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), before);
}

TEST_F(WritingVerbs, undo_puts_nothing_over_what_somebody_chose_since) {
  home.add_healthy("clock");
  EXPECT_EQ(run({"disable", "clock"}).exit_status, 0);
  std::string text = read_file(home.config());
  text.replace(text.find("\"enabled\": false"), 16, "\"enabled\": null ");
  home.write("config/config.json", text);
  EXPECT_EQ(run({"undo", "1"}).exit_status, 1);
  EXPECT_EQ(read_file(home.config()), text);
}

TEST_F(WritingVerbs, a_ledger_that_lost_its_last_bytes_is_set_aside_and_begun_anew_by_the_next_verb_that_writes) {
  home.add_healthy("clock").set_enabled("weather", true).offer("weather");
  EXPECT_EQ(run({"reconcile"}).exit_status, 0);
  const fs::path ledger = home.root() / ".trueup/ledger.db";
  fs::resize_file(ledger, fs::file_size(ledger) - 20);
  const CommandResult looked = run({"plan"});
  EXPECT_NE(looked.output.find("cut off"), std::string::npos) << looked.output;
  EXPECT_EQ(looked.output.find("another installation"), std::string::npos) << looked.output;
  const CommandResult wrote = run({"disable", "clock"});
  EXPECT_EQ(wrote.exit_status, 0) << wrote.errors;
  EXPECT_TRUE(fs::exists(home.root() / ".trueup/ledger.db.damaged-1")) << wrote.output;
  EXPECT_EQ(run({"plan"}).exit_status, 0);
  EXPECT_EQ(answer({"history"})["history"].size(), 1U);
}

TEST_F(WritingVerbs, restore_takes_no_file_that_is_plainly_another_one_and_changes_nothing) {
  home.add_healthy("clock").set_secret("tides", R"({"api_key":"k-3f9a"})");
  EXPECT_EQ(run({"disable", "clock"}).exit_status, 0);
  const std::string kept_state = "1-plugin_state.json";
  ASSERT_TRUE(fs::exists(home.root() / ".trueup/kept" / kept_state));
  home.write("state.txt", read_file(home.state())).write("config.txt", read_file(home.config()));
  const Snapshot before = take_snapshot(home.root());
  for (const auto& [file, copy] : std::vector<std::pair<std::string, std::string>>{
           {"config", "config/config_secrets.json"},
           {"config", "data/plugin_state.json"},
           {"config", ".trueup/kept/" + kept_state},
           {"config", "state.txt"},
           {"secrets", "config/config.json"},
           {"secrets", "config.txt"},
           {"state", "config/config.json"},
           {"state", "config.txt"},
           {"tombstones", "config/config.json"},
       }) {
    const CommandResult refused = run({"restore", file, "--from", copy});
    EXPECT_EQ(refused.exit_status, 1) << file << " from " << copy << refused.output;
    EXPECT_NE(refused.errors.find(copy), std::string::npos) << refused.errors;
    EXPECT_NE(refused.errors.find("--from"), std::string::npos) << "no advice: " << refused.errors;
    EXPECT_EQ(take_snapshot(home.root()), before) << file << " from " << copy;
  }
}

TEST_F(WritingVerbs, restore_never_lays_open_in_config_json_what_the_secrets_file_holds) {
  home.add_healthy("clock").set_secret("tides", R"({"api_key":"k-3f9a","station":"YOUR_STATION"})");
  const std::string clean = read_file(home.config());
  home.write("mine.json", R"({"tides":{"api_key":"k-3f9a"}})");
  home.write("placeholder.json", R"({"tides":{"api_key":"k-0000","station":"YOUR_STATION"}})");
  const CommandResult refused = run({"restore", "config", "--from", "mine.json"});
  EXPECT_EQ(refused.exit_status, 1) << refused.output;
  EXPECT_NE(refused.errors.find("tides.api_key"), std::string::npos) << refused.errors;
  EXPECT_EQ(refused.errors.find("k-3f9a"), std::string::npos) << "the value itself is not shown";
  EXPECT_EQ(read_file(home.config()), clean);
  EXPECT_EQ(run({"restore", "config", "--from", "placeholder.json"}).exit_status, 0);
  // A copy that holds it is offered to nobody, however new it is.
  home.write("config/backups/config.json.backup.20260101_000000", clean);
  home.write("config/backups/config.json.backup.20260201_000000", R"({"tides":{"api_key":"k-3f9a"}})");
  fs::remove_all(home.root() / ".trueup/kept");
  home.write("config/config.json", "{");
  const std::string shown = run({"status"}).output;
  EXPECT_NE(shown.find("backup.20260101_000000"), std::string::npos) << shown;
  EXPECT_EQ(run({"restore", "config"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), clean);
}

TEST_F(WritingVerbs, restore_puts_back_the_copy_that_is_named_and_only_one_that_reads) {
  home.add_healthy("clock");
  const std::string good = read_file(home.config());
  home.write("config/backups/mine.json", good);
  home.write("config/backups/torn.json", good.substr(0, 100));
  EXPECT_EQ(run({"disable", "clock"}).exit_status, 0);
  const std::string now = read_file(home.config());
  EXPECT_EQ(run({"restore", "config", "--from", "config/backups/torn.json"}).exit_status, 1);
  EXPECT_EQ(run({"restore", "config", "--from", "config/backups/absent.json"}).exit_status, 1);
  EXPECT_EQ(run({"restore", "registry"}).exit_status, 1);
  EXPECT_EQ(read_file(home.config()), now);
  EXPECT_EQ(answer({"restore", "config/config.json", "--from", "config/backups/mine.json"})["changed"], true);
  EXPECT_EQ(read_file(home.config()), good);
  EXPECT_TRUE(some_file_is(home.root() / ".trueup/kept", now)) << "what stood there is kept";
  EXPECT_EQ(answer({"restore", "config", "--from", "config/backups/mine.json"})["changed"], false);
}

TEST_F(WritingVerbs, wait_for_another_trueup_or_name_it) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "strace is not here or may not trace: nobody holds the lock";
  home.add_healthy("clock").add_healthy("news").add_plugin("fresh");
  home.root();
  // A real pass that stands still for a while in the middle of its work.
  std::thread holder([&] {
    run_command({"strace", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                 "inject=renameat2:delay_enter=3000000:when=1", TRUEUP_BINARY, "--root", home.root().string(),
                 "--registry", home.registry().string(), "reconcile"});
  });
  CommandResult busy;
  for (int attempt = 0; attempt < 500 && busy.exit_status != 4; ++attempt) {
    busy = run({"--wait", "0", attempt % 2 == 0 ? "disable" : "enable", "news"});
  }
  EXPECT_EQ(busy.exit_status, 4) << busy.output << busy.errors;
  EXPECT_NE(busy.errors.find("another trueup (pid "), std::string::npos) << busy.errors;
  EXPECT_NE(busy.errors.find("`reconcile`"), std::string::npos) << busy.errors;
  EXPECT_EQ(run({"status"}).exit_status, 2) << "who only looks does not wait";
  EXPECT_EQ(run({"--wait", "60", "disable", "clock"}).exit_status, 0);
  holder.join();
  EXPECT_EQ(config("/clock/enabled"), "false");
  EXPECT_EQ(config("/fresh/enabled"), "false") << "both were done";
}

TEST_F(WritingVerbs, wrong_usage_is_64_before_anything_is_looked_at) {
  home.add_healthy("clock").add_plugin("fresh");
  const Snapshot before = take_snapshot(home.root());
  for (const Words& words : {Words{},
                             {"reconsile"},
                             {"--rules", "mine", "plan"},
                             {"--wait", "-1", "plan"},
                             {"--wait", "soon", "plan"},
                             {"plan", "--all"},
                             {"enable"},
                             {"disable"},
                             {"install"},
                             {"uninstall"},
                             {"explain"},
                             {"undo", "one"},
                             {"undo", "0"},
                             {"undo", "-1"},
                             {"undo", "--to"},
                             {"restore"},
                             {"restore", "a", "b"},
                             {"status", "clock"},
                             {"uninstall", "--dir"},
                             {"uninstall", "clock", "--dir", "clock"},
                             {"reconcile", "--confirm"}}) {
    const CommandResult ran = run(words);
    EXPECT_EQ(ran.exit_status, 64) << testing::PrintToString(words) << ran.output;
    EXPECT_FALSE(ran.errors.empty());
    EXPECT_LT(ran.errors.size(), 300U) << ran.errors;
    Words as_json = words;
    as_json.insert(as_json.begin(), "--json");
    EXPECT_TRUE(json::accept(run(as_json).output)) << testing::PrintToString(words);
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(WritingVerbs, undo_without_a_number_takes_back_the_last_command_and_then_the_one_before) {
  home.add_healthy("clock").add_plugin("fresh").record("ghost", false);
  const std::string config_before = read_file(home.config());
  EXPECT_EQ(run({"disable", "clock"}).exit_status, 0);
  const std::string config_between = read_file(home.config());
  EXPECT_EQ(run({"reconcile"}).exit_status, 0);
  EXPECT_NE(read_file(home.config()), config_between);
  const CommandResult pass = run({"undo"});
  EXPECT_EQ(pass.exit_status, 0) << pass.errors;
  EXPECT_NE(pass.output.find("actions are undone, numbers 2 to "), std::string::npos) << pass.output;
  EXPECT_EQ(read_file(home.config()), config_between);
  EXPECT_EQ(recorded("ghost/enabled"), "false");
  const CommandResult switched = run({"undo"});
  EXPECT_NE(switched.output.find("number 1 is undone"), std::string::npos) << switched.output;
  EXPECT_EQ(read_file(home.config()), config_before);
  const CommandResult nothing = run({"undo"});
  EXPECT_EQ(nothing.exit_status, 1);
  EXPECT_NE(nothing.errors.find("nothing left to undo"), std::string::npos) << nothing.errors;
}

TEST_F(WritingVerbs, undo_takes_back_one_of_two_passes_however_soon_the_second_came) {
  home.add_healthy("clock").add_plugin("fresh");
  EXPECT_EQ(run({"reconcile"}).exit_status, 0);
  const std::string config = read_file(home.config());
  home.add_plugin("later");
  EXPECT_EQ(run({"reconcile"}).exit_status, 0);
  const CommandResult undone = run({"undo"});
  EXPECT_EQ(undone.exit_status, 0) << undone.errors;
  EXPECT_EQ(read_file(home.config()), config) << undone.output;
}

TEST_F(WritingVerbs, undo_of_a_pass_leaves_what_somebody_changed_since_and_takes_back_the_rest) {
  home.add_healthy("clock").add_plugin("fresh");
  home.offer("absent").set_enabled("absent", true).offer("other").set_enabled("other", true);
  const std::string config = read_file(home.config());
  EXPECT_EQ(run({"reconcile"}).exit_status, 0);
  home.write("plugin-repos/absent/cache.json", "{}");
  const CommandResult undone = run({"undo"});
  EXPECT_EQ(undone.exit_status, 3) << undone.errors;
  EXPECT_NE(undone.output.find("stays"), std::string::npos) << undone.output;
  EXPECT_NE(undone.output.find("the plugin's files changed since"), std::string::npos) << undone.output;
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_EQ(home.read("plugin-repos/absent/cache.json"), "{}");
  EXPECT_FALSE(std::filesystem::exists(home.plugin("other")));
}

TEST_F(WritingVerbs, a_damaged_plugin_that_was_taken_out_stays_out_until_undo) {
  home.add_healthy("clock").add_healthy("word").offer("word");
  home.write("plugin-repos/word/manifest.json", "{");
  EXPECT_EQ(run({"resolve", "plugin_manifest_invalid:word", "--choose", "remove"}).exit_status, 0);
  run({"reconcile"});
  EXPECT_FALSE(std::filesystem::exists(home.plugin("word")));
  EXPECT_EQ(run({"undo"}).exit_status, 0);
  EXPECT_EQ(home.read("plugin-repos/word/manifest.json"), "{");
}

TEST_F(WritingVerbs, an_answer_that_could_not_be_written_is_a_failure_and_a_reader_that_left_is_none) {
  home.add_healthy("clock");
  const std::string command =
      std::string(TRUEUP_BINARY) + " --root " + home.root().string() + " --registry none status";
  const CommandResult full = run_command({"sh", "-c", command + " > /dev/full"});
  EXPECT_EQ(full.exit_status, 1);
  EXPECT_NE(full.errors.find("could not be written"), std::string::npos) << full.errors;
  EXPECT_EQ(run_command({"sh", "-c", "{ " + command + "; echo $? >&2; } | true"}).errors, "0\n");
}

TEST_F(WritingVerbs, install_says_what_is_true_of_a_plugin_that_is_on_and_names_the_link_in_its_way) {
  home.add_healthy("clock").offer("clock", "9.0.0");
  const CommandResult newer = run({"install", "clock"});
  EXPECT_EQ(newer.exit_status, 0) << newer.errors;
  EXPECT_EQ(newer.output.find("nothing was switched on"), std::string::npos) << newer.output;
  fs::create_directories(home.root() / "elsewhere");
  fs::create_directory_symlink("../elsewhere", home.plugin("news"));
  home.offer("news");
  EXPECT_NE(run({"install", "news"}).errors.find("`trueup uninstall --dir news`"), std::string::npos);
}

TEST_F(WritingVerbs, the_gravest_of_several_things_decides_the_exit_status) {
  const auto all = [&](int expected) {
    for (const char* verb : {"status", "plan", "doctor"}) EXPECT_EQ(run({verb}).exit_status, expected) << verb;
    for (const Words& words : {Words{"list"}, {"history"}, {"explain", "fresh"}}) {
      EXPECT_EQ(run(words).exit_status, 0) << words[0] << " could answer";
    }
  };
  home.add_healthy("clock").add_plugin("fresh");
  all(2);
  home.write("plugin-repos/broken/manifest.json", "{");
  all(3);
  home.write("config/uninstalled_plugins.json", "[");
  all(5);
  EXPECT_EQ(run({"reconcile"}).exit_status, 5);
  EXPECT_EQ(run({"reconcile", "nobody-knows-it"}).exit_status, 1);
  fs::remove(home.tombstones());
  EXPECT_EQ(run({"reconcile"}).exit_status, 3) << "mended, but for what needs a person";
}

TEST_F(WritingVerbs, equal_installations_get_equal_answers_byte_for_byte) {
  std::vector<std::string> answers;
  for (int i = 0; i < 2; ++i) {
    Installation one;
    one.add_healthy("clock").add_plugin("fresh").offer("absent").set_enabled("absent", true).record("gone", true);
    std::string said;
    for (const Words& words : {Words{"--json", "reconcile"},
                               {"--json", "disable", "clock"},
                               {"--json", "uninstall", "absent"},
                               {"--json", "undo", "1"},
                               {"--json", "status"}}) {
      said += trueup(one, words).output;
    }
    const std::string root = one.root();
    for (std::size_t at = said.find(root); at != std::string::npos; at = said.find(root))
      said.replace(at, root.size(), "/home");
    answers.push_back(std::move(said));
  }
  EXPECT_EQ(answers[0], answers[1]);
}

TEST(Enable, promises_a_fetch_only_where_a_plan_would_fetch) {
  Installation home;
  home.add_healthy("clock").record("ghost", false).set_enabled("ghost", false);
  home.record("weather", false).set_enabled("weather", false).offer("weather");
  const auto unlisted = trueup(home, {"enable", "ghost"});
  EXPECT_EQ(unlisted.exit_status, 0) << unlisted.errors;
  EXPECT_EQ(unlisted.output.find("fetches it"), std::string::npos) << unlisted.output;
  EXPECT_NE(unlisted.output.find("the registry does not list it"), std::string::npos) << unlisted.output;
  const auto listed = trueup(home, {"enable", "weather"});
  EXPECT_NE(listed.output.find("`trueup reconcile weather` fetches it"), std::string::npos) << listed.output;
  home.write("registry/plugins/weather/manifest.json", R"({"id": "other", "version": "1.0.0"})");
  EXPECT_EQ(trueup(home, {"reconcile", "weather"}).exit_status, 3) << "what it offers is refused";
  trueup(home, {"disable", "weather"});
  const auto refused = trueup(home, {"enable", "weather"});
  EXPECT_NE(refused.output.find("--retry"), std::string::npos) << refused.output;
}

class BindMounted : public testing::Test {
 protected:
  void SetUp() override {
    home_.add_healthy("clock");
    const auto outside = home_.root().parent_path() / "outside.json";
    std::filesystem::copy_file(home_.config(), outside);
    if (::mount(outside.c_str(), home_.config().c_str(), nullptr, MS_BIND, nullptr) != 0) {
      GTEST_SKIP() << "only root can mount a file";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount(home_.config().c_str());
  }
  Installation home_;
  bool mounted_ = false;
};

TEST_F(BindMounted, a_document_that_is_edited_in_place_is_called_degraded_before_and_once) {
  for (const char* verb : {"status", "doctor"}) {
    const auto told = trueup(home_, {verb});
    EXPECT_NE(told.output.find("degraded: mounted by itself"), std::string::npos) << told.output;
    EXPECT_NE(told.output.find("config/config.json"), std::string::npos) << told.output;
    EXPECT_EQ(told.output.find("would be seen"), std::string::npos) << told.output;
  }
  const auto done = trueup(home_, {"disable", "clock"});
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  const auto first = done.output.find("edited in place");
  ASSERT_NE(first, std::string::npos) << done.output;
  EXPECT_EQ(done.output.find("edited in place", first + 1), std::string::npos) << done.output;
}

TEST(Degraded, an_ordinary_installation_is_not_called_degraded) {
  Installation home;
  home.add_healthy("clock");
  EXPECT_EQ(trueup(home, {"status"}).output.find("degraded"), std::string::npos);
}

}  // namespace
}  // namespace trueup::test
