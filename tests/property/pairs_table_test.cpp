// Two plugins at once, wherever one can be taken for the other: what must hold of every plan.
#include <gtest/gtest.h>

#include <set>

#include "pairs_table.h"
#include "plan_checks.h"
#include "planner/plan.h"

namespace trueup::test {
namespace {

using model::Observation;
using model::Plan;

TEST(Pairs, plugins_that_can_be_taken_for_one_another_keep_the_promises_under_both_rule_sets) {
  for (const auto& [rules, passes] :
       {std::pair{model::RuleSet::safe, kPassesSafe}, std::pair{model::RuleSet::ledmatrix, kPassesLedmatrix}}) {
    const model::Policy policy = with(rules);
    for_each_pair([&](const Observation& seen, const std::string& what) {
      const Plan plan = planner::make_plan(seen, policy);
      EXPECT_EQ(promise_7_explains_itself(plan), "") << what;
      EXPECT_EQ(promise_6_equal_input_gives_an_equal_plan(seen, policy, plan), "") << what;
      EXPECT_EQ(promise_4_converges(seen, policy, passes), "") << what;
    });
  }
}

TEST(Pairs, no_two_steps_of_a_plan_write_the_same_value_or_fetch_the_same_plugin) {
  for_each_pair([](const Observation& seen, const std::string& what) {
    std::set<std::string> written;
    for (const auto& step : planner::make_plan(seen, {}).steps) {
      for (const auto& edit : step.edits) {
        std::string place(to_string(edit.document));
        for (const auto& key : edit.path) place += "/" + key;
        EXPECT_TRUE(written.insert(place).second) << place << "\n  " << what;
      }
      if (step.install) {
        EXPECT_TRUE(written.insert("install " + step.install->candidates.front()).second) << what;
      }
    }
  });
}

TEST(Pairs, nothing_is_fetched_over_or_beside_a_plugin_that_is_there) {
  for_each_pair([](const Observation& seen, const std::string& what) {
    for (const auto& step : planner::make_plan(seen, {}).steps) {
      if (!step.install) continue;
      for (const auto& directory : seen.disk.directories) {
        EXPECT_NE(directory.id, step.install->wanted_id) << what;
        EXPECT_NE(directory.name, step.install->wanted_id) << what;
      }
    }
  });
}

}  // namespace
}  // namespace trueup::test
