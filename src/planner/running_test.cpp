// What the rules make of what the display tells: the three findings, and none where it tells nothing.
#include <gmock/gmock.h>

#include "planner/plan.h"
#include "planner/roster.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::Source;
using test::ObservationBuilder;
using testing::HasSubstr;

ObservationBuilder healthy(bool enabled = true) {
  return ObservationBuilder().installed("clock", "1.1.0").section("clock", enabled).recorded("clock", enabled);
}

/// "finding (reason)" of a safe plan.
std::vector<std::string> found_in(const ObservationBuilder& builder) {
  std::vector<std::string> lines;
  for (const Inconsistency& one : make_plan(builder.seen, {}).findings) {
    EXPECT_EQ(one.fix_action, model::FixAction::manual_fix_required) << one.finding;
    EXPECT_THAT(one.advice, HasSubstr("`sudo systemctl restart ledmatrix`"));
    lines.push_back(one.finding + " (" + one.reason + ")");
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Running, agrees_when_what_is_on_runs_and_what_is_off_does_not) {
  EXPECT_EQ(found_in(healthy().runs("clock", "1.1.0")), Lines{});
  EXPECT_EQ(found_in(healthy(false).display_tells()), Lines{});
}

TEST(Running, nothing_is_found_where_the_display_does_not_tell) {
  auto off = healthy(false).runs("clock", "1.0.0");
  off.seen.reading(Source::runtime).verdict = model::Verdict::absent;
  EXPECT_EQ(found_in(off), Lines{});
  EXPECT_EQ(found_in(healthy()), Lines{});
}

TEST(Running, a_plugin_that_is_on_and_does_not_run_is_told_with_its_own_reason) {
  EXPECT_EQ(found_in(healthy().display_tells()), Lines{"plugin_not_running:clock (not_loaded)"});
  const auto failed = healthy().fails("clock", "no city");
  EXPECT_EQ(found_in(failed), Lines{"plugin_not_running:clock (failed)"});
  EXPECT_EQ(make_plan(failed.seen, {}).findings[0].description,
            "Plugin clock is on and the display does not run it: no city");
}

TEST(Running, a_plugin_that_is_off_removed_or_gone_and_runs_is_told) {
  EXPECT_EQ(found_in(healthy(false).runs("clock")), Lines{"plugin_running_unexpectedly:clock (switched_off)"});
  EXPECT_EQ(found_in(ObservationBuilder().removed("clock").runs("clock")),
            Lines{"plugin_running_unexpectedly:clock (removed_by_owner)"});
  EXPECT_EQ(found_in(ObservationBuilder().runs("clock")), Lines{"plugin_running_unexpectedly:clock (not_installed)"});
}

TEST(Running, an_older_version_than_the_installed_one_is_told) {
  EXPECT_EQ(found_in(healthy().runs("clock", "1.0.0")), Lines{"plugin_running_stale:clock (older_runs)"});
  EXPECT_EQ(found_in(healthy().runs("clock", "2.0.0")), Lines{"plugin_running_stale:clock (other_runs)"});
  EXPECT_EQ(found_in(healthy().runs("clock", "v1.1")), Lines{});
}

TEST(Running, nothing_is_concluded_while_another_source_cannot_be_read) {
  for (const Source source : {Source::config, Source::disk, Source::state, Source::tombstones}) {
    for (const Inconsistency& one : make_plan(healthy(false).runs("clock").unreadable(source).seen, {}).findings) {
      EXPECT_EQ(one.inconsistency_type, model::InconsistencyType::source_unreadable) << one.finding;
    }
  }
}

TEST(Running, the_chain_ends_where_the_display_fails) {
  const auto failed = healthy().fails("clock", "no city");
  const auto told = explain(failed.seen, make_plan(failed.seen, {}), "clock");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->chain.back().link, "running");
  EXPECT_FALSE(told->chain.back().ok);
  EXPECT_THAT(told->chain.back().sentence, HasSubstr("no city"));
  EXPECT_EQ(told->chain.back().mend, "sudo systemctl restart ledmatrix");
  EXPECT_EQ(make_roster(failed.seen, make_plan(failed.seen, {}))[0].running, model::Tristate::no);
}

}  // namespace
}  // namespace trueup::planner
