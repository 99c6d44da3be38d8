// Clients of the page that mean no good, or too much of it, beside a daemon that has work to do (failure F154).
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <deque>
#include <fstream>

#include "e2e/command_support.h"
#include "e2e/http_client.h"
#include "e2e/running_daemon.h"
#include "platform/tcp.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kHalf = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

class Flood : public testing::Test {
 protected:
  Flood() { home.add_healthy("clock"); }

  /// The daemon's memory, in MiB.
  [[nodiscard]] double memory() const {
    std::ifstream status("/proc/" + std::to_string(daemon->pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    }
    return 0;
  }
  /// Something drifts, and the daemon mends it.
  void expect_that_it_still_mends(const std::string& id) {
    write_plugin(home.plugin(id), id, "1.0.0");
    const auto section = "\"" + id + "\"";
    const auto known = daemon->when([&](const auto& now) {
      return read_file(home.config()).find(section) != std::string::npos && finding_in(now, id).is_null();
    });
    EXPECT_EQ(finding_in(known, id), nullptr);
  }
  void expect_that_others_are_served() {
    EXPECT_THAT(get(port, "/api/v3/plugins/installed"), HasSubstr("\"clock\""));
    EXPECT_THAT(post(port, "/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})"),
                StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(post(port, "/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": true})"),
                StartsWith("HTTP/1.1 200"));
  }

  Installation home;
  std::uint16_t port = free_port();
  std::unique_ptr<RunningDaemon> daemon =
      std::make_unique<RunningDaemon>(home, std::vector<std::string>{"--web", std::to_string(port)});
};

/// Sends all of it, or as much as the other side takes before it closes; and what it answered.
std::string pour(std::uint16_t port, const std::string& head, const std::string& piece, std::size_t pieces) {
  const auto line = platform::connect_to_loopback(port);
  if (!line) return line.error().text();
  bool open = ::send(line->get(), head.data(), head.size(), MSG_NOSIGNAL) > 0;
  for (std::size_t i = 0; i < pieces && open; ++i) {
    open = ::send(line->get(), piece.data(), piece.size(), MSG_NOSIGNAL) > 0;
  }
  std::string answer(4096, '\0');
  const auto count = ::recv(line->get(), answer.data(), answer.size(), 0);
  answer.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return answer;
}

TEST_F(Flood, F154_ten_thousand_connections_leave_room_for_others_and_the_daemon_mends_on) {
  ASSERT_TRUE(daemon->is_ready()) << daemon->log();
  constexpr std::size_t kConnections = 10'000;
  const std::size_t most = std::min(platform::allow_descriptors(kConnections + 500), kConnections + 500) - 400;
  const double before = memory();
  std::deque<platform::Descriptor> lines;
  for (std::size_t i = 0; i < kConnections; ++i) {
    if (lines.size() == most) lines.pop_front();  // where this program may not hold so many
    auto line = platform::connect_to_loopback(port);
    ASSERT_TRUE(line) << i << ": " << line.error().text();
    if (i % 2 == 0) ::send(line->get(), kHalf.data(), kHalf.size(), MSG_NOSIGNAL);
    lines.push_back(std::move(*line));
  }
  expect_that_others_are_served();
  expect_that_it_still_mends("stray");
  if (!kIsInstrumented) {
    EXPECT_LT(memory() - before, 48) << "MiB that they cost";
  }
  lines.clear();
  expect_that_others_are_served();
}

TEST_F(Flood, F154_who_sends_a_request_drop_by_drop_is_told_to_be_quicker_and_holds_up_nobody) {
  ASSERT_TRUE(daemon->is_ready()) << daemon->log();
  std::vector<platform::Descriptor> lines;
  for (int i = 0; i < 200; ++i) {
    auto line = platform::connect_to_loopback(port);
    ASSERT_TRUE(line);
    ::send(line->get(), kHalf.data(), kHalf.size(), MSG_NOSIGNAL);
    lines.push_back(std::move(*line));
  }
  expect_that_others_are_served();
  expect_that_it_still_mends("stray");
  for (const auto& line : lines) {  // another drop, which buys no time
    ::send(line.get(), "a", 1, MSG_NOSIGNAL);
  }
  for (const auto& line : lines) {
    std::string answer(4096, '\0');
    const auto count = ::recv(line.get(), answer.data(), answer.size(), 0);
    ASSERT_GT(count, 0);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408"));
  }
}

TEST_F(Flood, F154_huge_heads_and_bodies_are_refused_while_they_come) {
  ASSERT_TRUE(daemon->is_ready()) << daemon->log();
  const double before = memory();
  const std::string mebibyte(1U << 20U, 'a');
  const std::string start =
      "POST /api/v3/plugins/toggle HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  EXPECT_THAT(pour(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", mebibyte, 100), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(pour(port, "GET /", mebibyte, 100),
              testing::AnyOf(StartsWith("HTTP/1.1 414"), StartsWith("HTTP/1.1 431")));
  EXPECT_THAT(pour(port, start + "Content-Length: 104857600\r\n\r\n", "", 0), StartsWith("HTTP/1.1 413"))
      << "before it comes";
  EXPECT_THAT(pour(port, start + "Transfer-Encoding: chunked\r\n\r\n", "100000\r\n" + mebibyte + "\r\n", 100),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(pour(port, start + "Content-Length: 99999999999999999999\r\n\r\n", "", 0), StartsWith("HTTP/1.1 4"));
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_THAT(post(port, "/api/v3/config/raw/main", deep), StartsWith("HTTP/1.1 400"));
  std::string keys = "{";
  for (int i = 0; keys.size() < 1'900'000; ++i) keys += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":{}";
  const std::string config = read_file(home.config());
  EXPECT_THAT(post(port, "/api/v3/config/main", keys + "}"), StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(read_file(home.config()), config);
  expect_that_others_are_served();
  expect_that_it_still_mends("stray");
  EXPECT_LT(memory() - before, 64);
}

}  // namespace
}  // namespace trueup::test
