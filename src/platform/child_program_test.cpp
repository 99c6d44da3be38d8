#include "platform/child_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "platform/descriptor.h"
#include "support/files.h"

namespace trueup::platform {
namespace {

struct Heard {
  Result<ChildEnd> end = ChildEnd{};
  std::vector<std::string> lines = {};
};

Heard shell(const std::string& script, ChildProgram child = {}) {
  child.program = "/bin/sh";
  child.arguments = {"-c", script};
  Heard heard;
  heard.end = run_child(child, [&](std::string_view line) { heard.lines.emplace_back(line); });
  return heard;
}

TEST(ChildProgram, is_given_its_input_and_heard_line_by_line) {
  const Heard heard = shell("while read -r line; do echo \"got $line\"; done; printf end", {.input = "one\ntwo\n"});
  ASSERT_TRUE(heard.end) << heard.end.error().text();
  EXPECT_EQ(*heard.end, ChildEnd{});
  EXPECT_EQ(heard.lines, (std::vector<std::string>{"got one", "got two", "end"}));
}

TEST(ChildProgram, gets_the_named_descriptors_in_their_order_and_no_other) {
  const test::TempDirectory directory;
  test::write_file(directory.path() / "first", "1");
  test::write_file(directory.path() / "second", "2");
  const Descriptor second(::open((directory.path() / "second").c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor first(::open((directory.path() / "first").c_str(), O_RDONLY | O_CLOEXEC));
  const Heard heard = shell("cat <&3; cat <&4; if (: <&5) 2>/dev/null; then echo more; fi; env | grep -v -e ^_= -e PWD",
                            {.descriptors = {first.get(), second.get()}});
  ASSERT_TRUE(heard.end) << heard.end.error().text();
  EXPECT_EQ(heard.lines, (std::vector<std::string>{"12"})) << "and no environment";
}

TEST(ChildProgram, is_killed_when_it_takes_too_long_or_says_too_much) {
  EXPECT_FALSE(shell("exec sleep 100", {.patience = std::chrono::milliseconds(50)}).end->in_time);
  EXPECT_FALSE(shell("while :; do echo more and more; done", {.most_output = 10'000}).end->in_time);
}

TEST(ChildProgram, that_fails_or_is_not_there_is_told_from_one_that_did_its_work) {
  EXPECT_EQ(shell("exit 7").end->exit_status, 7);
  EXPECT_EQ(shell("kill -9 $$").end->signal_number, 9);
  const auto missing = run_child({.program = "/nowhere/program"}, [](std::string_view) {});
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST(ChildProgram, its_own_place_is_asked_of_the_kernel) { EXPECT_TRUE(own_executable()->ends_with("/platform_test")); }

}  // namespace
}  // namespace trueup::platform
