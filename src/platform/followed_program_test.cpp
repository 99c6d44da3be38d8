#include "platform/followed_program.h"

#include <gtest/gtest.h>

#include <csignal>

#include "platform/asio_loop.h"

namespace trueup::platform {
namespace {

class Followed : public testing::Test {
 protected:
  /// A shell's words, heard until `enough`, until it ends, or for ten seconds.
  void hear(const std::string& script, const std::function<bool()>& enough) {
    auto started = follower.follow({"/bin/sh", "-c", script}, loop,
                                   {.line =
                                        [&, enough](std::string_view line) {
                                          lines.emplace_back(line);
                                          if (enough()) loop.stop();
                                        },
                                    .ended =
                                        [&] {
                                          has_ended = true;
                                          loop.stop();
                                        }});
    ASSERT_TRUE(started) << started.error().text();
    program = std::move(*started);
    const auto patience = loop.after(std::chrono::seconds(10), [this] { loop.stop(); });
    loop.run();
  }

  AsioLoop loop;
  RealFollower follower;
  std::unique_ptr<Pending> program;
  std::vector<std::string> lines;
  bool has_ended = false;
};

TEST_F(Followed, is_heard_line_by_line_on_both_outputs_until_it_ends) {
  hear("echo one; echo two >&2; printf three", [] { return false; });
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_TRUE(has_ended);
}

TEST_F(Followed, ends_with_the_object_however_long_it_would_talk) {
  hear("echo $$; exec sleep 1000", [this] { return lines.size() == 1; });
  ASSERT_EQ(lines.size(), 1U);
  const int pid = std::stoi(lines.front());
  EXPECT_EQ(::kill(pid, 0), 0);
  program.reset();
  EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_FALSE(has_ended);
}

TEST_F(Followed, a_line_without_an_end_is_cut) {
  hear("head -c 100000 /dev/zero | tr '\\0' x; echo; echo next", [this] { return lines.size() == 2; });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], std::string(2000, 'x'));
  EXPECT_EQ(lines[1], "next");
}

TEST_F(Followed, what_is_not_there_is_an_error) { EXPECT_FALSE(follower.follow({"/nowhere/journalctl"}, loop, {})); }

}  // namespace
}  // namespace trueup::platform
