// The server over real sockets of this machine: who is served, who is sent away, and that nobody holds up others.
// Time is a test's own: the loop's clock is turned, never waited for.
#include "web/server.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <deque>

#include "base/log.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr const char* kUpload = "/api/v3/plugins/assets/upload";

/// A loop that looks at real descriptors, with time that a test turns.
class PollingLoop final : public platform::Loop {
 public:
  [[nodiscard]] Duration now() const override { return now_; }
  void post(platform::Job job) override { posted_.push_back(std::move(job)); }
  [[nodiscard]] std::unique_ptr<platform::Pending> after(Duration duration, platform::Job job) override {
    return std::make_unique<Entry>(*this, -1, platform::Direction::reading, now_ + duration, std::move(job));
  }
  [[nodiscard]] std::unique_ptr<platform::Pending> when_ready(int descriptor, platform::Direction direction,
                                                              platform::Job job) override {
    return std::make_unique<Entry>(*this, descriptor, direction, Duration{}, std::move(job));
  }
  [[nodiscard]] std::unique_ptr<platform::Watch> watch(int descriptor) override {
    return std::make_unique<platform::PlainWatch>(*this, descriptor);
  }

  /// Does what can be done, until nothing has been ready for `patience` milliseconds.
  void settle(int patience = 20) {
    for (;;) {
      while (!posted_.empty()) {
        const platform::Job job = std::move(posted_.front());
        posted_.pop_front();
        job();
      }
      std::vector<pollfd> descriptors;
      std::vector<Entry*> waiting;
      for (Entry* entry : entries_) {
        if (entry->descriptor < 0) continue;
        descriptors.push_back(
            {.fd = entry->descriptor,
             .events = static_cast<short>(entry->direction == platform::Direction::reading ? POLLIN : POLLOUT),
             .revents = 0});
        waiting.push_back(entry);
      }
      if (::poll(descriptors.data(), descriptors.size(), patience) <= 0) return;
      for (std::size_t i = 0; i < descriptors.size(); ++i) {
        if (descriptors[i].revents != 0 && entries_.contains(waiting[i])) waiting[i]->fire();
      }
    }
  }

  void advance(Duration duration) {
    const Duration end = now_ + duration;
    for (;;) {
      Entry* next = nullptr;
      for (Entry* entry : entries_) {
        if (entry->descriptor < 0 && entry->at <= end && (next == nullptr || entry->at < next->at)) next = entry;
      }
      if (next == nullptr) break;
      now_ = std::max(now_, next->at);
      next->fire();
      settle(0);
    }
    now_ = end;
    settle(0);
  }
  [[nodiscard]] std::size_t timers() const {
    std::size_t count = 0;
    for (const Entry* entry : entries_) count += entry->descriptor < 0 ? 1U : 0U;
    return count;
  }

 private:
  struct Entry final : platform::Pending {
    Entry(PollingLoop& the_loop, int number, platform::Direction what, Duration when, platform::Job todo)
        : loop(the_loop), descriptor(number), direction(what), at(when), job(std::move(todo)) {
      loop.entries_.insert(this);
    }
    ~Entry() override { loop.entries_.erase(this); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    void fire() {
      loop.entries_.erase(this);
      const platform::Job todo = std::move(job);
      todo();
    }
    PollingLoop& loop;
    int descriptor;
    platform::Direction direction;
    Duration at;
    platform::Job job;
  };

  Duration now_ = std::chrono::hours(1);
  std::deque<platform::Job> posted_;
  std::set<Entry*> entries_;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() { start(256); }

  void start(std::size_t most_connections) {
    server.reset();
    auto listener = platform::TcpListener::open("127.0.0.1", 0);
    ASSERT_TRUE(listener) << listener.error().text();
    server = std::make_unique<Server>(
        ServerPorts{.loop = loop,
                    .logger = logger,
                    .most_connections = most_connections,
                    .on_question = [](const Request& head) -> std::optional<Response> {
                      if (!head.has_header("x-stranger")) return std::nullopt;
                      return Response{.status = 401, .body = "who are you?"};
                    }},
        std::move(*listener), [this](const Request& request, Respond respond) {
          if (request.path == "/later" || request.path == kUpload) {
            later.push_back(std::move(respond));
          } else if (request.path == "/stats") {
            respond({.content_type = "text/event-stream", .is_event_stream = true, .topic = Topic::stats});
          } else if (request.path == "/events") {
            respond({.content_type = "text/event-stream", .is_event_stream = true});
          } else {
            respond({.body = request.path == "/large" ? std::string(8U << 20U, 'a') : "answer to " + request.path});
          }
        });
  }

