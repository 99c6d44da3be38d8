// Several trueups at work on one installation at once: each waits for its turn and is told for whom, none loses what
// another has written (failures F47 and F111).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "support/system_calls.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "'" : " '") + word + "'";
  return line;
}

void all_at_once(int count) {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  std::string line;
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("plugin{}", i);
    home.add_healthy(id, false);
    line += quoted(trueup.command({"--wait", "60", "enable", id})) + " & ";
  }
  home.add_plugin("fresh");
  line += quoted(trueup.command({"--wait", "60", "reconcile"})) + " & ";
  home.root();
  line += "bad=0; for one in $(jobs -p); do wait $one || bad=$?; done; exit $bad";
  const CommandResult ran = run_command({"bash", "-c", line}, {.timeout = std::chrono::minutes(2)});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors << ran.output;
  const std::string config = read_file(home.config());
  const std::string state = read_file(home.state());
  for (int i = 0; i < count; ++i) {
    EXPECT_EQ(json_at(config, fmt::format("/plugin{}/enabled", i)), "true") << i;
    EXPECT_EQ(json_at(state, fmt::format("/states/plugin{}/enabled", i)), "true") << i;
  }
  EXPECT_EQ(json_at(config, "/fresh/enabled"), "false");
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 0);
}

TEST(Crowd, F111_two_at_once_lose_no_edit) { all_at_once(2); }
TEST(Crowd, F111_ten_at_once_lose_no_edit) { all_at_once(10); }

TEST(Crowd, who_must_wait_is_told_for_whom_and_gives_up_when_told_to) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "strace is not here or may not trace: nobody can be made slow";
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  home.add_healthy("clock").add_healthy("news");
  home.root();
  // One whose every wait for the disk takes long; the other asks until it meets it.
  const std::string slow =
      "strace -f -qq -o /dev/null -e trace=fdatasync,fsync -e inject=fdatasync,fsync:delay_enter=300000 ";
  const std::string line = fmt::format(
      "{}{} >/dev/null & slow=$!; status=0; while kill -0 $slow 2>/dev/null; do {} && status=0 || status=$?; "
      "[ $status -eq 4 ] && break; done; wait $slow || exit 9; exit $status",
      slow, quoted(trueup.command({"disable", "clock"})), quoted(trueup.command({"--wait", "0", "enable", "news"})));
  // `enable news` has nothing to do and takes no lock, so it is switched off first.
  EXPECT_EQ(trueup.run({"disable", "news"}).exit_status, 0);
  const CommandResult ran = run_command({"bash", "-c", line}, {.timeout = std::chrono::minutes(1)});
  EXPECT_EQ(ran.exit_status, 4) << ran.errors;
  EXPECT_NE(ran.errors.find("another trueup (pid "), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("`disable`"), std::string::npos) << ran.errors;
  EXPECT_EQ(json_at(read_file(home.config()), "/clock/enabled"), "false");
}

TEST(Crowd, F47_a_plugin_that_is_removed_while_passes_run_stays_removed) {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  home.add_healthy("steady").add_healthy("leaving");
  home.root();
  const std::string pass = quoted(trueup.command({"--wait", "60", "reconcile"}));
  const std::string line =
      fmt::format("(for n in 1 2 3 4 5 6; do {0} >/dev/null || exit 1; done) & passes=$!; {1} || exit 2; wait $passes",
                  pass, quoted(trueup.command({"--wait", "60", "uninstall", "leaving"})));
  const CommandResult ran = run_command({"bash", "-c", line}, {.timeout = std::chrono::minutes(1)});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors << ran.output;
  EXPECT_FALSE(std::filesystem::exists(home.plugin("leaving")));
  EXPECT_EQ(json_at(read_file(home.config()), "/leaving"), std::nullopt);
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 0);
}

}  // namespace
}  // namespace trueup::test
