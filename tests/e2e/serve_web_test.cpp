// `trueup serve --web PORT`: the page and the API beside the daemon.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <csignal>
#include <fstream>
#include <map>

#include "e2e/command_support.h"
#include "e2e/http_client.h"
#include "e2e/running_daemon.h"
#include "platform/tcp.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ServeWeb, what_the_page_switches_is_switched_and_the_daemon_agrees) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  EXPECT_THAT(ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), HasSubstr("plugin-clock"));
  EXPECT_THAT(post(port, "/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})"),
              HasSubstr("clock is switched off"));
  EXPECT_THAT(home.read("config/config.json"), HasSubstr("\"enabled\": false"));
  EXPECT_THAT(ask(port, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), HasSubstr("421"));
  daemon.at_rest();
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait_for_end(), 0);
}

TEST(ServeWeb, what_the_page_asks_for_is_an_operation_of_the_daemon_and_outlives_it) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  std::string id;
  {
    RunningDaemon daemon(home, {"--web", std::to_string(port)});
    ASSERT_TRUE(daemon.is_ready()) << daemon.log();
    const auto asked = json_of(post(port, "/api/v3/plugins/uninstall", R"({"plugin_id": "clock"})"));
    id = asked["data"]["operation_id"];
    const auto known = daemon.when(
        [](const auto& now) { return !now["operations"].empty() && now["operations"].back()["state"] == "done"; });
    EXPECT_EQ(known["operations"].back()["words"], (nlohmann::json{"uninstall", "clock"}));
    EXPECT_EQ(std::to_string(known["operations"].back()["id"].get<int>()), id);
    EXPECT_THAT(trueup(home, {"history"}).output, HasSubstr("clock"));
    daemon.at_rest();
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait_for_end(), 0);
  }
  RunningDaemon again(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(again.is_ready()) << again.log();
  EXPECT_EQ(json_of(get(port, "/api/v3/plugins/operation/" + id))["data"]["status"], "completed");
}

/// Of the program since it began, in MiB.
double most_memory(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

/// Pictures of clock's.
std::string upload(std::uint16_t port, const std::vector<std::string>& pictures) {
  std::string body = "--xyz\r\nContent-Disposition: form-data; name=\"plugin_id\"\r\n\r\nclock\r\n--xyz";
  for (const std::string& picture : pictures) {
    body +=
        "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"boat.png\"\r\nContent-Type: image/png\r\n\r\n" +
        picture + "\r\n--xyz";
  }
  body += "--\r\n";
  return ask(port,
             "POST /api/v3/plugins/assets/upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
             "Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
}

TEST(ServeWeb, F144_ten_pictures_of_five_megabytes_in_one_request_are_taken_and_are_held_once) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const double before = most_memory(daemon.pid());
  std::vector<std::string> pictures;
  for (char name = 'a'; name < 'k'; ++name) {
    pictures.push_back("\x89PNG\r\n\x1a\n" + std::string((5U << 20U) - 8, name));
  }
  const auto answer = json_of(upload(port, pictures));
  ASSERT_EQ(answer["status"], "success") << answer;
  ASSERT_EQ(answer["uploaded_files"].size(), 10U);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_EQ(home.read(answer["uploaded_files"][i]["path"]) == pictures[i], true) << i;
  }
  if (!kIsInstrumented) {
    EXPECT_LT(most_memory(daemon.pid()) - before, 80) << "MiB that it took at its most";
  }
  EXPECT_THAT(upload(port, {pictures.front().substr(0, 100)}), HasSubstr("together may have 50 MB"));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait_for_end(), 0);
}

TEST(ServeWeb, F144_a_picture_of_megabytes_is_uploaded_over_a_real_connection_and_deleted_by_the_command) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const auto send = [port](const std::string& picture) { return upload(port, {picture}); };
  const std::string png = "\x89PNG\r\n\x1a\n" + std::string(4U << 20U, 'x');
  const auto answer = json_of(send(png));
  ASSERT_EQ(answer["status"], "success") << answer;
  const std::string path = answer["uploaded_files"][0]["path"];
  const std::string id = answer["uploaded_files"][0]["id"];
  EXPECT_EQ(home.read(path), png);
  EXPECT_THAT(send(png + std::string(9U << 20U, 'x')), HasSubstr("413"));
  EXPECT_THAT(send("no picture"), HasSubstr("HTTP/1.1 400"));
  EXPECT_THAT(trueup(home, {"picture", "list", "clock"}).output, HasSubstr("boat.png"));
  EXPECT_EQ(trueup(home, {"picture", "remove", "clock", id}).exit_status, 0);
  EXPECT_FALSE(std::filesystem::exists(home.root() / path));
  EXPECT_EQ(trueup(home, {"undo"}).exit_status, 0);
  EXPECT_EQ(home.read(path), png);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait_for_end(), 0);
}

