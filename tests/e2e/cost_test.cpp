// What plan and reconcile ask of the kernel and of the disk, counted call by call. No test here looks at a clock.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/command_support.h"
#include "support/files.h"

namespace trueup::test {
namespace {

/// The calls of one run as strace shows them, each descriptor with its path; nothing where programs cannot be traced.
std::optional<std::vector<std::string>> calls_of(Installation& home, const std::string& word,
                                                 const std::string& filter) {
  const TempDirectory scratch;
  const std::string file = (scratch.path() / "trace").string();
  // -f is not asked for: trueup starts neither threads nor programs for this.
  const auto ran = run_command({"strace", "-qq", "-y", "-s", "256", "-e", "trace=" + filter, "-o", file, TRUEUP_BINARY,
                                "--root", home.root().string(), "--registry", home.registry().string(), word},
                               {.environment = {{"ASAN_OPTIONS", "detect_leaks=0"}}});  // it does not work while traced
  if (ran.exit_status == 127) return std::nullopt;
  std::istringstream lines(read_file(file));
  std::vector<std::string> calls;
  for (std::string line; std::getline(lines, line);) calls.push_back(line);
  if (calls.empty()) return std::nullopt;
  return calls;
}

std::size_t count_with(const std::vector<std::string>& calls, const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(calls, [&text](const std::string& call) { return call.find(text) != std::string::npos; }));
}

enum class Checked { never, before };

/// System calls of `plan` on anything in the installation. What it asks /proc depends on what else runs.
std::optional<std::size_t> calls_of_plan(int plugins, Checked checked) {
  Installation home;
  for (int i = 0; i < plugins; ++i) home.add_healthy("plugin-" + std::to_string(i));
  if (checked == Checked::before) {
    home.add_plugin("new");  // a pass that has something to do remembers what it found right
    if (trueup(home, {"reconcile"}).exit_status != 0) return std::nullopt;
  }
  const auto calls = calls_of(home, "plan", "all");
  if (!calls) return std::nullopt;
  return count_with(*calls, home.root().string() + "/");
}

constexpr const char* kNoStrace = "there is no strace here, or it may not trace";

void expect_calls_for_each_further_plugin(Checked checked, std::size_t most) {
  const auto few = calls_of_plan(20, checked);
  const auto more = calls_of_plan(120, checked);
  if (!few || !more) GTEST_SKIP() << kNoStrace;
  ASSERT_GT(*few, 20U);
  EXPECT_LE(*more - *few, 100U * most);
}

TEST(Cost, each_further_plugin_costs_plan_six_system_calls) {
  // Its manifest: open, look, read, close. Its receipt: one open that finds nothing. Its schema: one look.
  expect_calls_for_each_further_plugin(Checked::before, 6);
}

TEST(Cost, a_plugin_whose_settings_were_never_checked_costs_plan_nine) {
  // The same five, and its schema: open, look, read, close.
  expect_calls_for_each_further_plugin(Checked::never, 9);
}

/// Four findings: two are mended in config.json, two in plugin_state.json.
void drift_in_two_files(Installation& home, const std::string& name) {
  for (const char* end : {"-a", "-b"}) {
    home.add_plugin(name + "-new" + end).record(name + "-new" + end, true);
    home.add_healthy(name + "-off" + end, false).record(name + "-off" + end, true);
  }
}

TEST(Cost, a_pass_that_edits_one_file_waits_for_the_disk_at_most_twelve_times_and_for_that_file_three_times) {
  Installation home;
  home.add_healthy("clock").add_plugin("news").record("news", true);
  for (const char* const pass : {"the first pass", "a later pass"}) {
    const auto calls = calls_of(home, "reconcile", "fsync,fdatasync,syncfs,sync,msync,sync_file_range");
    if (!calls) GTEST_SKIP() << kNoStrace;
    EXPECT_GT(count_with(*calls, "sync("), 0U) << pass;
    EXPECT_LE(count_with(*calls, "sync("), 12U) << pass << ::testing::PrintToString(*calls);
    EXPECT_LE(count_with(*calls, home.root().string() + "/config"), 3U) << pass << ::testing::PrintToString(*calls);
    home.add_plugin("stocks").record("stocks", true);
  }
}

TEST(Cost, thousands_of_edits_or_four_are_one_write_of_each_file) {
  Installation home;
  home.add_healthy("clock");
  drift_in_two_files(home, "x");
  const auto calls = calls_of(home, "reconcile", "openat,openat2,creat,rename,renameat,renameat2,truncate,ftruncate");
  if (!calls) GTEST_SKIP() << kNoStrace;
  for (const char* const name : {"\"config.json\", RENAME_EXCHANGE", "\"plugin_state.json\", RENAME_EXCHANGE"}) {
    EXPECT_EQ(count_with(*calls, name), 1U) << ::testing::PrintToString(*calls);
  }
  for (const std::string& call : *calls) {
    const bool live = call.find("config.json\", O_") != std::string::npos ||
                      call.find("plugin_state.json\", O_") != std::string::npos;
    EXPECT_FALSE(live && (call.find("O_WRONLY") != std::string::npos || call.find("O_RDWR") != std::string::npos))
        << call;
  }
  EXPECT_EQ(trueup(home, {"plan"}).exit_status, 0);
}

}  // namespace
}  // namespace trueup::test