  platform::Descriptor connect() {
    auto connected = platform::connect_to_loopback(server->port());
    EXPECT_TRUE(connected);
    return connected ? std::move(*connected) : platform::Descriptor();
  }
  static void send(const platform::Descriptor& to, const std::string& bytes) {
    ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  static void ask(const platform::Descriptor& to, const std::string& path) {
    send(to, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  struct Heard {
    std::string bytes;
    bool closed = false;
  };
  static Heard hear(const platform::Descriptor& from) {
    Heard heard;
    std::string buffer(1U << 16U, '\0');
    for (;;) {
      const auto count = ::recv(from.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (count == 0) heard.closed = true;
      if (count <= 0) return heard;
      heard.bytes.append(buffer, 0, static_cast<std::size_t>(count));
    }
  }

  RecordingLogger logger;
  PollingLoop loop;
  std::vector<Respond> later;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, answers_one_request_after_the_other_on_one_connection) {
  const auto client = connect();
  ask(client, "/1");
  loop.settle();
  EXPECT_NE(hear(client).bytes.find("answer to /1"), std::string::npos);
  ask(client, "/2");
  loop.settle();
  EXPECT_NE(hear(client).bytes.find("answer to /2"), std::string::npos);
}

TEST_F(ServerTest, an_answer_that_takes_long_holds_up_nobody) {
  const auto slow = connect();
  const auto quick = connect();
  ask(slow, "/later");
  ask(quick, "/1");
  loop.settle();
  EXPECT_NE(hear(quick).bytes.find("answer to /1"), std::string::npos);
  EXPECT_EQ(hear(slow).bytes, "");
  ASSERT_EQ(later.size(), 1U);
  later.front()({.body = "at last"});
  loop.settle();
  EXPECT_NE(hear(slow).bytes.find("at last"), std::string::npos);
}

TEST_F(ServerTest, an_answer_for_one_who_has_gone_is_dropped) {
  auto client = connect();
  ask(client, "/later");
  loop.settle();
  client.reset();
  loop.settle();
  EXPECT_EQ(server->connections(), 0U);
  later.front()({.body = "too late"});
  loop.settle();
}

TEST_F(ServerTest, a_large_answer_waits_for_one_who_reads_slowly) {
  const auto client = connect();
  ask(client, "/large");
  std::size_t got = 0;
  for (int i = 0; i < 10'000 && got < (8U << 20U); ++i) {
    loop.settle(0);
    got += hear(client).bytes.size();
  }
  EXPECT_GT(got, 8U << 20U);
}

TEST_F(ServerTest, F154_half_a_request_is_not_waited_for_longer_than_its_time) {
  const auto client = connect();
  send(client, "GET / HTTP/1.1\r\nHost:");
  loop.settle();
  for (int i = 0; i < 6; ++i) {  // a little now and then does not lengthen it
    loop.advance(std::chrono::seconds(2));
    send(client, "x");
    loop.settle();
  }
  loop.advance(std::chrono::seconds(2));
  const auto heard = hear(client);
  EXPECT_TRUE(heard.bytes.starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(heard.closed);
}

TEST_F(ServerTest, who_is_silent_between_requests_is_let_go_and_then_nothing_wakes_up_any_more) {
  const auto client = connect();
  ask(client, "/1");
  loop.settle();
  EXPECT_GT(loop.timers(), 0U);
  loop.advance(limits::kIdleTime + std::chrono::seconds(5));
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(loop.timers(), 0U);
}

TEST_F(ServerTest, F154_more_connections_than_there_is_room_for_push_out_the_longest_silent_one) {
  start(3);
  const auto works = connect();
  ask(works, "/later");
  loop.settle();
  std::vector<platform::Descriptor> others;
  for (int i = 0; i < 20; ++i) {
    others.push_back(connect());
    loop.settle(0);
  }
  EXPECT_EQ(server->connections(), 3U);
  ask(others.back(), "/1");
  loop.settle();
  EXPECT_NE(hear(others.back()).bytes.find("answer to /1"), std::string::npos);
  later.front()({.body = "still here"});
  loop.settle();
  EXPECT_NE(hear(works).bytes.find("still here"), std::string::npos);
}

TEST_F(ServerTest, each_stream_hears_of_its_own_topic_only) {
  const auto changes = connect();
  const auto stats = connect();
  ask(changes, "/events");
  ask(stats, "/stats");
  loop.settle();
  hear(changes);
  hear(stats);
  EXPECT_EQ(server->listeners(Topic::stats), 1U);
  server->tell(Topic::stats, R"({"cpu": 1})");
  server->publish({.name = "changed", .data = "{}"});
  loop.settle();
  EXPECT_EQ(hear(stats).bytes, "data: {\"cpu\": 1}\n\n");
  EXPECT_EQ(hear(changes).bytes, "id: 1\nevent: changed\ndata: {}\n\n");
}

TEST_F(ServerTest, F154_bodies_that_come_at_once_end_at_a_limit_together) {
  constexpr std::size_t kEach = 3U << 19U;  // of two mebibytes that are promised
  const std::string start = "POST /1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2097152\r\n\r\n";
  const auto begin_to_send = [&](const platform::Descriptor& to, std::size_t bytes) {
    send(to, start);
    for (std::size_t sent = 0; sent < bytes; sent += 1U << 15U) {
      send(to, std::string(1U << 15U, 'x'));
      loop.settle(0);
    }
    loop.settle();
  };
  std::vector<platform::Descriptor> senders;
  std::size_t refused = 0;
  for (int i = 0; i < 20; ++i) {
    senders.push_back(connect());
    begin_to_send(senders.back(), kEach);
    refused += hear(senders.back()).bytes.starts_with("HTTP/1.1 503") ? 1U : 0U;
  }
  EXPECT_EQ(refused, 20U - limits::kMaxIncomingBytes / kEach);
  const auto other = connect();
  ask(other, "/1");
  loop.settle();
  EXPECT_NE(hear(other).bytes.find("answer to /1"), std::string::npos) << "who sends no body is served";
  senders.clear();
  loop.settle();
  const auto late = connect();
  begin_to_send(late, 2U << 20U);
  EXPECT_NE(hear(late).bytes.find("answer to /1"), std::string::npos) << "and so is who comes later";
}

TEST_F(ServerTest, F154_who_may_not_ask_is_told_before_the_body_comes) {
  const auto stranger = connect();
  send(stranger, "POST /1 HTTP/1.1\r\nHost: localhost\r\nX-Stranger: 1\r\nContent-Length: 2000000\r\n\r\n");
  loop.settle();
  EXPECT_TRUE(hear(stranger).bytes.starts_with("HTTP/1.1 401"));
}

TEST_F(ServerTest, who_is_refused_while_sending_can_send_on_and_read_why) {
  const auto sender = connect();
  send(sender, "POST /1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n");
  loop.settle();
  for (int i = 0; i < 40; ++i) {
    const std::string piece(1U << 16U, 'x');
    ASSERT_EQ(::send(sender.get(), piece.data(), piece.size(), MSG_NOSIGNAL), static_cast<ssize_t>(piece.size()));
    loop.settle(0);
  }
  const Heard heard = hear(sender);
  EXPECT_TRUE(heard.bytes.starts_with("HTTP/1.1 413")) << heard.bytes;
  EXPECT_EQ(server->connections(), 1U);
  loop.advance(limits::kLingerTime + std::chrono::seconds(4));
  loop.settle();
  EXPECT_EQ(server->connections(), 0U) << "it is not listened to for ever";
}

TEST_F(ServerTest, F154_pictures_that_are_sent_at_once_end_at_a_limit_together_until_they_are_answered) {
  constexpr std::size_t kEach = 40U << 20U;
  const auto upload = [&](const platform::Descriptor& to) {
    send(to, fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", kUpload, kEach));
    for (std::size_t sent = 0; sent < kEach; sent += 1U << 16U) {
      send(to, std::string(1U << 16U, 'x'));
      loop.settle(0);
    }
    loop.settle();
  };
  const auto first = connect();
  upload(first);
  ASSERT_EQ(later.size(), 1U);
  const auto second = connect();
  upload(second);
  EXPECT_TRUE(hear(second).bytes.starts_with("HTTP/1.1 503"));
  later.front()({.body = "taken"});
  loop.settle();
  EXPECT_NE(hear(first).bytes.find("taken"), std::string::npos);
  upload(connect());
  EXPECT_EQ(later.size(), 2U) << "there is room again";
}

TEST_F(ServerTest, F154_readers_of_events_leave_room_for_others) {
  start(16);
  std::vector<platform::Descriptor> readers;
  for (int i = 0; i < 20; ++i) {
    readers.push_back(connect());
    ask(readers.back(), "/events");
    loop.settle(0);
  }
  EXPECT_EQ(server->event_streams(), 14U);
  const Heard refused = hear(readers.back());
  EXPECT_NE(refused.bytes.find("HTTP/1.1 503"), std::string::npos) << refused.bytes;
  EXPECT_TRUE(refused.closed);
  const auto other = connect();
  ask(other, "/1");
  loop.settle();
  EXPECT_NE(hear(other).bytes.find("answer to /1"), std::string::npos);
  readers.erase(readers.begin());
  loop.settle();
  ask(other, "/events");
  loop.settle();
  EXPECT_EQ(server->event_streams(), 14U) << "one has gone, one has come";
}

TEST_F(ServerTest, events_reach_all_who_listen_and_a_stream_outlives_the_idle_time) {
  const auto one = connect();
  const auto two = connect();
  ask(one, "/events");
  ask(two, "/events");
  loop.settle();
  EXPECT_EQ(server->event_streams(), 2U);
  hear(one);
  server->publish({.name = "changed", .data = R"({"version": 7})"});
  loop.settle();
  EXPECT_EQ(hear(one).bytes, "id: 1\nevent: changed\ndata: {\"version\": 7}\n\n");
  loop.advance(limits::kIdleTime * 3);
  EXPECT_EQ(server->event_streams(), 2U);
  EXPECT_NE(hear(one).bytes.find(": still here\n\n"), std::string::npos);
}

}  // namespace
}  // namespace trueup::web
