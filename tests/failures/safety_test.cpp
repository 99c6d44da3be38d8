// Sections I, J, M and N of the failures: secrets, other programs, hostile names, and size.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/snapshot.h"
#include "support/system_calls.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Safety : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  static unsigned mode(const fs::path& path) {
    struct stat info{};
    EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777U;
  }
};

TEST_F(Safety, secrets_that_cannot_be_read_are_never_rewritten_nor_spilled_F100) {
  home.add_healthy("clock").add_healthy("foo").set_enabled("clock", false);
  const std::string broken = R"({"foo": {"api_key": "CANARY-1"},})";
  home.write("config/config_secrets.json", broken);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 5);
  trueup.run({"enable", "foo"});
  EXPECT_EQ(read_file(home.secrets()), broken);
  EXPECT_THAT(read_file(home.config()), Not(HasSubstr("CANARY")));
  EXPECT_NE(trueup.run({"uninstall", "foo"}).exit_status, 0) << "its secrets could not be removed";
  EXPECT_TRUE(fs::exists(home.plugin("foo")));
}

TEST_F(Safety, no_secret_reaches_a_message_a_log_or_a_wider_file_F103) {
  home.add_healthy("foo").set_secret("foo", R"({"api_key":"CANARY-2","enabled":true})").add_plugin("fresh");
  std::string said;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"status"},
                                                {"plan"},
                                                {"--json", "plan"},
                                                {"reconcile"},
                                                {"explain", "foo"},
                                                {"disable", "foo"},
                                                {"enable", "foo"},
                                                {"doctor"},
                                                {"list"},
                                                {"--json", "history"},
                                                {"uninstall", "foo"},
                                                {"undo", "1"}}) {
    const CommandResult ran = trueup.run(words);
    said += ran.output + ran.errors;
  }
  EXPECT_THAT(said, Not(HasSubstr("CANARY")));
  for (const std::string& path : files_containing(home.root(), "CANARY-2")) {
    EXPECT_EQ(mode(home.root() / path) & 07U, 0U) << path << " can be read by everybody";
    EXPECT_THAT(path, testing::AnyOf("config/config_secrets.json", HasSubstr(".trueup/"))) << path;
  }
}

TEST_F(Safety, modes_are_kept_whatever_the_umask_F104) {
  for (const mode_t mask : {mode_t{0}, mode_t{077}}) {
    Installation fresh;
    Trueup on_fresh{TRUEUP_BINARY, fresh};
    fresh.add_healthy("foo").set_secret("foo", R"({"enabled":false,"token":"t"})").add_plugin("fresh");
    fs::permissions(fresh.config(), fs::perms(0664));
    fs::permissions(fresh.secrets(), fs::perms(0600));
    const mode_t before = ::umask(mask);
    on_fresh.run({"reconcile"});
    on_fresh.run({"enable", "foo"});
    on_fresh.run({"uninstall", "foo"});
    ::umask(before);
    EXPECT_EQ(mode(fresh.config()), 0664U);
    EXPECT_EQ(mode(fresh.secrets()), 0600U);
    for (const std::string& path : files_containing(fresh.root() / ".trueup", "\"token\"")) {
      EXPECT_EQ(mode(fresh.root() / ".trueup" / path) & 077U, 0U) << path;
    }
  }
}

TEST_F(Safety, removal_takes_exactly_its_own_secrets_and_keeps_them_when_asked_F105) {
  home.add_healthy("foo")
      .add_healthy("bar")
      .set_secret("foo", R"({"token":"a"})")
      .set_secret("bar", R"({"token":"b"})");
  const std::string before = read_file(home.secrets());
  EXPECT_EQ(trueup.run({"uninstall", "--keep-config", "foo"}).exit_status, 0);
  EXPECT_EQ(read_file(home.secrets()), before);
  EXPECT_EQ(trueup.run({"uninstall", "bar"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.secrets()), "/bar"), std::nullopt);
  EXPECT_NE(json_at(read_file(home.secrets()), "/foo"), std::nullopt);
}

