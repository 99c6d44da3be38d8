#include "service/frames.h"

#include <gtest/gtest.h>

#include "service/request.h"

namespace trueup::service {
namespace {

TEST(Frames, come_out_whole_however_they_are_cut) {
  const std::vector<Frame> sent{
      {FrameKind::begun, ""}, {FrameKind::output, std::string(70'000, 'x')}, {FrameKind::ended, "2"}};
  std::string bytes;
  for (const Frame& frame : sent) bytes += encode(frame);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4}, std::size_t{5}, std::size_t{1000}, bytes.size()}) {
    FrameReader reader(kMostFrameBytes);
    std::vector<Frame> got;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece));
      for (auto frame = reader.next(); frame && *frame; frame = reader.next()) got.push_back(**frame);
    }
    EXPECT_EQ(got, sent);
  }
}

TEST(Frames, strangers_and_giants_are_refused_before_anything_is_kept) {
  FrameReader stranger(100);
  stranger.feed("GET / HTTP/1.1\r\n");
  EXPECT_FALSE(stranger.next());
  FrameReader giant(100);
  giant.feed(encode({FrameKind::request, std::string(101, 'x')}).substr(0, 5));
  EXPECT_FALSE(giant.next());
}

TEST(Request, survives_the_way_to_the_daemon) {
  Request command{.ask = Ask::command, .version = "0.1.0"};
  command.command = {.words = {"config", "set", "clock", "title", "\"\xc3\xbc\n"},
                     .working_directory = "/home/pi",
                     .environment = {{"TRUEUP_ROOT", "/home/pi/LEDMatrix"}},
                     .input = "hush",
                     .interactive = true,
                     .colours = true,
                     .columns = 132,
                     .rows = 50,
                     .tells_all = true,
                     .wait = std::chrono::seconds(3)};
  const Request submit{.ask = Ask::submit, .operation = {.words = {"install", "clock"}, .plugin_id = "clock"}};
  const Request cancel{.ask = Ask::cancel, .id = 7};
  for (const Request& request : {command, submit, cancel, Request{.ask = Ask::metrics}}) {
    const auto got = decode_request(encode(request));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(*got, request);
  }
}

TEST(Request, nonsense_is_refused) {
  for (const char* text : {"", "[]", "{}", R"({"ask": "everything"})", R"({"ask": "command", "words": "install"})",
                           R"({"ask": "command", "words": [1]})", R"({"ask": "cancel", "id": "7"})"}) {
    EXPECT_FALSE(decode_request(text)) << text;
  }
}

TEST(Request, an_error_survives_the_way_back) {
  const Error error{.code = ErrorCode::busy, .message = "m", .where = "w", .hint = "h", .context = {"c"}};
  EXPECT_EQ(decode_error(encode(error)), error);
  EXPECT_EQ(decode_error("?").code, ErrorCode::internal);
}

}  // namespace
}  // namespace trueup::service
