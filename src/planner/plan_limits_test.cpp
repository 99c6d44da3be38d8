// Where a safe rule stops: what looks like its case and is none.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "planner/budget.h"
#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Plan;
using model::StepAction;
using test::ObservationBuilder;

std::size_t steps_of(const Plan& plan, StepAction action) {
  std::size_t count = 0;
  for (const auto& step : plan.steps) count += step.action == action ? 1U : 0U;
  return count;
}

bool finds(const Plan& plan, InconsistencyType type) {
  for (const auto& finding : plan.findings) {
    if (finding.inconsistency_type == type) return true;
  }
  return false;
}

TEST(PlanLimits, a_plugin_that_another_program_installed_again_is_no_longer_removed) {
  ObservationBuilder builder;
  builder.installed("clock").seen.ledger.tombstones.emplace_back("clock");
  EXPECT_EQ(steps_of(make_plan(builder.seen, {}), StepAction::add_section), 1U);
}

TEST(PlanLimits, a_damaged_record_switches_nothing_on) {
  ObservationBuilder builder;
  builder.installed("clock").recorded("clock", true);
  builder.seen.state.back().problem = "it has no status";
  for (const auto& step : make_plan(builder.seen, {}).steps) {
    if (step.action != StepAction::add_section) continue;
    EXPECT_EQ(step.edits.at(0).value, "{\"enabled\": false}");
  }
}

TEST(PlanLimits, more_than_three_disruptive_plugins_are_held_and_three_are_not) {
  ObservationBuilder builder;
  for (const std::string_view id : {"a", "b", "c", "d", "e"}) builder.installed(id);
  const Situations situations(builder.seen);
  const model::Policy policy;
  for (const std::size_t count : {3U, 4U}) {
    Plan plan;
    for (const char* const id : {"a", "b", "c", "d"}) {
      if (plan.steps.size() < count) plan.steps.push_back({.plugin_id = id, .disruptive = true});
    }
    hold_over_budget({builder.seen, policy, situations}, plan);
    for (const auto& step : plan.steps) EXPECT_EQ(step.held, count > 3 ? "over_budget" : "");
  }
}

TEST(PlanLimits, an_empty_plugins_directory_that_is_ours_is_filled_again_without_a_question) {
  const Plan plan = make_plan(ObservationBuilder().section("clock", true).offered("clock").seen, {});
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].held, "");
}

TEST(PlanLimits, the_record_of_a_plugin_that_is_wanted_back_is_no_ghost) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false).recorded("clock", true);
  builder.seen.ledger.receipts.push_back({.plugin_id = "clock", .directory = "clock", .version = "1.0.0"});
  EXPECT_EQ(steps_of(make_plan(builder.seen, {}), StepAction::remove_record), 0U);
}

TEST(PlanLimits, the_record_of_a_plugin_that_was_set_aside_is_no_ghost) {
  const auto seen = ObservationBuilder().recorded("clock", true).aside("clock").seen;
  EXPECT_EQ(steps_of(make_plan(seen, {}), StepAction::remove_record), 0U);
}

TEST(PlanLimits, settings_of_what_is_no_plugin_are_not_judged) {
  const auto seen = ObservationBuilder().section_with("frobnicate", "\"yes\"").seen;
  EXPECT_FALSE(finds(make_plan(seen, {}), InconsistencyType::plugin_config_invalid));
}

TEST(PlanLimits, a_plugin_newer_than_what_trueup_installed_is_in_order) {
  const auto seen =
      ObservationBuilder().installed("clock", "2.0.0").receipt("clock", "1.0.0").section("clock", true).seen;
  EXPECT_FALSE(finds(make_plan(seen, {}), InconsistencyType::plugin_version_mismatch));
}

TEST(PlanLimits, settings_under_another_name_of_a_removed_plugin_are_no_question) {
  const auto seen =
      ObservationBuilder().installed("clock", "1.0.0", "my-clock").section("my-clock", true).removed("clock").seen;
  EXPECT_FALSE(finds(make_plan(seen, {}), InconsistencyType::plugin_renamed));
}

TEST(PlanLimits, a_plugin_whose_settings_stand_under_its_directory_gets_no_second_section) {
  const auto seen = ObservationBuilder().installed("clock", "1.0.0", "my-clock").section("my-clock", true).seen;
  EXPECT_EQ(steps_of(make_plan(seen, {}), StepAction::add_section), 0U);
}

TEST(PlanLimits, the_record_of_a_removed_plugin_does_not_follow_its_settings) {
  const auto seen =
      ObservationBuilder().installed("clock").section("clock", true).recorded("clock", false).removed("clock").seen;
  EXPECT_EQ(steps_of(make_plan(seen, {}), StepAction::set_recorded), 0U);
}

TEST(PlanLimits, a_new_section_is_written_once_under_the_rules_of_the_original) {
  const auto seen = ObservationBuilder().installed("clock").recorded("clock", true).seen;
  std::size_t edits = 0;
  for (const auto& step : make_plan(seen, {.rules = model::RuleSet::ledmatrix}).steps) edits += step.edits.size();
  EXPECT_EQ(edits, 1U);
}

/// The steps that the original's rules would take, with what holds them: "add_section clock".
std::vector<std::string> as_the_original(const model::Observation& seen) {
  std::vector<std::string> out;
  for (const auto& step : make_plan(seen, {.rules = model::RuleSet::ledmatrix}).steps) {
    out.push_back(
        fmt::format("{} {}{}", to_string(step.action), step.plugin_id, step.held.empty() ? "" : " held: " + step.held));
  }
  return out;
}

TEST(PlanLimits, the_rules_of_the_original_decide_on_nothing_that_an_unreadable_template_may_say) {
  const auto known = ObservationBuilder().installed("clock").recorded("clock", true).seen;
  EXPECT_FALSE(as_the_original(known).empty());
  const auto unread =
      ObservationBuilder().installed("clock").recorded("clock", true).unreadable(model::Source::template_).seen;
  EXPECT_EQ(as_the_original(unread), std::vector<std::string>{});
  const auto said = ObservationBuilder()
                        .installed("clock")
                        .section("clock", false)
                        .recorded("clock", true)
                        .unreadable(model::Source::template_)
                        .seen;
  EXPECT_EQ(as_the_original(said), std::vector<std::string>{"set_enabled clock"});
}

TEST(PlanLimits, the_original_cannot_switch_a_plugin_whose_section_a_secret_replaces) {
  auto builder = ObservationBuilder().installed("clock").recorded("clock", true);
  builder.seen.config.secrets.push_back({.key = "clock", .type = "string"});
  EXPECT_EQ(as_the_original(builder.seen),
            (std::vector<std::string>{"add_section clock", "set_enabled clock held: section_replaced_by_secrets"}));
}

TEST(PlanLimits, the_rules_of_the_original_repeat_a_value_that_holds_no_text_as_it_stands) {
  const auto state_of = [](std::string_view enabled) {
    const auto seen =
        ObservationBuilder().installed("clock").section_with("clock", enabled).recorded("clock", true).seen;
    const auto plan = make_plan(seen, {.rules = model::RuleSet::ledmatrix});
    return plan.findings.empty() ? std::string() : plan.findings[0].current_state.at(0).second;
  };
  EXPECT_EQ(state_of("{}"), "{}");
  EXPECT_EQ(state_of("[1, false]"), "[1, false]");
  EXPECT_EQ(state_of(R"({"token": "abc"})"), "\"(an object)\"");
}

}  // namespace
}  // namespace trueup::planner