TEST(ServeWeb, F116_who_asks_again_and_again_while_plugins_come_and_go_sees_one_moment_each_time) {
  Installation home;
  home.add_healthy("clock");
  home.add_healthy("guest");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  std::size_t asked = 0;
  const auto watch = [&] {
    for (const char* target : {"state", "health", "reconciliation-status"}) {
      EXPECT_THAT(get(port, std::string("/api/v3/plugins/") + target), testing::StartsWith("HTTP/1.1 200")) << target;
    }
    const auto installed = json_of(get(port, "/api/v3/plugins/installed"));
    ASSERT_EQ(installed["status"], "success") << installed;
    std::map<std::string, int> seen;
    for (const auto& one : installed["data"]["plugins"]) {
      ++seen[one["id"]];
      EXPECT_EQ(one["version"], "1.0.0") << one;
      EXPECT_TRUE(one["enabled"].is_boolean()) << one;
    }
    EXPECT_EQ(seen["clock"], 1);
    EXPECT_LE(seen["guest"], 1);
    ++asked;
  };
  const auto has_ended = [&](const std::string& id) {
    const auto now = json_of(get(port, "/api/v3/plugins/operation/" + id))["data"]["status"];
    EXPECT_NE(now, "failed");
    return now == "completed" || now == "failed";
  };
  for (int i = 0; i < 25; ++i) {
    const auto queued = json_of(post(port, "/api/v3/plugins/uninstall", R"({"plugin_id": "guest"})"));
    ASSERT_EQ(queued["status"], "success") << queued;
    while (!has_ended(queued["data"]["operation_id"])) watch();
    EXPECT_THAT(get(port, "/api/v3/plugins/installed"), Not(HasSubstr("\"guest\""))) << "in the very next answer";
    EXPECT_EQ(json_of(post(port, "/api/trueup/v1/undo", "{}"))["status"], "success");
    watch();
    EXPECT_THAT(get(port, "/api/v3/plugins/installed"), HasSubstr("\"guest\""));
  }
  EXPECT_GT(asked, 50U) << "while something was at work";
}

TEST(ServeWeb, the_store_is_the_registry_as_it_was_fetched_last) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  EXPECT_THAT(get(port, "/api/v3/plugins/store/list"), Not(HasSubstr("radar")));
  home.offer("radar");
  EXPECT_EQ(trueup(home, {"store", "refresh"}).exit_status, 0);
  EXPECT_THAT(get(port, "/api/v3/plugins/store/list"), HasSubstr("radar"));
}

TEST(ServeWeb, who_listens_to_the_machine_hears_of_it_at_once) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const auto line = platform::connect_to_loopback(port);
  ASSERT_TRUE(line);
  const std::string request = "GET /api/v3/stream/stats HTTP/1.1\r\nHost: localhost\r\n\r\n";
  ::send(line->get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string heard;
  std::string buffer(4096, '\0');
  while (heard.find("memory_used_percent") == std::string::npos) {
    const auto count = ::recv(line->get(), buffer.data(), buffer.size(), 0);
    ASSERT_GT(count, 0) << heard;
    heard.append(buffer, 0, static_cast<std::size_t>(count));
  }
  EXPECT_THAT(heard, HasSubstr("\ndata: {\"timestamp\": "));
}

TEST(ServeWeb, another_machine_needs_a_token_that_the_owner_made_and_may_take_back) {
  Installation home;
  home.add_healthy("clock");
  const std::uint16_t port = free_port();
  RunningDaemon daemon(home, {"--web", "0.0.0.0:" + std::to_string(port)});
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  EXPECT_THAT(daemon.log(), HasSubstr("web.set_up"));
  const auto from_elsewhere = [port](const std::string& more) {
    return ask(port, "GET /api/v3/plugins/installed HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 192.168.1.7\r\n" +
                         more + "Connection: close\r\n\r\n");
  };
  EXPECT_THAT(from_elsewhere(""), HasSubstr("401 "));
  const auto made = nlohmann::json::parse(trueup(home, {"token", "new", "kitchen", "--json"}).output);
  const std::string says = made["message"];
  const std::string token = says.substr(says.find("trueup_"));
  const std::string header = "Authorization: Bearer " + token + "\r\n";
  EXPECT_THAT(from_elsewhere(header), HasSubstr("200 "));
  EXPECT_THAT(trueup(home, {"token", "list"}).output, testing::AllOf(HasSubstr("kitchen"), Not(HasSubstr(token))));
  EXPECT_THAT(home.read("config/trueup/auth.json"), Not(HasSubstr(token)));
  EXPECT_EQ(std::filesystem::status(home.root() / "config/trueup/auth.json").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(trueup(home, {"token", "revoke", "kitchen"}).exit_status, 0);
  EXPECT_THAT(from_elsewhere(header), HasSubstr("401 "));
}

TEST(ServeWeb, F155_a_hundred_answers_read_no_plugin_and_start_no_program) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "there is no strace here, or it may not trace";
  Installation home;
  for (int i = 0; i < 30; ++i) home.add_healthy("plugin-" + std::to_string(i));
  const TempDirectory scratch;
  const std::string trace = (scratch.path() / "trace").string();
  const std::uint16_t port = free_port();
  {
    RunningDaemon daemon(home, {"--web", std::to_string(port)}, "",
                         {"strace", "-D", "-f", "-qq", "-s", "64", "-o", trace});
    ASSERT_TRUE(daemon.is_ready()) << daemon.log();
    daemon.at_rest();
    get(port, "/api/v3/plugins/installed?known");
    for (int i = 0; i < 100; ++i) {
      EXPECT_THAT(get(port, "/api/v3/plugins/installed?asked"), HasSubstr("plugin-29"));
    }
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait_for_end(), 0);
  }
  // From the first of the hundred requests to the last.
  const std::string all = read_file(trace);
  const auto first = all.find("installed?asked");
  const auto last = all.rfind("installed?asked");
  ASSERT_NE(first, std::string::npos);
  const std::string calls = all.substr(first, last - first);
  for (const char* call : {" execve", " clone", " fork", " vfork"}) EXPECT_THAT(calls, Not(HasSubstr(call)));
  std::size_t manifests = 0;
  for (std::size_t at = 0; (at = calls.find("/manifest.json", at)) != std::string::npos; ++at) ++manifests;
  EXPECT_LE(manifests, 30U) << "the plugins are looked at once more beside the answers, when that was long ago";
}

}  // namespace
}  // namespace trueup::test
