// Promise 8 at full speed: a separate program (foreign_writer.py) writes config.json and plugin_state.json in every way
// that LEDMatrix and editors do, while trueup reconciles and edits them. Each of its writes is there in the end, in the
// file or kept and offered; and of ours each was in the file when success was reported: where a stale write dropped it
// later, that is told and offered again.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include "support/trueup_run.h"

namespace trueup::test {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "'" : " '") + word + "'";
  return line;
}

struct Way {
  const char* name;
  const char* file;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name << " on " << way.file; }

class ForeignWriter : public testing::TestWithParam<Way> {};

TEST_P(ForeignWriter, loses_nothing_and_whoever_drops_our_edit_is_told_of) {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  home.add_healthy("clock").add_healthy("news");
  home.root();
  const int lines = std::getenv("TRUEUP_CRASH") != nullptr ? 6000 : 400;
  // The neighbour in the background, trueup in front of it until the other has ended; its last answers are printed.
  const std::string line = fmt::format(
      "python3 {}/tests/crash/foreign_writer.py {} {} {} & other=$!; round=0; "
      "while kill -0 $other 2>/dev/null; do round=$((round+1)); "
      "{} $round >/dev/null 2>&1 && echo set $round; {} >/dev/null 2>&1; "
      "for verb in disable enable; do {} $verb news >/dev/null 2>&1 && echo $verb; done; done; wait $other",
      TRUEUP_SOURCE_DIR, GetParam().name, GetParam().file, lines,
      quoted(trueup.command({"config", "set", "clock", "display_duration"})), quoted(trueup.command({"reconcile"})),
      quoted(trueup.command({})));
  CommandOptions options;
  options.directory = home.root();
  options.timeout = std::chrono::minutes(10);
  const CommandResult ran = run_command({"bash", "-c", line}, options);
  ASSERT_EQ(ran.exit_status, 0) << ran.errors;

  const Shown after = trueup.shown({"status"});
  const auto is_told = [&](const std::string& start) {
    return std::ranges::any_of(after.found, [&](const auto& one) { return one.finding.starts_with(start); });
  };
  const std::string text = read_file(home.root() / GetParam().file);
  int lost = 0;
  bool kept_only = false;
  for (int number = 0; number < lines; ++number) {
    const std::string name = fmt::format("{}{}", GetParam().name, number);
    if (json_at(text, "/neighbour/" + name)) continue;
    kept_only = true;
    lost += files_containing(home.root() / ".trueup", "\"" + name + "\"").empty() ? 1 : 0;
  }
  EXPECT_EQ(lost, 0) << "lines of the other program are nowhere";
  const bool stale = std::string_view(GetParam().name) == "stale";
  EXPECT_TRUE(!kept_only || stale || is_told("write_displaced:")) << "what is only kept is not told of";

  // Ours: the last success of each key.
  const auto last_of = [&](const std::string& what) {
    const auto at = ran.output.rfind(what);
    return at == std::string::npos ? std::string() : ran.output.substr(at, ran.output.find('\n', at) - at);
  };
  const std::string set = last_of("set ");
  EXPECT_NE(set, "") << "never succeeded";
  const std::string config = read_file(home.config());
  if (!set.empty() && json_at(config, "/clock/display_duration") != set.substr(4)) {
    EXPECT_TRUE(is_told("edit_overwritten:clock") || is_told("write_displaced:")) << set << " is not there: " << config;
  }
  const std::string switched = std::max(last_of("disable"), last_of("enable"), [&](const auto& a, const auto& b) {
    return ran.output.rfind(a) < ran.output.rfind(b);
  });
  const bool on = switched == "enable";
  if (!switched.empty() && json_at(config, "/news/enabled") != (on ? "true" : "false")) {
    EXPECT_TRUE(is_told("edit_overwritten:news") || is_told("write_displaced:"))
        << switched << "d is not there: " << config;
  }
  fmt::print("foreign writer: {} on {}: {} lines, {} of our edits\n", GetParam().name, GetParam().file, lines,
             std::ranges::count(ran.output, '\n'));
}

INSTANTIATE_TEST_SUITE_P(Each, ForeignWriter,
                         testing::Values(Way{"in_place", "config/config.json"}, Way{"held_open", "config/config.json"},
                                         Way{"renamed", "config/config.json"}, Way{"stale", "config/config.json"},
                                         Way{"in_place", "data/plugin_state.json"},
                                         Way{"renamed", "data/plugin_state.json"}),
                         [](const auto& way) {
                           return std::string(way.param.name) +
                                  (std::string_view(way.param.file).starts_with("config") ? "_config" : "_state");
                         });

/// A page that was left open: what it saves rests on what it had read before us.
TEST(OverwrittenEdit, is_told_by_the_next_look_with_file_and_key_and_offered_again) {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  home.add_healthy("clock").add_healthy("news");
  const std::string page = home.read("config/config.json");
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"config", "set", "news", "display_duration", "77"}).exit_status, 0);
  EXPECT_EQ(trueup.shown({"status"}).finding("edit_overwritten:clock:clock.enabled"), nullptr);
  home.write("config/config.json", page);

  const Shown seen = trueup.shown({"status"});
  const ShownFinding* switched = seen.finding("edit_overwritten:clock:clock.enabled");
  ASSERT_NE(switched, nullptr) << seen.ran.output;
  EXPECT_EQ(switched->fix_action, "no_action");
  EXPECT_NE(switched->description.find("`clock.enabled` in config/config.json"), std::string::npos);
  ASSERT_NE(seen.finding("edit_overwritten:news:news.display_duration"), nullptr);
  EXPECT_EQ(trueup.run({"resolve", "edit_overwritten:clock:clock.enabled", "--choose", "again"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/clock/enabled"), "false");
  EXPECT_EQ(trueup.shown({"status"}).finding("edit_overwritten:clock:clock.enabled"), nullptr);
}

TEST(OverwrittenEdit, is_not_said_of_what_was_undone_or_changed_to_something_else) {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  home.add_healthy("clock").add_healthy("news");
  home.root();
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"config", "set", "news", "display_duration", "77"}).exit_status, 0);
  std::string config = read_file(home.config());
  config.replace(config.find("77"), 2, "78");
  home.write("config/config.json", config);
  for (const auto& finding : trueup.shown({"status"}).found) {
    EXPECT_FALSE(finding.finding.starts_with("edit_overwritten")) << finding.finding;
  }
}

}  // namespace
}  // namespace trueup::test
