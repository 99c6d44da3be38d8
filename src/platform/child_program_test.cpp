#include "platform/child_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "platform/descriptor.h"
#include "support/files.h"

namespace trueup::platform {
namespace {

struct Heard {
  Result<ChildEnd> end = ChildEnd{};
  std::vector<std::string> lines = {};
};

Heard shell(const std::string& script, ChildProgram child = {}, const std::string& first = "sh") {
  child.program = "/bin/sh";
  child.arguments = {"-c", script, first};
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

/// Whether a process of this number is there and no zombie.
bool runs(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/stat");
  std::string text((std::istreambuf_iterator<char>(status)), std::istreambuf_iterator<char>());
  return !text.empty() && text.find(") Z") == std::string::npos;
}

TEST(ChildProgram, is_killed_with_what_it_started_when_it_takes_too_long) {
  const Heard heard =
      shell("sleep 1000 & echo $!; wait", {.patience = std::chrono::milliseconds(300), .with_its_own = true});
  EXPECT_FALSE(heard.end->in_time);
  EXPECT_FALSE(heard.end->too_much || heard.end->stopped);
  EXPECT_EQ(heard.end->signal_number, 9);
  ASSERT_EQ(heard.lines.size(), 1U);
  while (runs(heard.lines.front())) {
  }
}

TEST(ChildProgram, that_closes_its_output_and_goes_on_is_killed_as_well) {
  const auto left = shell("exec >&- 2>&-; exec sleep 1000", {.patience = std::chrono::milliseconds(100)});
  EXPECT_FALSE(left.end->in_time);
  EXPECT_EQ(left.end->signal_number, 9);
}

TEST(ChildProgram, ends_with_all_that_it_started_when_we_are_killed) {
  const test::TempDirectory scratch;
  const std::string pids = (scratch.path() / "pids").string();
  const pid_t one_of_us = ::fork();
  if (one_of_us == 0) {
    shell("sleep 1000 & echo $$ $! $(ps -o pgid= $$) >\"$0.new\"; mv \"$0.new\" \"$0\"; wait", {.with_its_own = true},
          pids);
    ::_exit(0);
  }
  while (!std::filesystem::exists(pids)) std::this_thread::yield();
  std::istringstream all(test::read_file(pids));
  ::kill(one_of_us, SIGKILL);
  ::waitpid(one_of_us, nullptr, 0);
  std::string pid;
  int seen = 0;
  for (; all >> pid; ++seen) {  // itself, what it started, and who guards both
    while (runs(pid)) std::this_thread::yield();
  }
  EXPECT_EQ(seen, 3);
}

TEST(ChildProgram, leaves_nothing_running_behind_when_it_ends_by_itself) {
  const Heard heard = shell("sleep 1000 >/dev/null 2>&1 & echo $!; exit 3", {.with_its_own = true});
  EXPECT_EQ(*heard.end, (ChildEnd{.exit_status = 3}));
  ASSERT_EQ(heard.lines.size(), 1U);
  while (runs(heard.lines.front())) {
  }
}

TEST(ChildProgram, ends_when_it_is_to_stop_and_says_which_limit_it_met) {
  const auto stopped = shell("exec sleep 1000", {.stop_wanted = [] { return true; }});
  EXPECT_EQ(*stopped.end, (ChildEnd{.in_time = false, .stopped = true, .exit_status = -1, .signal_number = 9}));
  EXPECT_TRUE(shell("while :; do echo more and more; done", {.most_output = 10'000}).end->too_much);
}

TEST(ChildProgram, works_in_the_directory_that_it_is_given) {
  EXPECT_EQ(shell("pwd", {.directory = "/usr"}).lines, (std::vector<std::string>{"/usr"}));
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
