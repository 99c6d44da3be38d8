// A plugin from a file or directory of this device: the same checks, the same transaction, and no store behind it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "e2e/running_daemon.h"
#include "support/command.h"
#include "support/snapshot.h"
#include "support/trueup_run.h"
#include "support/zip.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

struct Given : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  TempDirectory elsewhere;

  Given() { home.add_healthy("there"); }

  fs::path write(const std::string& id, const std::string& version = "1.0.0") {
    write_plugin(elsewhere.path() / id, id, version);
    return elsewhere.path() / id;
  }
  fs::path pack(const fs::path& plugin, const std::string& name) {
    const fs::path archive = elsewhere.path() / name;
    write_file(archive, zip_of(entries_below(plugin, plugin.filename().string() + "/")));
    return archive;
  }
  std::string version_of(const std::string& directory) {
    return json_at(read_file(home.plugin(directory) / "manifest.json"), "/version").value_or("");
  }
  /// What nobody takes: exit status, words, and a world that is as it was.
  void refuses(const fs::path& what, const std::string& because) {
    const std::string config = home.read("config/config.json");
    const Snapshot before = take_snapshot(home.plugin("there"));
    const auto ran = trueup.run({"install", what.string()});
    EXPECT_EQ(ran.exit_status, 1) << what << ran.output << ran.errors;
    EXPECT_THAT(ran.errors, HasSubstr(because)) << what;
    EXPECT_EQ(difference(before, take_snapshot(home.plugin("there"))), "") << what;
    for (const auto& one : fs::directory_iterator(home.plugins())) {
      const std::string name = one.path().filename().string();
      EXPECT_TRUE(name == "there" || name == ".trueup.standalone-backup-work") << what << " left " << name;
    }
    EXPECT_FALSE(fs::exists(home.plugins() / ".trueup.standalone-backup-work/staging")) << what;
    EXPECT_EQ(home.read("config/config.json"), config) << what;
  }
};

TEST_F(Given, a_directory_is_installed_without_what_work_on_it_left_there) {
  const fs::path plugin = write("clock", "1.2.0");
  write_file(plugin / ".git/config", "[core]");
  write_file(plugin / "__pycache__/manager.cpython-311.pyc", "x");
  const auto ran = trueup.run({"install", "./clock/"}, {.directory = elsewhere.path()});
  ASSERT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("clock 1.2.0 is installed"));
  EXPECT_THAT(ran.output, HasSubstr("`trueup update` leaves it alone"));
  EXPECT_TRUE(fs::exists(home.plugin("clock/manager.py")));
  EXPECT_FALSE(fs::exists(home.plugin("clock/.git")));
  EXPECT_FALSE(fs::exists(home.plugin("clock/__pycache__")));
  EXPECT_EQ(json_at(home.read("plugin-repos/clock/.trueup-receipt.json"), "/origin"),
            Json("local:" + fs::canonical(plugin).string()).dump());
  EXPECT_EQ(json_at(home.read("config/config.json"), "/clock"), R"({"enabled":false})");
  EXPECT_EQ(trueup.list()["clock"].state, "healthy");
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("installed clock 1.2.0 from local:"));
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
}

TEST_F(Given, an_archive_is_installed_whatever_its_kind_and_without_any_registry) {
  trueup.use_registry("none");
  const fs::path zip = pack(write("clock", "1.2.0"), "clock.zip");
  const auto ran = trueup.run({"install", zip.string()});
  ASSERT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_EQ(version_of("clock"), "\"1.2.0\"");
  write("news", "3.0.0");
  ASSERT_EQ(run_command({"tar", "-czf", "news.tgz", "news"}, {.directory = elsewhere.path()}).exit_status, 0);
  const auto tar = trueup.run({"install", "./news.tgz"}, {.directory = elsewhere.path()});
  ASSERT_EQ(tar.exit_status, 0) << tar.errors;
  EXPECT_EQ(version_of("news"), "\"3.0.0\"");
}

TEST_F(Given, the_same_files_once_more_change_nothing_and_others_of_the_same_version_do) {
  const fs::path plugin = write("clock");
  ASSERT_EQ(trueup.run({"install", plugin.string()}).exit_status, 0);
  const std::string history = trueup.run({"history"}).output;
  const Snapshot before = take_snapshot(home.plugin("clock"));
  const auto again = trueup.run({"install", plugin.string()});
  EXPECT_EQ(again.exit_status, 0) << again.errors;
  EXPECT_THAT(again.output, HasSubstr("installed already"));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("clock"))), "");
  EXPECT_EQ(trueup.run({"history"}).output, history);
  write_file(plugin / "extra.py", "x = 1\n");
  ASSERT_EQ(trueup.run({"install", plugin.string()}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("clock/extra.py")));
}

TEST_F(Given, a_copy_takes_the_place_of_what_the_store_gave_and_undo_gives_that_back) {
  home.offer("clock", "1.0.0");
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
  write_file(home.plugin("clock/mine.txt"), "mine");
  const std::string config = home.read("config/config.json");
  ASSERT_EQ(trueup.run({"install", write("clock", "2.0.0-mine").string()}).exit_status, 0);
  EXPECT_EQ(version_of("clock"), "\"2.0.0-mine\"");
  EXPECT_EQ(home.read("config/config.json"), config) << "what is on stays on";
  EXPECT_EQ(read_file(home.plugin("clock/mine.txt")), "mine") << "what the owner put there goes along";
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(version_of("clock"), "\"1.0.0\"");
  EXPECT_EQ(read_file(home.plugin("clock/mine.txt")), "mine");
}

