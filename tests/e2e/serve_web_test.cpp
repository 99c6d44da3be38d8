// `trueup serve --web PORT`: the page and the API beside the daemon.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <csignal>

#include "e2e/command_support.h"
#include "e2e/http_client.h"
#include "e2e/running_daemon.h"
#include "platform/tcp.h"

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

}  // namespace
}  // namespace trueup::test
