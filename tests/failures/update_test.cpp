// What an update does to a plugin and to what its owner has in it.
#include <gmock/gmock.h>

#include "update_support.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

struct Update : UpdateTest {};

TEST_F(Update, puts_the_newer_version_in_place_and_keeps_the_old_one_for_undo) {
  release({{"clock", "1.0.0"}});
  install("clock");
  const std::string old = read_file(home.plugin("clock") / "manifest.json");
  release({{"clock", "2.0.0"}});
  const auto results = update({"clock"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_EQ(result(results, "clock"), "updated");
  EXPECT_EQ(results.at("clock")["version"], "2.0.0");
  EXPECT_EQ(version_of("clock"), "2.0.0");
  EXPECT_EQ(*json_at(home.read("data/plugin_state.json"), "/states/clock/version"), "\"2.0.0\"");
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(read_file(home.plugin("clock") / "manifest.json"), old);
  EXPECT_EQ(*json_at(home.read("data/plugin_state.json"), "/states/clock/version"), "\"1.0.0\"");
}

TEST_F(Update, changes_no_setting_and_switches_nothing_on_F21) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"foo"}, {"--all"}, {"foo"}}) {
    StoreHome other(TRUEUP_BINARY);
    other.offer("foo", "1.0.0").publish();
    ASSERT_EQ(other.trueup.run({"install", "foo"}).exit_status, 0);
    ASSERT_EQ(other.trueup.run({"config", "set", "foo", "display_duration", "77"}).exit_status, 0);
    const std::string config = other.home.read("config/config.json");
    other.list_anew().offer("foo", "2.0.0").publish();
    ASSERT_EQ(other.trueup.run({"store", "refresh"}).exit_status, 0);
    std::vector<std::string> command{"update"};
    command.insert(command.end(), words.begin(), words.end());
    other.server.rules(R"({")" + kArchivePath + R"(": [{"file": ")" + kArchivePath + R"(", "cut": 200}]})");
    EXPECT_EQ(other.trueup.run(command).exit_status, 1);
    EXPECT_EQ(other.home.read("config/config.json"), config) << "half-way";
    other.server.rules("{}");
    const auto done = other.trueup.run(command);
    EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
    EXPECT_EQ(other.home.read("config/config.json"), config);
    const auto listed = other.trueup.list()["foo"];
    EXPECT_EQ(listed.version, "2.0.0");
    EXPECT_FALSE(listed.enabled);
    EXPECT_EQ(*json_at(other.home.read("data/plugin_state.json"), "/states/foo/enabled"), "false");
    EXPECT_EQ(*json_at(other.home.read("data/plugin_state.json"), "/states/foo/version"), "\"2.0.0\"");
  }
}

TEST_F(Update, what_a_core_update_laid_an_older_copy_over_is_brought_up_again_F24) {
  release({{"web-ui-info", "1.4.0"}});
  install("web-ui-info");
  write_plugin(home.plugin("web-ui-info"), "web-ui-info", "1.0.0");
  const std::string config = home.read("config/config.json");
  const Shown status = trueup.shown({"status"});
  ASSERT_NE(status.finding("plugin_version_mismatch:web-ui-info:receipt"), nullptr) << status.ran.output;
  EXPECT_THAT(status.ran.output, HasSubstr("1.4.0"));
  EXPECT_THAT(status.ran.output, HasSubstr("1.0.0"));
  EXPECT_EQ(result(update({"web-ui-info"}), "web-ui-info"), "updated");
  EXPECT_EQ(version_of("web-ui-info"), "1.4.0");
  EXPECT_EQ(home.read("config/config.json"), config);
}

TEST_F(Update, a_dead_archive_host_costs_no_plugin_F28) {
  std::vector<std::pair<std::string, std::string>> offers;
  for (int i = 0; i < 12; ++i) {
    home.add_healthy("plugin-" + std::to_string(i));
    offers.emplace_back("plugin-" + std::to_string(i), "2.0.0");
  }
  release(offers);
  auto without_manifests = store.archive();
  std::erase_if(without_manifests, [](const ZipEntry& one) { return one.name.ends_with("manifest.json"); });
  store.server.put("/bare.zip", zip_of(without_manifests));
  const auto around = [&] {
    Snapshot seen = take_snapshot(home.plugins());
    std::erase_if(seen, [](const auto& one) { return one.first == "." || one.first.starts_with(".trueup."); });
    return seen;
  };
  const Snapshot before = around();
  for (const std::string& rule :
       {std::string(R"({"status": 500})"), R"({"file": ")" + kArchivePath + R"(", "cut": 3000})",
        std::string(R"({"body": "<html>log in</html>"})"), std::string(R"({"file": "/bare.zip"})")}) {
    store.server.rules(R"({")" + kArchivePath + "\": [" + rule + "]}");
    const auto results = update({"--all", "--retry"});
    EXPECT_EQ(ran.exit_status, 1) << rule;
    EXPECT_EQ(results.size(), 12U) << rule;
    for (const auto& [id, one] : results) {
      EXPECT_EQ(one["result"], "failed") << id << rule;
      EXPECT_NE(one["message"], "") << id << rule;
    }
    EXPECT_EQ(difference(before, around()), "") << rule;
    EXPECT_THAT(names_in_plugins(), Not(testing::Contains(HasSubstr("backup-migrating"))));
    EXPECT_TRUE(!fs::exists(home.plugins() / ".trueup.standalone-backup-work/staging")) << rule;
  }
}