TEST_F(Given, it_is_nobodys_to_update_repair_or_freeze_F91_F129) {
  home.offer("clock", "9.0.0");
  const fs::path plugin = write("clock", "1.0.0");
  ASSERT_EQ(trueup.run({"install", plugin.string()}).exit_status, 0);
  const auto updated = trueup.run({"--json", "update", "--all"});
  EXPECT_EQ(updated.exit_status, 0) << updated.output;
  bool told = false;
  const Json answer = Json::parse(updated.output);
  for (const Json& one : answer["results"]) {
    if (one["plugin_id"] != "clock") continue;
    told = true;
    EXPECT_EQ(one["result"], "skipped");
    EXPECT_EQ(one["reason"], "local_copy");
    EXPECT_THAT(one["message"].get<std::string>(), HasSubstr("--from"));
  }
  EXPECT_TRUE(told) << updated.output;
  EXPECT_EQ(version_of("clock"), "\"1.0.0\"");
  EXPECT_THAT(trueup.run({"freeze"}).output, HasSubstr(plugin.string()));
  home.offer("clock", "1.0.0");
  fs::remove(home.plugin("clock/manager.py"));
  const Shown repaired = trueup.reconcile();
  EXPECT_EQ(repaired.ran.exit_status, 3);
  EXPECT_FALSE(fs::exists(home.plugin("clock/manager.py"))) << "the store's file is not this plugin's";
  ASSERT_EQ(trueup.run({"install", plugin.string()}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("clock/manager.py")));
  EXPECT_EQ(trueup.plan().ran.exit_status, 0);
  const std::string main = home.registry().string();
  home.offer("clock", "9.0.0");
  EXPECT_EQ(trueup.run({"update", "clock", "--from", main}).exit_status, 0);
  EXPECT_EQ(version_of("clock"), "\"9.0.0\"");
}

TEST_F(Given, what_breaks_a_rule_changes_nothing_F29_F90_F126_F145) {
  refuses(elsewhere.path() / "nothing-here", "nothing-here");
  fs::create_directories(elsewhere.path() / "empty");
  refuses(elsewhere.path() / "empty", "manifest.json");
  write_file(elsewhere.path() / "text.zip", "this is no archive");
  refuses(elsewhere.path() / "text.zip", "archive");
  write_file(elsewhere.path() / "bad/manifest.json", R"({"id": "../config", "name": "x", "display_modes": []})");
  refuses(elsewhere.path() / "bad", "../config");
  write_file(elsewhere.path() / "core/manifest.json", R"({"id": "display", "name": "x", "display_modes": []})");
  refuses(elsewhere.path() / "core", "display");
  const fs::path links = write("links");
  fs::create_symlink("/etc/passwd", links / "data.txt");
  refuses(links, "link");
  fs::remove(links / "data.txt");
  auto entries = entries_below(links, "links/");
  entries.push_back({.name = "links/../../config/config.json", .bytes = "{}"});
  write_file(elsewhere.path() / "up.zip", zip_of(entries));
  refuses(elsewhere.path() / "up.zip", "..");
  const fs::path needs = write("needs");
  Json manifest = Json::parse(read_file(needs / "manifest.json"));
  manifest["min_ledmatrix_version"] = "99.0.0";
  write_file(needs / "manifest.json", manifest.dump());
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  refuses(needs, "99.0.0");
  ::mkfifo((elsewhere.path() / "pipe").c_str(), 0600);
  refuses(elsewhere.path() / "pipe", "neither a directory nor a file");
}

TEST_F(Given, a_file_named_without_a_slash_is_taken_for_a_plugin_and_the_owner_is_told_how_it_is_meant) {
  pack(write("clock"), "clock.zip");
  const auto ran = trueup.run({"install", "clock.zip"}, {.directory = elsewhere.path()});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_THAT(ran.errors, HasSubstr("`trueup install ./clock.zip`"));
  EXPECT_THAT(trueup.run({"install", "nothing.zip"}, {.directory = elsewhere.path()}).errors, Not(HasSubstr("./")));
}

TEST_F(Given, every_note_of_a_removal_is_gone_by_whatever_name_F52) {
  home.offer("weather", "2.0.0", "ledmatrix-weather");
  home.add_tombstone("weather").add_tombstone("ledmatrix-weather").add_tombstone("another");
  ASSERT_EQ(trueup.run({"install", write("ledmatrix-weather").string()}).exit_status, 0);
  EXPECT_EQ(Json::parse(home.read("config/uninstalled_plugins.json")), Json::parse(R"(["another"])"));
}

TEST_F(Given, a_daemon_finds_it_from_where_the_person_stands) {
  write("clock", "1.2.0");
  read_file(home.config());
  const RunningDaemon daemon(home);
  ASSERT_TRUE(daemon.is_ready());
  const auto ran = trueup.run({"install", "./clock"}, {.directory = elsewhere.path()});
  ASSERT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_EQ(version_of("clock"), "\"1.2.0\"");
  EXPECT_NE(ran.output.find("comes from " + fs::canonical(elsewhere.path() / "clock").string() + ":"),
            std::string::npos)
      << ran.output;
}

}  // namespace
}  // namespace trueup::test
