// Promise 10: made for a small board beside a display: little memory, nothing written that need not be.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "promises/promises.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

using testing::IsEmpty;

constexpr const char* kNeedsStrace = "strace is not here or may not trace: calls were not counted";
constexpr long kMostKibibytes = 24L * 1024;

TEST_F(Promises, p10_light_a_pass_with_nothing_to_do_writes_nothing_and_leaves_no_trace) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  home.add_healthy("clock").add_healthy("news", false);
  const Snapshot before = take_snapshot(home.root());
  for (const Words& words : {Words{"reconcile"}, {"reconcile", "clock"}, {"enable", "clock"}, {"disable", "news"}}) {
    CommandResult ran;
    EXPECT_THAT(on_disk(writing_calls(trueup.command(words), &ran)), IsEmpty()) << words[0];
    EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << "not even .trueup is made";
}

TEST_F(Promises, p10_light_a_pass_after_a_pass_writes_nothing) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  drift(home);
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 0);
  CommandResult ran;
  EXPECT_THAT(on_disk(writing_calls(trueup.command({"reconcile"}), &ran)), IsEmpty());
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
}

TEST_F(Promises, p10_light_a_verb_that_reads_asks_for_nothing_that_writes) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  drift(home);
  for (const bool known_here : {false, true}) {
    if (known_here) trueup.run({"disable", "steady"});
    for (const Words& words :
         {Words{"status"}, {"plan"}, {"list"}, {"history"}, {"explain", "absent"}, {"doctor"}, {"--json", "status"}}) {
      CommandResult ran;
      EXPECT_THAT(on_disk(writing_calls(trueup.command(words), &ran)), IsEmpty()) << words[0];
      EXPECT_EQ(ran.errors, "") << words[0];
    }
  }
}

TEST_F(Promises, p10_light_many_edits_of_one_file_are_one_write_of_it) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  for (int i = 0; i < 12; ++i) {
    const std::string number = std::to_string(i);
    home.add_plugin("fresh" + number);
    home.add_plugin("switched" + number).set_enabled("switched" + number, true);
    home.record("switched" + number, false, "0.9.0").record("gone" + number, true);
  }
  CommandResult ran;
  const auto calls = writing_calls(trueup.command({"reconcile"}), &ran);
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  for (const char* file : {"config.json", "plugin_state.json"}) {
    const std::string live = std::string("\"") + file + "\"";
    std::size_t exchanged = 0;
    for (const std::string& call : calls) {
      if (call.starts_with("rename") && call.find(live) != std::string::npos) ++exchanged;
    }
    EXPECT_EQ(exchanged, 1U) << file;
  }
  // Each waits for the card: two files with their directories, journal, ledger, copies. Not one for each of the edits.
  EXPECT_LT(count_calls(calls, "sync("), 40U);
}

/// The most memory that `arguments` had at any moment, in KiB.
long peak_of(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  EXPECT_EQ(posix_spawn(&child, words[0], &quiet, nullptr, words.data(), environ), 0);
  posix_spawn_file_actions_destroy(&quiet);
  rusage used{};
  int status = 0;
  EXPECT_EQ(::wait4(child, &status, 0, &used), child);
  return used.ru_maxrss;
}

TEST_F(Promises, p10_light_forty_plugins_fit_into_little_memory) {
  if (kIsInstrumented) GTEST_SKIP() << "a sanitizer takes memory of its own";
  drift(home);
  for (int i = 0; i < 40; ++i) home.add_healthy("plugin-" + std::to_string(i));
  home.root();
  for (const char* verb : {"status", "plan", "reconcile", "history"}) {
    EXPECT_LT(peak_of(trueup.command({verb})), kMostKibibytes) << verb;
  }
}

}  // namespace
}  // namespace trueup::test
