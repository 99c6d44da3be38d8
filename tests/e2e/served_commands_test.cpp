// The same command with a daemon and without one: same words, same exit status, same bytes on the disk. Only who does
// it differs.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "e2e/command_support.h"
#include "e2e/running_daemon.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using Json = RunningDaemon::Json;

void describe(Installation& home) {
  home.add_healthy("clock").add_healthy("weather", false).offer("news", "2.0.0");
  home.set_secret("weather", R"({"api_key": "hush"})");
}

struct Case {
  std::vector<std::string> words;
  std::string input = {};
};

/// Each rests on what those before it did.
std::vector<Case> cases() {
  return {
      {{"enable", "weather"}},
      {{"enable", "weather", "--json"}},
      {{"disable", "clock"}},
      {{"config", "set", "clock", "display_duration", "30"}},
      {{"config", "set", "weather", "api_key", "-"}, "new secret\n"},
      {{"config", "unset", "clock", "display_duration"}},
      {{"install", "news"}},
      {{"install", "news"}},
      {{"install", "nothing-of-the-kind"}},
      {{"update", "--all"}},
      {{"update", "news", "--json"}},
      {{"reconcile"}},
      {{"reconcile", "--json"}},
      {{"reconcile", "nothing-of-the-kind"}},
      {{"ignore", "plugin_missing_on_disk:clock"}},
      {{"uninstall", "news"}},
      {{"undo"}},
      {{"undo", "99"}},
      {{"restore", "config/config.json", "--from", "nowhere"}},
      {{"config", "purge", "weather"}},
      {{"--wait", "20", "enable", "clock"}},  // long: a pass for the files of the command before may begin late
  };
}

std::string without(std::string text, const std::string& root) {
  for (auto at = text.find(root); at != std::string::npos; at = text.find(root)) text.replace(at, root.size(), "ROOT");
  return text;
}

std::string all_files(Installation& home) {
  std::string all;
  for (const char* file : {"config/config.json", "config/config_secrets.json", "data/plugin_state.json",
                           "config/uninstalled_plugins.json", "plugin-repos/news/manifest.json"}) {
    all += std::string(file) + ":\n" + (fs::exists(home.root() / file) ? read_file(home.root() / file) : "-") + "\n";
  }
  return all;
}

TEST(ServedCommands, say_and_do_the_same_as_without_a_daemon) {
  Installation alone;
  Installation served;
  describe(alone);
  describe(served);
  RunningDaemon daemon(served);
  daemon.at_rest();
  for (const Case& one : cases()) {
    SCOPED_TRACE(::testing::PrintToString(one.words));
    const auto expected = trueup(alone, one.words, {.input = one.input});
    const auto got = trueup(served, one.words, {.input = one.input});
    EXPECT_EQ(got.exit_status, expected.exit_status);
    EXPECT_EQ(without(got.output, served.root().string()), without(expected.output, alone.root().string()));
    EXPECT_EQ(without(got.errors, served.root().string()), without(expected.errors, alone.root().string()));
    EXPECT_EQ(all_files(served), all_files(alone));
    daemon.at_rest();
  }
  // It was really the daemon that did them.
  const auto metrics = daemon.ask({.ask = service::Ask::metrics});
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->find("trueup_commands_total " + std::to_string(cases().size()) + "\n"), std::string::npos)
      << *metrics;
}

TEST(ServedCommands, those_that_only_look_are_done_by_whoever_asks) {
  Installation home;
  describe(home);
  RunningDaemon daemon(home);
  daemon.at_rest();
  for (const char* verb : {"status", "plan", "list", "history", "doctor"}) {
    EXPECT_NE(trueup(home, {verb}).exit_status, 4) << verb;
  }
  EXPECT_NE(daemon.ask({.ask = service::Ask::metrics})->find("trueup_commands_total 0\n"), std::string::npos);
}

TEST(ServedCommands, a_daemon_that_stands_still_is_said_to_be_busy_and_nothing_is_done_behind_its_back) {
  Installation home;
  describe(home);
  RunningDaemon daemon(home);
  daemon.at_rest();
  const std::string before = all_files(home);
  // The wait of the command, and ten seconds for the daemon to say so.
  daemon.signal(SIGSTOP);
  const auto got = trueup(home, {"--wait", "0", "enable", "weather"});
  EXPECT_EQ(got.exit_status, 4);
  EXPECT_EQ(all_files(home), before);
  daemon.signal(SIGCONT);
}

TEST(ServedCommands, two_at_once_are_done_one_after_the_other) {
  Installation home;
  describe(home);
  RunningDaemon daemon(home);
  daemon.at_rest();
  std::vector<service::Client> clients;
  for (int i = 0; i < 20; ++i) {
    auto client = service::Client::connect((home.root() / ".trueup").string(), ::geteuid());
    ASSERT_TRUE(client);
    const std::string verb = i % 2 == 0 ? "disable" : "enable";
    ASSERT_TRUE(client->ask({.ask = service::Ask::command,
                             .version = "0.1.0",
                             .command = {.words = {verb, "clock"},
                                         .working_directory = "/",
                                         .environment = {{"TRUEUP_ROOT", home.root().string()}}}}));
    clients.push_back(std::move(*client));
  }
  for (service::Client& client : clients) {
    for (;;) {
      const auto frame = client.next(std::chrono::seconds(30));
      ASSERT_TRUE(frame) << frame.error().text();
      ASSERT_NE(frame->kind, service::FrameKind::declined) << frame->body;
      if (frame->kind != service::FrameKind::ended) continue;
      EXPECT_EQ(frame->body, "0");
      break;
    }
  }
  EXPECT_EQ(Json::parse(home.read("config/config.json"))["clock"]["enabled"], true);
}

TEST(ServedCommands, a_secret_that_went_through_the_daemon_is_in_no_log_and_no_other_file) {
  Installation home;
  describe(home);
  RunningDaemon daemon(home);
  daemon.at_rest();
  ASSERT_EQ(trueup(home, {"config", "set", "weather", "api_key", "-"}, {.input = "zyxwv-98765"}).exit_status, 0);
  const Json known = daemon.at_rest();
  EXPECT_EQ(known.dump().find("zyxwv"), std::string::npos);
  EXPECT_EQ(daemon.log().find("zyxwv"), std::string::npos);
}

}  // namespace
}  // namespace trueup::test
