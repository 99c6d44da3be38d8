// LEDMatrix's stream of what its services log: journald's lines, as long as somebody listens.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"
#include "web/log_feed.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebLog : public WebTest {
 protected:
  WebLog() {
    write("config/config_secrets.json", R"({"github": {"api_token": "canary-token"}})", 0600);
    configure(
        {{"mqtt", R"({"mqtt_password": "canary-mqtt", "city": "Oslo", "feed": "https://me:canary-pass@host/f"})"}});
  }
  void listen() {
    ++listeners;
    feed.begin();
    loop.settle();
  }
  void leave() {
    --listeners;
    feed.end();
    loop.settle();
  }
  void say(const std::string& line) {
    journal.listener.line(line);
    loop.settle();
  }
  std::string last(const std::string& name) {
    return told.empty() ? "(nothing told)" : json_at(Response{.body = told.back()}, {name});
  }

  platform::FakeFollower journal;
  std::size_t listeners = 0;
  std::vector<std::string> told;
  web::LogFeed feed{{.loop = loop,
                     .worker = worker,
                     .file_system = disk,
                     .clock = ports.clock,
                     .follower = journal,
                     .root = engine::kRoot},
                    [this] { return listeners; },
                    [this](const std::string& data) { told.push_back(data); }};
};

TEST_F(WebLog, the_last_lines_of_both_services_are_one_text_and_each_new_one_comes_by_itself) {
  EXPECT_EQ(journal.started, 0) << "nobody listens";
  listen();
  EXPECT_THAT(journal.words,
              testing::AllOf(testing::Contains("--unit=ledmatrix.service"),
                             testing::Contains("--unit=ledmatrix-web.service"), testing::Contains("--follow")));
  for (int i = 1; i <= 60; ++i) say(fmt::format("line {}", i));
  loop.advance(std::chrono::milliseconds(300));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(last("logs"), HasSubstr("line 11\\nline 12"));
  EXPECT_THAT(last("logs"), Not(HasSubstr("line 10\\n"))) << "50, as LEDMatrix tells";
  EXPECT_NE(last("timestamp"), "(not there)");
  say("a new one");
  say("and one more");
  loop.advance(std::chrono::seconds(1));
  ASSERT_EQ(told.size(), 2U) << "at most one a second";
  EXPECT_THAT(last("logs"), HasSubstr("a new one\\nand one more\""));
  loop.advance(std::chrono::minutes(5));
  EXPECT_EQ(told.size(), 2U) << "nothing is said twice, and nobody is asked";
}

TEST_F(WebLog, one_program_serves_all_who_listen_and_ends_with_the_last_of_them) {
  listen();
  say("first");
  loop.advance(std::chrono::seconds(1));
  listen();
  loop.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(told.size(), 2U) << "who comes later is told at once";
  EXPECT_EQ(journal.started, 1);
  leave();
  EXPECT_EQ(journal.running, 1);
  leave();
  EXPECT_EQ(journal.running, 0);
  const std::size_t timers = loop.timers();
  loop.advance(std::chrono::minutes(5));
  EXPECT_EQ(told.size(), 2U);
  EXPECT_LE(loop.timers(), timers);
  listen();
  EXPECT_EQ(journal.started, 2);
}

TEST_F(WebLog, F103_no_secret_of_either_file_gets_out_and_no_control_character) {
  listen();
  say("sent token=canary-token to https://x?p=canary-mqtt in Oslo\x1b[2J, fetched https://me:canary-pass@host/f");
  loop.advance(std::chrono::seconds(1));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told.back(), Not(HasSubstr("canary")));
  EXPECT_THAT(told.back(), Not(HasSubstr("\x1b")));
  EXPECT_THAT(last("logs"), HasSubstr("in Oslo"));
}

TEST_F(WebLog, F103_where_the_secrets_cannot_be_read_nothing_of_the_log_is_shown) {
  write("config/config_secrets.json", "{ broken", 0600);
  listen();
  say("token=canary-token");
  loop.advance(std::chrono::seconds(1));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told.back(), Not(HasSubstr("canary")));
  EXPECT_THAT(last("error"), HasSubstr("what is secret in it is not known"));
}

TEST_F(WebLog, where_the_journal_may_not_be_read_the_stream_says_so_and_what_helps) {
  listen();
  say("Hint: You are currently not seeing messages from other users and the system.");
  say("No journal files were opened due to insufficient permissions.");
  journal.listener.ended();
  loop.settle();
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(last("error"), HasSubstr("cannot be read here"));
  EXPECT_THAT(last("advice"), HasSubstr("systemd-journal"));
  EXPECT_EQ(journal.running, 0);
  EXPECT_EQ(journal.started, 1) << "it is not tried again and again";
  journal.answer = Error{.code = ErrorCode::not_found, .message = "there is no such program"};
  listen();
  EXPECT_THAT(last("error"), HasSubstr("no such program"));
}

TEST_F(WebLog, a_text_that_is_too_long_is_its_newest_lines) {
  listen();
  for (int i = 0; i < 50; ++i) say(std::string(2000, 'x') + fmt::format(" {}", i));
  loop.advance(std::chrono::seconds(1));
  EXPECT_LT(told.back().size(), 60'000U);
  EXPECT_THAT(last("logs"), HasSubstr(" 49"));
}

}  // namespace
}  // namespace trueup::cli
