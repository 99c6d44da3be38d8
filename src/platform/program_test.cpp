#include "platform/program.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace trueup::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Program, gets_its_input_and_gives_its_status) {
  const test::TempDirectory scratch;
  const std::string file = (scratch.path() / "out").string();
  const std::string input(200'000, 'x');
  const auto status = run_program({"/bin/sh", "-c", "cat > \"$0\"; exit 3", file}, input, seconds(30));
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_EQ(*status, 3);
  EXPECT_EQ(test::read_file(file), input);
}

TEST(Program, one_that_reads_nothing_keeps_nobody_waiting) {
  EXPECT_EQ(run_program({"/bin/true"}, std::string(5'000'000, 'x'), seconds(30)).value_or(-1), 0);
}

TEST(Program, one_that_does_not_end_is_killed_with_what_it_started) {
  const auto status = run_program({"/bin/sh", "-c", "sleep 1000 & sleep 1000"}, "", milliseconds(50));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::contended);
}

TEST(Program, is_found_by_its_whole_path_only_and_sees_nothing_of_our_environment) {
  EXPECT_EQ(run_program({"true"}, "", seconds(30)).error().code, ErrorCode::invalid);
  EXPECT_EQ(run_program({"/no/such/program"}, "", seconds(30)).error().code, ErrorCode::not_found);
  EXPECT_EQ(run_program({"/bin/sh", "-c", "test -z \"$HOME\""}, "", seconds(30)).value_or(-1), 0);
}

}  // namespace
}  // namespace trueup::platform
