// The daemon as an owner has it: files change, and what it knows, and mends, follows.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "e2e/command_support.h"
#include "e2e/running_daemon.h"
#include "platform/local_socket.h"
#include "service/pace.h"
#include "support/snapshot.h"
#include "support/store_home.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using Json = RunningDaemon::Json;

/// As an editor saves: a new file takes the name of the old one.
void replace(const fs::path& path, const std::string& bytes) {
  const fs::path temporary = path.string() + ".tmp";
  write_file(temporary, bytes);
  fs::rename(temporary, path);
}

/// config.json with another value for a key of clock's section.
std::string with_clock(const std::string& text, const std::string& key, const std::string& value) {
  auto config = nlohmann::ordered_json::parse(text);
  config["clock"][key] = nlohmann::ordered_json::parse(value);
  return config.dump(4);
}

class Serve : public ::testing::Test {
 protected:
  Serve() { home.add_healthy("clock").add_healthy("weather"); }
  std::string config() { return home.read("config/config.json"); }
  Installation home;
};

TEST_F(Serve, a_change_of_the_settings_is_followed_and_what_is_safe_is_mended) {
  RunningDaemon daemon(home);
  daemon.at_rest();
  replace(home.config(), with_clock(config(), "enabled", "\"yes\""));
  const Json known = daemon.when([](const Json& now) { return !now["findings"].empty(); });
  EXPECT_EQ(finding_in(known, "clock")["inconsistency_type"], "plugin_config_invalid");
  replace(home.config(), with_clock(config(), "enabled", "false"));
  daemon.when([this](const Json& now) {
    return now["findings"].empty() &&
           home.read("data/plugin_state.json").find("\"enabled\": false") != std::string::npos;
  });
}

TEST_F(Serve, F05_a_finding_disappears_as_soon_as_the_disk_agrees_again) {
  RunningDaemon daemon(home);
  daemon.at_rest();
  fs::rename(home.plugin("clock"), home.root() / "away");
  daemon.when([](const Json& now) { return !finding_in(now, "clock").is_null(); });
  fs::rename(home.root() / "away", home.plugin("clock"));
  daemon.when([](const Json& now) { return finding_in(now, "clock").is_null(); });
  EXPECT_EQ(trueup(home, {"status"}).exit_status, 0);
}

TEST_F(Serve, F62_saving_a_setting_that_its_schema_wanted_clears_the_reason_at_once) {
  home.write("plugin-repos/clock/config_schema.json",
             R"({"type": "object", "properties": {"style": {"type": "string", "enum": ["round"]}}})");
  home.set_section("clock", R"({"enabled": true, "style": "oval"})");
  RunningDaemon daemon(home);
  const Json known = daemon.when([](const Json& now) { return !finding_in(now, "clock").is_null(); });
  EXPECT_EQ(finding_in(known, "clock")["inconsistency_type"], "plugin_config_invalid");
  replace(home.config(), with_clock(config(), "style", "\"round\""));
  daemon.when([](const Json& now) { return finding_in(now, "clock").is_null(); });
}

TEST_F(Serve, F58_it_makes_no_pass_because_somebody_asks) {
  home.set_enabled("ghost", true);
  RunningDaemon daemon(home);
  const Json before = daemon.at_rest();
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(daemon.ask({.ask = service::Ask::snapshot}));
  EXPECT_EQ(daemon.at_rest()["passes"], before["passes"]);
}

TEST_F(Serve, F115_fifty_who_ask_while_the_first_pass_waits_for_the_registry_are_answered_and_start_no_other) {
  StoreHome store(TRUEUP_BINARY);
  store.home.add_healthy("clock");
  store.server.rules(R"({")" + std::string(StoreHome::kRegistry) + R"(": [{"hang": true}]})");
  RunningDaemon daemon(store.home, {}, store.server.url(StoreHome::kRegistry));
  std::vector<service::Client> all;
  for (int i = 0; i < 50; ++i) {
    auto client = service::Client::connect((store.home.root() / ".trueup").string(), ::geteuid());
    ASSERT_TRUE(client);
    ASSERT_TRUE(client->ask({.ask = service::Ask::snapshot}));
    all.push_back(std::move(*client));
  }
  for (service::Client& client : all) {
    const auto answer = client.next(std::chrono::seconds(2));
    ASSERT_TRUE(answer) << answer.error().text();
    const Json known = Json::parse(answer->body);
    EXPECT_EQ(known["passes"], 0);
    EXPECT_LE(known["waiting"], 1);
  }
  EXPECT_LE(store.registry_requests(), 1U);
}

TEST_F(Serve, ten_thousand_changes_in_a_burst_cost_a_handful_of_passes) {
  RunningDaemon daemon(home);
  const int before = daemon.at_rest()["passes"];
  const std::string text = config();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) replace(home.config(), text);
  replace(home.config(), with_clock(text, "enabled", "\"yes\""));
  const auto took = std::chrono::steady_clock::now() - begin;
  const Json known =
      daemon.when([](const Json& now) { return !now["findings"].empty() && RunningDaemon::is_idle(now); });
  // While it goes on, one each time that the longest settling is over.
  const auto handful = 3 + took / (service::kMostSettleRounds * service::kSettle);
  EXPECT_LE(known["passes"].get<int>() - before, handful);
}

