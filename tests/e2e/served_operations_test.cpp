// Operations of the daemon when the world does not hold still: their file is broken, plugins come and go meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <set>

#include "e2e/command_support.h"
#include "e2e/running_daemon.h"
#include "support/store_home.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using Json = RunningDaemon::Json;
using testing::HasSubstr;

bool is_over(const Json& operation) { return operation["state"] != "waiting" && operation["state"] != "running"; }

/// Of the first operation, once it has ended.
Json first_result(RunningDaemon& daemon) {
  return daemon.when(
      [](const Json& now) { return !now["operations"].empty() && is_over(now["operations"][0]); })["operations"][0];
}

Result<std::string> submit(RunningDaemon& daemon, std::vector<std::string> words, const std::string& plugin_id) {
  return daemon.ask({.ask = service::Ask::submit, .operation = {.words = std::move(words), .plugin_id = plugin_id}});
}

struct Broken {
  const char* how;
  std::function<void(const fs::path& own)> make;
};

TEST(ServedOperations, F68_are_done_and_kept_whatever_has_become_of_the_file_from_before) {
  const std::vector<Broken> all{
      {"garbage", [](const fs::path& own) { write_file(own / "operations.json", "garbage"); }},
      {"0 bytes", [](const fs::path& own) { write_file(own / "operations.json", ""); }},
      {"200 MB",
       [](const fs::path& own) {
         write_file(own / "operations.json", "{");
         fs::resize_file(own / "operations.json", 200U << 20U);
       }},
      {"a directory", [](const fs::path& own) { write_file(own / "operations.json" / "x", "x"); }}};
  for (const Broken& broken : all) {
    SCOPED_TRACE(broken.how);
    Installation home;
    home.add_healthy("clock");
    home.offer("news");
    broken.make(home.root() / ".trueup");
    RunningDaemon daemon(home);
    ASSERT_TRUE(submit(daemon, {"install", "news"}, "news"));
    EXPECT_EQ(first_result(daemon)["state"], "done");
    EXPECT_TRUE(fs::exists(home.plugin("news") / "manifest.json"));
    EXPECT_THAT(daemon.log(), HasSubstr("operations.lost"));
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait_for_end(), 0);
    const Json kept = Json::parse(home.read(".trueup/operations.json"), nullptr, false);
    ASSERT_TRUE(kept.is_object());
    EXPECT_THAT(kept.dump(), HasSubstr("news"));
    EXPECT_LT(fs::file_size(home.root() / ".trueup/operations.json"), 100'000U);
  }
}

TEST(ServedOperations, F68_are_done_where_their_file_cannot_be_written_and_it_says_so_once) {
  Installation home;
  home.add_healthy("clock");
  home.offer("news").offer("radio");
  write_file(home.root() / ".trueup/operations.json.new/in-the-way", "x");
  RunningDaemon daemon(home);
  ASSERT_TRUE(submit(daemon, {"install", "news"}, "news"));
  ASSERT_TRUE(submit(daemon, {"install", "radio"}, "radio"));
  daemon.when([](const Json& now) {
    return now["operations"].size() == 2 && is_over(now["operations"][0]) && is_over(now["operations"][1]);
  });
  EXPECT_TRUE(fs::exists(home.plugin("news") / "manifest.json"));
  EXPECT_TRUE(fs::exists(home.plugin("radio") / "manifest.json"));
  const std::string log = daemon.log();
  const auto first = log.find("operations.not_kept");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("operations.not_kept", first + 1), std::string::npos) << log;
}

std::string plugin_number(int number) {
  return std::string("plugin-") + (number < 10 ? "0" : "") + std::to_string(number);
}

/// Until the archive was asked for: everything before that is decided.
void wait_for_archive(const StoreHome& store, RunningDaemon& daemon) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (store.archive_requests() == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "nobody asked for the archive";
    ASSERT_TRUE(daemon.ask({.ask = service::Ask::metrics}));
  }
}

TEST(ServedOperations, F117_an_update_of_all_tells_of_each_plugin_that_was_there_when_it_began) {
  constexpr int kCount = 40;
  StoreHome store(TRUEUP_BINARY);
  std::set<std::string> at_start;
  for (int i = 0; i < kCount; ++i) {
    at_start.insert(plugin_number(i));
    store.home.add_healthy(plugin_number(i), false, "1.0.0");
    store.offer(plugin_number(i), "2.0.0");
  }
  store.offer("added");
  store.publish();
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"file": ")" +
                     std::string(StoreHome::kArchive.substr(1)) + R"(", "pieces": 1}]})");
  RunningDaemon daemon(store.home, {}, store.server.url(StoreHome::kRegistry));
  daemon.at_rest();
  ASSERT_TRUE(submit(daemon, {"update", "--all"}, ""));
  wait_for_archive(store, daemon);

  // Meanwhile: one goes and one comes by hand, one is to be removed and one to be installed.
  fs::rename(store.home.plugin("plugin-39"), store.home.root() / "away");
  store.home.add_healthy("by-hand", false, "1.0.0");
  ASSERT_TRUE(submit(daemon, {"uninstall", "plugin-20"}, "plugin-20"));
  ASSERT_TRUE(submit(daemon, {"install", "added"}, "added"));
  write_file(store.server.site().parent_path() / "pieces", "1");

  const Json known = daemon.when(
      [](const Json& now) { return now["operations"].size() == 3 && std::ranges::all_of(now["operations"], is_over); });
  for (const Json& operation : known["operations"]) {
    if (operation["words"][0] != "update") {
      EXPECT_EQ(operation["state"], "done") << operation;
      continue;
    }
    const Json answer = Json::parse(operation["output"].get<std::string>());
    std::set<std::string> told;
    for (const Json& result : answer["results"]) {
      told.insert(result["plugin_id"]);
      EXPECT_EQ(result["result"], result["plugin_id"] == "plugin-39" ? "failed" : "updated") << result;
    }
    EXPECT_EQ(told, at_start);
    EXPECT_EQ(answer["results"].size(), at_start.size());
  }
  EXPECT_FALSE(fs::exists(store.home.plugin("plugin-20")));
  EXPECT_FALSE(fs::exists(store.home.plugin("plugin-39")));
  EXPECT_TRUE(fs::exists(store.home.plugin("added") / "manifest.json"));
}

}  // namespace
}  // namespace trueup::test
