// A connection as bytes: what is one request, what is refused, and that nobody is answered twice.
#include "web/connection.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "web/web_limits.h"

namespace trueup::web {
namespace {

/// The status line's number of the first answer; 0 when nothing was answered.
int first_status(const Connection& connection) {
  const std::string_view out = connection.output();
  return out.starts_with("HTTP/1.1 ") ? std::stoi(std::string(out.substr(9, 3))) : 0;
}

int status_of_raw(std::string_view bytes) {
  Connection connection;
  connection.receive(bytes);
  if (connection.next_request()) return 200;
  return first_status(connection);
}

std::string with_line(std::string_view line) {
  return "GET /a HTTP/1.1\r\nHost: localhost\r\n" + std::string(line) + "\r\n\r\n";
}

TEST(Connection, one_request_whatever_the_pieces_it_comes_in) {
  const std::string text = "POST /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody";
  Connection connection;
  for (const char c : text) {
    EXPECT_FALSE(connection.next_request());
    connection.receive({&c, 1});
  }
  const auto request = connection.next_request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, Method::post);
  EXPECT_EQ(request->segments, (std::vector<std::string>{"a b"}));
  EXPECT_EQ(request->query, (Parameters{{"x", "1"}}));
  EXPECT_EQ(request->header("host"), "localhost");
  EXPECT_EQ(request->body, "body");
}

TEST(Connection, a_body_in_chunks_is_put_together) {
  Connection connection;
  connection.receive("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(connection.next_request()->body, "abc");
}

TEST(Connection, requests_that_come_together_are_answered_in_their_order) {
  Connection connection;
  connection.receive("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_EQ(connection.next_request()->path, "/1");
  EXPECT_FALSE(connection.next_request());
  connection.answer({.body = "one"});
  ASSERT_EQ(connection.next_request()->path, "/2");
  connection.answer({.body = "two"});
  const std::string_view out = connection.output();
  EXPECT_LT(out.find("one"), out.find("two"));
  EXPECT_FALSE(connection.is_over());
  connection.written(out.size());
  EXPECT_TRUE(connection.is_over());
}

TEST(Connection, a_head_is_answered_without_a_body) {
  Connection connection;
  connection.receive("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(connection.next_request());
  connection.answer({.body = "12345"});
  EXPECT_NE(connection.output().find("content-length: 5"), std::string_view::npos);
  EXPECT_EQ(connection.output().find("12345"), std::string_view::npos);
}

TEST(Connection, F154_what_can_be_understood_in_two_ways_is_refused) {
  EXPECT_EQ(status_of_raw(with_line("A: b")), 200);
  EXPECT_EQ(status_of_raw(with_line("Content-Length: 0\r\nTransfer-Encoding: chunked")), 400);
  EXPECT_EQ(status_of_raw(with_line("Content-Length: 1\r\nContent-Length: 2")), 400);
  EXPECT_EQ(status_of_raw(with_line("Content-Length: -1")), 400);
  EXPECT_EQ(status_of_raw(with_line("Content-Length: 99999999999999999999")), 400);
  EXPECT_EQ(status_of_raw(with_line("A : b")), 400);
  EXPECT_EQ(status_of_raw(with_line("A: b\r\n c")), 400);
  EXPECT_EQ(status_of_raw(with_line(std::string("A: b\0c", 6))), 400);
  EXPECT_EQ(status_of_raw("GET /../a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of_raw("GET / HTTP/3.0\r\nHost: x\r\n\r\n"), 505);
  EXPECT_EQ(status_of_raw("\x16\x03\x01 hello TLS\r\n\r\n"), 400);
}

TEST(Connection, F154_header_and_body_end_at_a_limit) {
  EXPECT_EQ(status_of_raw(with_line("A: " + std::string(20'000, 'a'))), 431);
  EXPECT_EQ(status_of_raw("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a')), 431)
      << "and it has not ended";
  std::string many;
  for (int i = 0; i < 200; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_of_raw(with_line(many + "C: d")), 431);
  EXPECT_EQ(status_of_raw("GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
  EXPECT_EQ(status_of_raw(with_line(fmt::format("Content-Length: {}", limits::kMaxRequestBodyBytes + 1))), 413);
  std::string chunks = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t size = 0; size <= limits::kMaxRequestBodyBytes; size += 65'536) {
    chunks += "10000\r\n" + std::string(65'536, 'a') + "\r\n";
  }
  EXPECT_EQ(status_of_raw(chunks), 413);
}

TEST(Connection, who_asks_whether_to_send_the_body_is_told_to) {
  Connection connection;
  connection.receive("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(connection.output(), "") << "not before it is known who that is";
  const auto question = connection.take_question();
  ASSERT_TRUE(question);
  EXPECT_EQ(question->path, "/");
  EXPECT_EQ(question->header("host"), "x");
  connection.admit();
  EXPECT_EQ(connection.output(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_FALSE(connection.take_question()) << "once";
}

TEST(Connection, pictures_are_held_until_they_are_answered_and_slow_ones_have_time) {
  constexpr std::size_t kBytes = 11U << 20U;
  Connection connection;
  connection.receive("POST /api/v3/plugins/assets/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 11534336\r\n\r\n");
  EXPECT_EQ(connection.request_time(), limits::kUploadTime);
  connection.receive(std::string(kBytes - 1, 'a'));
  EXPECT_EQ(connection.request_time(), limits::kUploadTime + std::chrono::seconds(87)) << "128 KB a second";
  connection.receive("a");
  EXPECT_EQ(connection.held().uploads, kBytes);
  ASSERT_TRUE(connection.next_request());
  EXPECT_EQ(connection.held().uploads, kBytes);
  EXPECT_EQ(connection.held().requests, 0U);
  connection.answer({.body = "taken"});
  EXPECT_EQ(connection.held().uploads, 0U);
}

TEST(Connection, F154_more_pictures_than_one_request_may_have_are_refused_with_what_to_do) {
  Connection connection;
  connection.receive("POST /api/v3/plugins/assets/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 54525953\r\n\r\n");
  EXPECT_TRUE(connection.output().starts_with("HTTP/1.1 413"));
  EXPECT_NE(connection.output().find("it may have 52 MB; send fewer pictures at once"), std::string_view::npos);
}

TEST(Connection, a_value_with_a_line_break_makes_no_header_of_its_own) {
  Connection connection;
  connection.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(connection.next_request());
  connection.answer({.headers = {{"location", "/a\r\nset-cookie: x"}}});
  EXPECT_EQ(connection.output().find("set-cookie"), std::string_view::npos);
}

TEST(Connection, a_reader_of_events_who_does_not_read_is_told_to_start_anew) {
  Connection connection;
  connection.receive("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(connection.next_request());
  connection.answer({.content_type = "text/event-stream", .is_event_stream = true});
  connection.written(connection.output().size());
  const std::string event = "event: a\ndata: " + std::string(1000, 'a') + "\n\n";
  connection.send_event(event, "event: anew\n\n");
  connection.written(5);
  for (int i = 0; i < 100'000; ++i) connection.send_event(event, "event: anew\n\n");
  EXPECT_LT(connection.output().size(), 2 * limits::kMaxEventQueueBytes);
  EXPECT_NE(connection.output().find("\n\nevent: anew\n\n"), std::string_view::npos);
}

}  // namespace
}  // namespace trueup::web