TEST_F(Serve, a_directory_that_is_deleted_and_made_anew_is_watched_on) {
  RunningDaemon daemon(home);
  daemon.at_rest();
  const std::string text = config();
  const std::string secrets = home.read("config/config_secrets.json");
  fs::remove_all(home.root() / "config");
  daemon.when([](const Json& now) { return !now["findings"].empty(); });
  fs::create_directories(home.root() / "config");
  write_file(home.secrets(), secrets);
  write_file(home.config(), text);
  daemon.when([](const Json& now) { return now["findings"].empty(); });
  replace(home.config(), with_clock(text, "enabled", "1"));
  daemon.when([](const Json& now) { return !now["findings"].empty(); });
}

TEST_F(Serve, other_files_beside_those_it_rests_on_cost_no_pass) {
  RunningDaemon daemon(home);
  const Json before = daemon.at_rest();
  write_file(home.root() / "config/config.json.swp", "x");
  write_file(home.root() / "data/cache.json", "x");
  write_file(home.plugin("clock") / "fetched.dat", "x");
  // A change that counts comes behind them: when it was seen they were seen.
  replace(home.config(), config() + "\n");
  const Json after =
      daemon.when([&](const Json& now) { return now["passes"] > before["passes"] && RunningDaemon::is_idle(now); });
  EXPECT_EQ(after["passes"].get<int>(), before["passes"].get<int>() + 1);
}

TEST_F(Serve, there_is_only_one_and_the_second_one_says_who_works_here) {
  RunningDaemon daemon(home);
  const auto second = trueup(home, {"serve"});
  EXPECT_EQ(second.exit_status, 4);
  EXPECT_NE(second.errors.find(std::to_string(daemon.pid())), std::string::npos) << second.errors;
}

TEST_F(Serve, it_ends_by_itself_when_it_is_asked_to_and_takes_its_socket_with_it) {
  RunningDaemon daemon(home);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait_for_end(), 0);
  EXPECT_FALSE(fs::exists(fs::symlink_status(home.root() / ".trueup/socket")));
  EXPECT_NE(daemon.log().find("daemon.stopping"), std::string::npos);
}

TEST_F(Serve, after_a_kill_the_next_one_starts_as_if_nothing_had_happened) {
  {
    RunningDaemon killed(home);
    killed.signal(SIGKILL);
    killed.wait_for_end();
  }
  EXPECT_EQ(trueup(home, {"disable", "clock"}).exit_status, 0) << "nobody listens, so the command does it itself";
  RunningDaemon daemon(home);
  EXPECT_TRUE(daemon.at_rest()["healthy"]);
}

TEST_F(Serve, reloading_reads_its_own_settings_anew) {
  RunningDaemon daemon(home);
  daemon.at_rest();
  write_file(home.root() / "config/trueup/settings.json", R"({"restart_display": "sometimes"})");
  const Json known = daemon.when([](const Json& now) { return !now["problem"].is_null(); });
  EXPECT_NE(known["problem"].get<std::string>().find("restart_display"), std::string::npos);
  fs::remove(home.root() / "config/trueup/settings.json");
  daemon.signal(SIGHUP);
  daemon.when([](const Json& now) { return now["problem"].is_null(); });
}

TEST_F(Serve, a_stranger_at_its_socket_is_sent_away_and_disturbs_nobody) {
  RunningDaemon daemon(home);
  auto stranger = platform::connect_local((home.root() / ".trueup").string(), "socket");
  ASSERT_TRUE(stranger);
  ASSERT_TRUE(stranger->write_some("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  // It is told why, and then the line is closed.
  std::string answer;
  for (;;) {
    ASSERT_TRUE(
        platform::wait_until_ready(stranger->descriptor(), platform::Direction::reading, std::chrono::seconds(30)));
    const auto bytes = stranger->read_some();
    if (!bytes || (*bytes && (*bytes)->empty())) break;
    if (*bytes) answer += **bytes;
  }
  EXPECT_NE(answer.find("not how trueup speaks"), std::string::npos);
  EXPECT_TRUE(daemon.at_rest()["healthy"]);
}

TEST_F(Serve, F158_what_stands_is_told_once_however_many_passes_there_are) {
  home.set_section("clock", R"({"enabled": "yes"})");
  RunningDaemon daemon(home);
  for (int i = 0; i < 5; ++i) {
    const int before = daemon.at_rest()["passes"];
    replace(home.config(), config() + "\n");
    daemon.when([before](const Json& now) { return now["passes"] > before; });
  }
  const std::string log = daemon.log();
  const auto first = log.find("finding.stands");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("finding.stands", first + 1), std::string::npos) << log;
}

TEST_F(Serve, an_operation_is_done_in_its_turn_and_its_result_can_be_asked_for) {
  home.offer("news");
  RunningDaemon daemon(home);
  daemon.at_rest();
  const auto id =
      daemon.ask({.ask = service::Ask::submit, .operation = {.words = {"install", "news"}, .plugin_id = "news"}});
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(*id, R"({"id": 1})");
  const Json known = daemon.when([](const Json& now) {
    return !now["operations"].empty() && now["operations"][0]["state"] != "waiting" &&
           now["operations"][0]["state"] != "running";
  });
  EXPECT_EQ(known["operations"][0]["state"], "done") << known["operations"][0];
  EXPECT_EQ(Json::parse(known["operations"][0]["output"].get<std::string>())["schema"], 1);
  EXPECT_TRUE(fs::exists(home.plugin("news") / "manifest.json"));
  const auto metrics = daemon.ask({.ask = service::Ask::metrics});
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->find("trueup_operations{state=\"done\"} 1"), std::string::npos);
}

