#include "service/fights.h"

#include <gtest/gtest.h>

#include "engine/unattended.h"

namespace trueup::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A pass that corrected what is recorded of `clock`.
engine::PassReport repair(const std::string& recorded = "false", const std::string& written = "true") {
  engine::PassReport report;
  report.plan.findings.push_back({.plugin_id = "clock",
                                  .inconsistency_type = model::InconsistencyType::plugin_enabled_mismatch,
                                  .evidence = {{"data/plugin_state.json", "records " + recorded}},
                                  .finding = "plugin_enabled_mismatch:clock"});
  report.plan.steps.push_back({.action = model::StepAction::set_recorded,
                               .plugin_id = "clock",
                               .finding = "plugin_enabled_mismatch:clock",
                               .edits = {{.document = model::DocumentName::state,
                                          .path = {"states", "clock", "enabled"},
                                          .expected = recorded,
                                          .value = written}}});
  report.steps.push_back({.kind = engine::StepResult::Kind::done});
  return report;
}

TEST(Fights, a_repair_that_is_undone_again_and_again_is_named_and_left_alone) {
  Fights fights;
  EXPECT_TRUE(fights.note(repair(), minutes(1)).empty());
  EXPECT_TRUE(fights.note(repair(), minutes(2)).empty());
  const auto begun = fights.note(repair(), minutes(3));
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(begun.front().field, "plugin_state.json: states.clock.enabled");
  EXPECT_NE(begun.front().says.find("`trueup reconcile clock`"), std::string::npos);
  const auto holds = fights.holds();
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds.front().finding, "plugin_enabled_mismatch:clock");
  EXPECT_EQ(holds.front().reason, engine::kFoughtOver);
  EXPECT_EQ(holds.front().evidence_digest, model::evidence_digest(repair().plan.findings.front()));
}

TEST(Fights, the_other_program_is_named_where_it_is_known_to_run) {
  Fights fights;
  auto report = repair();
  report.observation.web_process = model::Tristate::yes;
  for (int i = 1; i < Fights::kRounds; ++i) fights.note(report, seconds(i));
  EXPECT_NE(fights.note(report, minutes(1)).at(0).says.find("LEDMatrix's web interface"), std::string::npos);
}

TEST(Fights, an_owner_who_changes_his_mind_now_and_then_fights_nobody) {
  Fights fights;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(fights.note(repair(), minutes(6 * i)).empty());
  for (const char* other : {"1", "2", "3", "4"}) EXPECT_TRUE(fights.note(repair(other), minutes(200)).empty());
}

TEST(Fights, an_owner_who_switches_a_plugin_on_and_off_all_the_time_fights_nobody) {
  Fights fights;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(fights.note(repair("false", "true"), seconds(2 * i)).empty());
    EXPECT_TRUE(fights.note(repair("true", "false"), seconds(2 * i + 1)).empty());
  }
}

TEST(Fights, a_repair_that_failed_was_undone_by_nobody) {
  Fights fights;
  auto report = repair();
  report.steps.front().kind = engine::StepResult::Kind::failed;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(fights.note(report, seconds(i)).empty());
}

TEST(Fights, it_is_over_when_the_owner_acts_on_the_plugin) {
  Fights fights;
  for (int i = 0; i < Fights::kRounds; ++i) fights.note(repair(), seconds(i));
  fights.settle("weather");
  EXPECT_EQ(fights.all().size(), 1U);
  fights.settle("clock");
  EXPECT_TRUE(fights.holds().empty());
}

}  // namespace
}  // namespace trueup::service