TEST_F(Safety, a_swap_that_keeps_size_and_time_is_still_noticed_F113) {
  home.add_healthy("aaa").add_healthy("bbb").set_section("note", R"({"text":"old"})");
  EXPECT_EQ(trueup.run({"disable", "aaa"}).exit_status, 0);
  const auto time = fs::last_write_time(home.config());
  std::string swapped = read_file(home.config());
  swapped.replace(swapped.find("\"old\""), 5, "\"new\"");
  write_file(home.root() / "config/swap", swapped);
  fs::last_write_time(home.root() / "config/swap", time);
  fs::rename(home.root() / "config/swap", home.config());
  EXPECT_EQ(trueup.run({"disable", "bbb"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/note/text"), "\"new\"");
}

TEST_F(Safety, a_dead_holders_lock_is_nothing_and_a_live_ones_is_respected_and_named_F118) {
  home.add_healthy("clock").add_plugin("fresh");
  home.write(".trueup/lock", "{\"pid\": 999999, \"command\": \"reconcile\"}\n");
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 0);

  const int lock = ::open((home.root() / ".trueup/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lock, 0);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const CommandResult waiting = trueup.run({"--wait", "0", "disable", "clock"});
  EXPECT_EQ(waiting.exit_status, 4) << waiting.errors;
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 0) << "a reading verb needs no lock";
  ::close(lock);
  EXPECT_EQ(trueup.run({"--wait", "0", "disable", "clock"}).exit_status, 0);
}

TEST_F(Safety, no_name_leads_a_verb_out_of_the_plugins_directory_F141) {
  home.add_healthy("clock");
  write_file(home.root().parent_path() / "sentinel", "outside");
  read_file(home.config());
  const Snapshot before = take_snapshot(home.root().parent_path());
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("../config"), std::string("a/../../config"),
        std::string("/etc"), std::string("%2e%2e%2fconfig"), std::string("foo/"), std::string("foo\\.."),
        std::string(300, 'x'), std::string("-rf"), std::string(" foo"), std::string("foo "), std::string("foo\nbar")}) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"uninstall", "--", name},
                                                  {"enable", "--", name},
                                                  {"disable", "--", name},
                                                  {"install", "--", name},
                                                  {"update", "--", name},
                                                  {"explain", "--", name},
                                                  {"reconcile", "--", name},
                                                  {"uninstall", "--dir", name}}) {
      EXPECT_NE(trueup.run(words).exit_status, 0) << words[0] << " '" << name << "'";
    }
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root().parent_path()), Compare::contents), "");
}

TEST_F(Safety, removal_never_reaches_through_a_link_F150) {
  const fs::path outside = home.root().parent_path() / "dev";
  write_plugin(outside / "linked", "linked", "1.0.0");
  write_file(outside / "other/file", "bytes");
  fs::create_directory_symlink(outside / "linked", home.plugin("linked"));
  home.set_enabled("linked", true).record("linked", true, "1.0.0").add_healthy("foo");
  fs::create_directory_symlink(outside / "other", home.plugin("foo/sub"));
  read_file(home.config());
  const Snapshot before = take_snapshot(outside);
  EXPECT_EQ(trueup.list().at("linked").state, "linked");
  EXPECT_EQ(trueup.run({"uninstall", "linked"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  EXPECT_FALSE(fs::is_symlink(home.plugin("linked")));
  EXPECT_EQ(difference(before, take_snapshot(outside)), "");
}

TEST_F(Safety, files_that_others_plant_in_the_temporary_directory_are_never_read_or_written_F152) {
  home.add_healthy("clock").add_plugin("fresh").set_secret("x", R"({"k":"CANARY-3"})");
  const fs::path planted = home.root().parent_path() / "tmp";
  fs::create_directories(planted);
  read_file(home.config());
  fs::create_symlink(home.secrets(), planted / "ledmatrix_reconciliation.json");
  ASSERT_EQ(::mkfifo((planted / "trueup").c_str(), 0600), 0);
  const Snapshot before = take_snapshot(planted);
  const std::string secrets = read_file(home.secrets());
  CommandOptions options;
  options.environment = {{"TMPDIR", planted.string()}};
  EXPECT_EQ(trueup.run({"reconcile"}, options).exit_status, 0);
  EXPECT_EQ(difference(before, take_snapshot(planted)), "");
  EXPECT_EQ(read_file(home.secrets()), secrets);
}

TEST_F(Safety, a_large_installation_fits_into_a_small_board_F159) {
  if (kIsInstrumented) GTEST_SKIP() << "a sanitizer takes memory of its own";
  std::string filler = "\"";
  filler += std::string(9'000, 'x') + "\"";
  for (int i = 0; i < 500; ++i) {
    const std::string id = "plugin-" + std::to_string(1000 + i);
    home.add_plugin(id)
        .set_section(id, "{\"enabled\":true,\"text\":" + filler + "}")
        .record(id, i % 2 == 0, "1.0.0")
        .offer(id);
  }
  read_file(home.config());
  std::string line = "ulimit -v 262144 && exec";
  for (const std::string& word : trueup.command({"--json", "reconcile"})) line += " '" + word + "'";
  const CommandResult ran = run_command({"bash", "-c", line});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors.substr(0, 500);
  EXPECT_THAT(trueup.plan().found, IsEmpty());
}

}  // namespace
}  // namespace trueup::test