TEST_F(Serve, F114_over_a_kill_every_operation_that_was_accepted_comes_to_an_end) {
  constexpr std::size_t kCount = 8;
  for (std::size_t i = 0; i < kCount; ++i) home.offer("news-" + std::to_string(i));
  {
    RunningDaemon killed(home);
    killed.at_rest();
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::string id = "news-" + std::to_string(i);
      ASSERT_TRUE(killed.ask({.ask = service::Ask::submit, .operation = {.words = {"install", id}, .plugin_id = id}}));
    }
    killed.signal(SIGKILL);
    killed.wait_for_end();
  }
  RunningDaemon daemon(home);
  const Json known = daemon.when([](const Json& now) {
    return std::ranges::none_of(now["operations"], [](const Json& operation) {
      return operation["state"] == "waiting" || operation["state"] == "running";
    });
  });
  ASSERT_EQ(known["operations"].size(), kCount);
  for (const Json& operation : known["operations"]) {
    const bool is_there = fs::exists(home.plugin(operation["plugin_id"].get<std::string>()) / "manifest.json");
    EXPECT_TRUE(is_there || operation["state"] == "interrupted") << operation;
    EXPECT_TRUE(operation["state"] == "done" || operation["state"] == "interrupted") << operation;
  }
}

TEST_F(Serve, what_comes_into_a_local_registry_is_fetched_without_being_asked_for) {
  home.offer("other").set_enabled("news", true).record("news", true, "1.0.0");
  RunningDaemon daemon(home);
  daemon.when([](const Json& now) { return !finding_in(now, "news").is_null() && RunningDaemon::is_idle(now); });
  home.offer("news").root();  // now it lies there
  daemon.when([this](const Json& now) {
    return finding_in(now, "news").is_null() && fs::exists(home.plugin("news") / "manifest.json");
  });
}

TEST_F(Serve, the_owners_own_program_is_told_of_a_finding) {
  const fs::path told = home.root() / "told";
  ASSERT_EQ(::mkfifo(told.c_str(), 0600), 0);
  home.write("config/trueup/settings.json",
             R"({"on_finding": ["/bin/sh", "-c", "cat > \"$0\"", ")" + told.string() + R"("]})");
  RunningDaemon daemon(home);
  daemon.at_rest();
  replace(home.config(), with_clock(config(), "enabled", "\"yes\""));
  const Json finding = Json::parse(read_file(told));  // waits until somebody writes
  EXPECT_EQ(finding["plugin_id"], "clock");
  EXPECT_EQ(finding["inconsistency_type"], "plugin_config_invalid");
}

TEST_F(Serve, passes_that_find_nothing_to_do_write_nothing) {
  RunningDaemon daemon(home);
  const int before = daemon.at_rest()["passes"];
  const auto files = [this] {
    auto all = take_snapshot(home.root());
    for (const char* ours : {"config", "config/config.json"}) all.erase(ours);  // the test itself writes there
    return all;
  };
  const auto then = files();
  replace(home.config(), config() + "\n");
  daemon.when([before](const Json& now) { return now["passes"] > before && RunningDaemon::is_idle(now); });
  EXPECT_EQ(difference(then, files()), "");
}

TEST_F(Serve, F61_a_host_that_failed_is_asked_again_by_itself_and_not_at_every_pass) {
  StoreHome store(TRUEUP_BINARY);
  store.home.add_healthy("there").set_enabled("clock", true).record("clock", true, "1.0.0");
  store.offer("clock").publish();
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"body": "<html>log in</html>"}]})");
  RunningDaemon daemon(store.home, {}, store.server.url(StoreHome::kRegistry));
  const Json waits = daemon.when([](const Json& now) {
    const Json found = finding_in(now, "clock");
    return !found.is_null() && found["reason"] == "source_waits";
  });
  EXPECT_FALSE(fs::exists(store.home.plugin("clock")));
  store.server.rules("{}");
  daemon.when([&](const Json& now) {
    return finding_in(now, "clock").is_null() && fs::exists(store.home.plugin("clock") / "manifest.json");
  });
  EXPECT_LE(store.archive_requests(), 5U);
}

}  // namespace
}  // namespace trueup::test
