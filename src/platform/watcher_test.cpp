// The real watcher, on real directories. Nothing here waits for a time: what a call did has been told when it returns.
#include "platform/watcher.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/files.h"

namespace trueup::platform {
namespace {

namespace fs = std::filesystem;
using test::write_file;

class RealWatcherTest : public ::testing::Test {
 protected:
  RealWatcherTest() {
    fs::create_directories(home() / "config");
    write_file(home() / "config/config.json", "{}");
    watch();
  }
  fs::path home() const { return scratch.path(); }
  void watch() {
    watcher.watch({{.path = (home() / "config").string(), .names = {"config.json", "*.py"}, .topic = "config"},
                   {.path = (home() / "plugins/deep").string(), .except = {".ours"}, .topic = "plugins"}});
    (void)watcher.take();
  }
  bool told(const std::string& topic) { return watcher.take().topics.contains(topic); }

  test::TempDirectory scratch;
  RealWatcher watcher;
};

TEST_F(RealWatcherTest, a_file_that_is_written_or_replaced_by_a_rename_is_told_of) {
  write_file(home() / "config/config.json", "{\"a\": 1}");
  EXPECT_TRUE(told("config"));
  write_file(home() / "config/.config.json.swp", "{}");
  EXPECT_FALSE(told("config")) << "an editor's own file is nobody's business";
  fs::rename(home() / "config/.config.json.swp", home() / "config/config.json");
  EXPECT_TRUE(told("config"));
  fs::remove(home() / "config/config.json");
  EXPECT_TRUE(told("config"));
  fs::create_symlink("/nowhere", home() / "config/config.json");
  EXPECT_TRUE(told("config")) << "nobody closes a link";
}

TEST_F(RealWatcherTest, a_file_that_is_still_being_written_is_not_told_of) {
  fs::remove(home() / "config/config.json");
  (void)watcher.take();
  {
    const Descriptor open(::open((home() / "config/config.json").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    ASSERT_TRUE(open.is_open());
    ASSERT_EQ(::write(open.get(), "{", 1), 1);
    EXPECT_TRUE(watcher.take().empty());
  }
  EXPECT_TRUE(told("config"));
}

TEST(WatchedDirectory, a_name_counts_by_its_beginning_and_its_end) {
  const WatchedDirectory directory{.path = "/", .names = {"health:*.json"}, .except = {"health:x.json"}};
  EXPECT_TRUE(counts(directory, "health:clock.json"));
  EXPECT_TRUE(counts(directory, "health:.json"));
  EXPECT_FALSE(counts(directory, "health:x.json"));
  EXPECT_FALSE(counts(directory, "health.json"));
  EXPECT_FALSE(counts(directory, "health:.jso"));
}

TEST_F(RealWatcherTest, patterns_count_by_their_end) {
  write_file(home() / "config/manager.py", "x");
  EXPECT_TRUE(told("config"));
  write_file(home() / "config/manager.pyc", "x");
  EXPECT_FALSE(told("config"));
}

TEST_F(RealWatcherTest, a_directory_that_is_not_there_is_found_when_it_comes_also_several_levels_deep) {
  fs::create_directories(home() / "plugins");
  EXPECT_TRUE(watcher.take().everything);
  watch();
  fs::create_directories(home() / "plugins/deep");
  EXPECT_TRUE(watcher.take().everything);
  watch();
  fs::create_directories(home() / "plugins/deep/.ours");
  EXPECT_FALSE(told("plugins"));
  fs::create_directories(home() / "plugins/deep/clock");
  EXPECT_TRUE(told("plugins"));
}

TEST_F(RealWatcherTest, a_directory_that_is_deleted_and_made_anew_is_watched_on) {
  fs::remove_all(home() / "config");
  EXPECT_TRUE(watcher.take().everything);
  watch();
  fs::create_directories(home() / "config");
  EXPECT_TRUE(watcher.take().everything);
  watch();
  write_file(home() / "config/config.json", "{\"b\": 1}");
  EXPECT_TRUE(told("config"));
}

TEST_F(RealWatcherTest, a_directory_that_is_moved_away_is_another_one) {
  fs::rename(home() / "config", home() / "config.old");
  fs::create_directories(home() / "config");
  EXPECT_TRUE(watcher.take().everything);
  watch();
  write_file(home() / "config.old/config.json", "{}");
  EXPECT_FALSE(told("config"));
  write_file(home() / "config/config.json", "{}");
  EXPECT_TRUE(told("config"));
}

// Needs root: its own view of what is mounted.
TEST_F(RealWatcherTest, what_is_mounted_over_a_directory_or_taken_away_from_it_means_that_everything_is_looked_at) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    GTEST_SKIP() << "skipped: this user may mount nothing";
  }
  RealWatcher here;
  const std::string config = (home() / "config").string();
  here.watch({{.path = config, .topic = "config"}});
  pollfd waits{.fd = here.descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_TRUE(here.take().empty());
  EXPECT_EQ(::poll(&waits, 1, 0), 0) << "at rest it wakes nobody";
  ASSERT_EQ(::mount("stick", config.c_str(), "tmpfs", 0, nullptr), 0);
  EXPECT_EQ(::poll(&waits, 1, 0), 1);
  EXPECT_TRUE(here.take().everything);
  EXPECT_EQ(::poll(&waits, 1, 0), 0) << "told once";
  here.watch({{.path = config, .topic = "config"}});
  write_file(home() / "config/config.json", "{}");
  EXPECT_TRUE(here.take().topics.contains("config")) << "what is there now is watched";
  ASSERT_EQ(::umount2(config.c_str(), 0), 0);
  EXPECT_EQ(::poll(&waits, 1, 0), 1);
  EXPECT_TRUE(here.take().everything);
}

TEST_F(RealWatcherTest, more_events_than_the_kernel_keeps_mean_that_everything_is_looked_at) {
  const auto file = home() / "config/config.json";
  for (int i = 0; i < 20'000; ++i) {
    fs::rename(file, home() / "config/other.py");
    fs::rename(home() / "config/other.py", file);
  }
  EXPECT_TRUE(watcher.take().everything);
  write_file(file, "{}");
  EXPECT_TRUE(told("config"));
}

TEST_F(RealWatcherTest, what_cannot_be_watched_is_named) {
  EXPECT_TRUE(watcher.blind().empty());
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ::chmod((home() / "config").c_str(), 0);
  watch();
  ASSERT_EQ(watcher.blind().size(), 1U);
  EXPECT_NE(watcher.blind().front().find("may not read it"), std::string::npos);
  ::chmod((home() / "config").c_str(), 0755);
}

}  // namespace
}  // namespace trueup::platform