TEST_F(Update, what_the_owner_or_the_plugin_put_beside_its_files_goes_along_F32) {
  release({{"calendar", "1.0.0"}});
  install("calendar");
  write_file(home.plugin("calendar") / "credentials.json", "{\"mine\": 1}");
  fs::permissions(home.plugin("calendar") / "credentials.json", fs::perms(0600));
  write_file(home.plugin("calendar") / "of_the_day/mine.json", "[1]");
  write_file(home.plugin("calendar") / "data/cache.db", std::string("\0\1", 2));
  write_file(store.in_repository("calendar") / "credentials.json", "{\"theirs\": 1}");
  release({{"calendar", "2.0.0"}});
  EXPECT_EQ(result(update({"calendar"}), "calendar"), "updated");
  EXPECT_EQ(version_of("calendar"), "2.0.0");
  EXPECT_EQ(read_file(home.plugin("calendar") / "credentials.json"), "{\"mine\": 1}") << "the owner's copy stays";
  EXPECT_EQ(fs::status(home.plugin("calendar") / "credentials.json").permissions(), fs::perms(0600));
  EXPECT_EQ(read_file(home.plugin("calendar") / "of_the_day/mine.json"), "[1]");
  EXPECT_EQ(read_file(home.plugin("calendar") / "data/cache.db"), std::string("\0\1", 2));
}

TEST_F(Update, edited_files_are_named_and_nothing_is_touched_F33) {
  release({{"foo", "1.0.0"}});
  install("foo");
  write_file(home.plugin("foo") / "manager.py", "# mine\n");
  release({{"foo", "2.0.0"}});
  const Snapshot before = take_snapshot(home.plugin("foo"));
  const auto results = update({"foo"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_EQ(results.at("foo")["reason"], "edited_by_owner");
  EXPECT_THAT(results.at("foo")["message"].get<std::string>(), HasSubstr("manager.py"));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "");
  EXPECT_EQ(store.archive_requests(), 1U) << "nothing was fetched for it";
}

TEST_F(Update, all_of_them_twice_fetches_nothing_the_second_time_F64) {
  release({{"a", "1.0.0"}, {"b", "1.0.0"}, {"c", "1.0.0"}, {"d", "1.0.0"}, {"e", "1.0.0"}});
  for (const char* id : {"a", "b", "c", "d", "e"}) install(id);
  release({{"a", "2.0.0"}, {"b", "2.0.0"}, {"c", "2.0.0"}, {"d", "2.0.0"}, {"e", "2.0.0"}});
  const std::size_t asked = store.archive_requests();
  for (const auto& [id, one] : update({"--all"})) EXPECT_EQ(one["result"], "updated") << id;
  EXPECT_EQ(store.archive_requests(), asked + 1) << "one archive holds them all";
  const Snapshot before = take_snapshot(home.root());
  const auto again = update({"--all"});
  EXPECT_EQ(ran.exit_status, 0);
  EXPECT_EQ(again.size(), 5U);
  for (const auto& [id, one] : again) EXPECT_EQ(one["result"], "up_to_date") << id;
  EXPECT_EQ(store.archive_requests(), asked + 1);
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(Update, damaged_downloads_leave_the_old_version_F125) {
  home.add_healthy("foo", true, "1.0.0");
  const Snapshot before = take_snapshot(home.plugin("foo"));
  std::size_t failed = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string version = "2.0." + std::to_string(i);
    release({{"foo", version}});
    std::string bad = zip_of(store.archive());
    if (i == 19) bad.resize(bad.size() / 2);
    bad[(i * 7919) % bad.size()] = static_cast<char>(~bad[(i * 7919) % bad.size()]);
    store.put_archive(bad);
    if (result(update({"foo"}), "foo") == "updated") {  // in a place that nothing reads, such as a date
      EXPECT_EQ(version_of("foo"), version);
      ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
    } else {
      ++failed;
    }
    EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo")), Compare::contents), "") << i;
  }
  EXPECT_GE(failed, 10U);
}

TEST_F(Update, a_linked_plugin_is_never_touched) {
  const TempDirectory elsewhere;
  write_plugin(elsewhere.path() / "dev", "dev", "1.0.0");
  home.root();
  fs::create_directory_symlink(elsewhere.path() / "dev", home.plugin("dev"));
  release({{"dev", "2.0.0"}});
  const Snapshot before = take_snapshot(elsewhere.path());
  EXPECT_EQ(update({"--all"}).at("dev")["reason"], "linked");
  EXPECT_EQ(ran.exit_status, 0);
  EXPECT_TRUE(fs::is_symlink(home.plugin("dev")));
  EXPECT_EQ(difference(before, take_snapshot(elsewhere.path())), "");
}

}  // namespace
}  // namespace trueup::test
