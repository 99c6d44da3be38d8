// Plugins at rest, copies set aside and what the display tells: what must hold of every plan, and of the engine on
// files.
#include "at_rest_table.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine_walk.h"
#include "plan_checks.h"
#include "planner/plan.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

using model::Observation;
using model::Plan;
using model::Policy;
using model::RestartDisplay;
using model::StepAction;

std::string promises(const Observation& seen, const Policy& policy) {
  const Plan plan = planner::make_plan(seen, policy);
  for (const std::string& broken :
       {promise_1_unknown_is_not_absent(seen, plan, policy.rules), promise_7_explains_itself(plan),
        promise_6_equal_input_gives_an_equal_plan(seen, policy, plan)}) {
    if (!broken.empty()) return broken;
  }
  return promise_4_converges(seen, policy, kPassesSafe);
}

bool has_step(const Plan& plan, StepAction action) {
  return std::ranges::any_of(plan.steps,
                             [action](const model::Step& step) { return step.held.empty() && step.action == action; });
}

TEST(AtRest, the_promises_hold_whatever_is_the_matter) {
  for_each_at_rest([](const Observation& seen, const std::string& what) {
    EXPECT_EQ(promises(seen, {}), "") << what;
    const Plan plan = planner::make_plan(seen, {});
    if (std::ranges::find(seen.tombstones, kPlugin) != seen.tombstones.end()) {
      for (const auto action : {StepAction::install_plugin, StepAction::repair_files, StepAction::take_aside_in}) {
        EXPECT_FALSE(has_step(plan, action)) << "works on what the owner removed: " << what;
      }
    }
    // The owner's own edits are never put back by themselves, nor taken for files that went missing.
    for (const auto& directory : seen.disk.directories) {
      EXPECT_FALSE(!directory.modified_files.empty() && has_step(plan, StepAction::repair_files)) << what;
    }
  });
}

TEST(AtRest, the_engine_does_on_files_what_the_table_reckons) {
  for_each_at_rest([](const Observation& seen, const std::string& what) {
    EXPECT_EQ(walk_through_the_engine(seen, model::RuleSet::safe), "") << what;
  });
}

TEST(Told, the_promises_hold_whatever_the_display_tells_and_it_is_restarted_only_where_that_is_allowed) {
  for (const auto allowed :
       {RestartDisplay::never, RestartDisplay::ask, RestartDisplay::quiet_hours, RestartDisplay::always}) {
    Policy policy;
    policy.restart_display = allowed;
    for_each_told([&](const Observation& seen, const std::string& what) {
      EXPECT_EQ(promises(seen, policy), "") << what;
      const bool restarts = has_step(planner::make_plan(seen, policy), StepAction::restart_display);
      const bool tells = seen.reading(model::Source::runtime).verdict == model::Verdict::complete;
      EXPECT_FALSE(restarts && (allowed != RestartDisplay::always || !tells)) << what;
    });
  }
}

}  // namespace
}  // namespace trueup::test
