// `trueup serve --web PORT`: the page and the API beside the daemon.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <csignal>

#include "e2e/running_daemon.h"
#include "platform/tcp.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;

/// One request on a connection of its own, and all that comes back.
std::string ask(std::uint16_t port, const std::string& request) {
  const auto connection = platform::connect_to_loopback(port);
  if (!connection) return connection.error().text();
  ::send(connection->get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  std::string buffer(1U << 16U, '\0');
  for (;;) {
    const auto count = ::recv(connection->get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return answer;
    answer.append(buffer, 0, static_cast<std::size_t>(count));
  }
}

std::string post(std::uint16_t port, const std::string& path, const std::string& body) {
  return ask(port, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                       "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// A port that was free a moment ago.
std::uint16_t free_port() { return platform::TcpListener::open("127.0.0.1", 0)->port(); }

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

}  // namespace
}  // namespace trueup::test
