#include "support/command.h"

#include <gtest/gtest.h>

#include <csignal>

#include "support/files.h"

namespace trueup::test {
namespace {

TEST(Command, gives_both_streams_and_the_exit_status) {
  const auto result = run_command({"sh", "-c", "echo out; echo err >&2; exit 5"});
  EXPECT_EQ(result, (CommandResult{.exit_status = 5, .output = "out\n", .errors = "err\n"}));
}

TEST(Command, passes_input_environment_and_directory) {
  const TempDirectory directory;
  const auto result = run_command({"sh", "-c", "cat; printf ' %s ' \"$WORD\"; pwd"},
                                  {.environment = {{"WORD", "hello"}}, .directory = directory.path(), .input = "in"});
  EXPECT_EQ(result.output, "in hello " + directory.path().string() + "\n");
}

TEST(Command, takes_more_output_than_a_pipe_holds) {
  const auto result = run_command({"sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"});
  EXPECT_EQ(result.output.size(), 3'000'000U);
  EXPECT_EQ(result.errors.size(), 3'000'000U);
}

TEST(Command, kills_what_hangs_and_its_children) {
  const auto result =
      run_command({"sh", "-c", "echo started; sleep 1000 & wait"}, {.timeout = std::chrono::milliseconds{300}});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.output, "started\n");
}

TEST(Command, tells_a_signal_from_an_exit) {
  const auto result = run_command({"sh", "-c", "kill -TERM $$"});
  EXPECT_EQ(result.exit_status, -1);
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(run_command({"/nonexistent/program"}).exit_status, 127);
}

}  // namespace
}  // namespace trueup::test
