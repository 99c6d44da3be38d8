// Every situation of the table, under both rule sets: the plan is total, deterministic, explains itself, rests on
// nothing unknown, surprises nobody, and leads to a fix-point.
#include <gtest/gtest.h>

#include <algorithm>

#include "plan_checks.h"
#include "planner/plan.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

using model::DocumentName;
using model::Observation;
using model::Plan;
using model::Policy;
using model::Step;

bool has_section(const Observation& seen, const std::string& key) {
  return std::any_of(seen.config.sections.begin(), seen.config.sections.end(),
                     [&](const auto& one) { return one.key == key; });
}

std::string promise_3_a_repair_never_surprises(const Cell& cell, const Observation& seen, const Plan& plan) {
  const bool recorded_on = cell.recorded == Recorded::on;
  const bool removed =
      cell.tombstone == Tombstone::in_file ||
      (cell.tombstone == Tombstone::in_ledger && (cell.disk == Disk::absent || cell.disk == Disk::unreadable));
  for (const Step& step : plan.steps) {
    if (step.plugin_id != kPlugin) continue;
    for (const model::DocumentEdit& edit : step.edits) {
      if (edit.document == DocumentName::secrets || edit.document == DocumentName::tombstones)
        return "touches another file";
      if (edit.document == DocumentName::config) {
        if (has_section(seen, edit.path[0]) || edit.path.size() != 1) return "changes a section that the owner wrote";
        if (edit.value->find("true") != std::string::npos && !recorded_on) return "switches on what nobody switched on";
        if (removed) return "gives settings to a plugin that the owner removed";
      }
      if (edit.document == DocumentName::state && cell.web == Web::running) return "writes the web process's file";
    }
    if (step.rebuild && cell.web == Web::running) return "writes the web process's file";
    if (!step.install) continue;
    if (removed) return "brings back what the owner removed";
    if (cell.disk != Disk::absent) return "installs over something";
    const bool on = cell.config == Config::on ||
                    (recorded_on && (cell.config == Config::no_enabled || cell.config == Config::no_section));
    if (!on) return "fetches what is not switched on";
    if (cell.registry == Registry::prefix_only) return "downloads on the prefix alone";
  }
  return "";
}

template <typename Check>
void expect_in_every_cell(Check check) {
  std::size_t cells = 0;
  std::size_t broken = 0;
  for_each_cell([&](const Cell& cell) {
    ++cells;
    const std::string what = check(cell);
    if (what.empty() || ++broken > 5) return;
    ADD_FAILURE() << what << "\n  " << describe(cell);
  });
  EXPECT_EQ(broken, 0U) << "of " << cells << " situations";
  testing::Test::RecordProperty("situations", std::to_string(cells));
}

TEST(DecisionTable, safe_rules_keep_their_promises_in_every_situation) {
  const Policy policy = with(model::RuleSet::safe);
  expect_in_every_cell([&](const Cell& cell) {
    const Observation seen = observe(cell);
    const Plan plan = planner::make_plan(seen, policy);
    for (const std::string& broken :
         {promise_1_unknown_is_not_absent(seen, plan, policy.rules),
          promise_3_a_repair_never_surprises(cell, seen, plan), promise_7_explains_itself(plan),
          promise_6_equal_input_gives_an_equal_plan(seen, policy, plan)}) {
      if (!broken.empty()) return broken;
    }
    return promise_4_converges(seen, policy, kPassesSafe);
  });
}

TEST(DecisionTable, ledmatrix_rules_keep_theirs_in_every_situation) {
  const Policy policy = with(model::RuleSet::ledmatrix);
  expect_in_every_cell([&](const Cell& cell) {
    const Observation seen = observe(cell);
    const Plan plan = planner::make_plan(seen, policy);
    if (const auto broken = promise_1_unknown_is_not_absent(seen, plan, policy.rules); !broken.empty()) return broken;
    if (const auto broken = promise_7_explains_itself(plan); !broken.empty()) return broken;
    if (const auto broken = promise_6_equal_input_gives_an_equal_plan(seen, policy, plan); !broken.empty())
      return broken;
    for (const Step& step : plan.steps) {
      if (step.held.empty() && step.install && cell.disk == Disk::damaged)
        return std::string("replaces a damaged directory");
    }
    return promise_4_converges(seen, policy, kPassesLedmatrix);
  });
}

TEST(DecisionTable, what_is_asked_for_by_name_overrides_holds_and_never_a_promise) {
  Policy policy = with(model::RuleSet::safe);
  policy.only = {std::string(kPlugin)};
  expect_in_every_cell([&](const Cell& cell) {
    const Observation seen = observe(cell);
    const Plan plan = planner::make_plan(seen, policy);
    const auto broken = promise_1_unknown_is_not_absent(seen, plan, policy.rules);
    return broken.empty() ? promise_3_a_repair_never_surprises(cell, seen, plan) : broken;
  });
}

}  // namespace
}  // namespace trueup::test
