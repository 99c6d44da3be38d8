#include "engine/fights.h"

#include <gtest/gtest.h>

namespace trueup::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A pass that corrected what is recorded of `clock`.
struct Done {
  model::Plan plan;
  std::vector<StepResult> steps;
};

Done repair(const std::string& recorded = "false", const std::string& written = "true") {
  Done report;
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
  report.steps.push_back({.kind = StepResult::Kind::done});
  return report;
}

std::vector<Fight> note(Fights& fights, const Done& pass, Fights::Time now) {
  return fights.note(pass.plan, pass.steps, now);
}

TEST(Fights, a_repair_that_is_undone_again_and_again_is_named_and_left_alone) {
  Fights fights;
  EXPECT_TRUE(note(fights, repair(), minutes(1)).empty());
  EXPECT_TRUE(note(fights, repair(), minutes(2)).empty());
  const auto begun = note(fights, repair(), minutes(3));
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(begun.front().field, "plugin_state.json: states.clock.enabled");
  const model::Hold& hold = begun.front().hold;
  EXPECT_EQ(hold.finding, "plugin_enabled_mismatch:clock");
  EXPECT_EQ(hold.reason, model::kFoughtOver);
  EXPECT_EQ(hold.evidence_digest, model::evidence_digest(repair().plan.findings.front()));
  EXPECT_EQ(hold.lasts_seconds, 0) << "until a person decides";
}

TEST(Fights, an_owner_who_changes_his_mind_now_and_then_fights_nobody) {
  Fights fights;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(note(fights, repair(), minutes(6 * i)).empty());
  for (const char* other : {"1", "2", "3", "4"}) EXPECT_TRUE(note(fights, repair(other), minutes(200)).empty());
}

TEST(Fights, an_owner_who_switches_a_plugin_on_and_off_all_the_time_fights_nobody) {
  Fights fights;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(note(fights, repair("false", "true"), seconds(2 * i)).empty());
    EXPECT_TRUE(note(fights, repair("true", "false"), seconds(2 * i + 1)).empty());
  }
}

TEST(Fights, a_repair_that_failed_was_undone_by_nobody) {
  Fights fights;
  auto report = repair();
  report.steps.front().kind = StepResult::Kind::failed;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(note(fights, report, seconds(i)).empty());
}

}  // namespace
}  // namespace trueup::engine
