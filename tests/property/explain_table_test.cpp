// `explain` of every plugin over every situation that the tables have: a chain that says something at each link, and
// ends at the first broken one.
#include <gtest/gtest.h>

#include "pairs_table.h"
#include "planner/plain_words.h"
#include "planner/plan.h"
#include "planner/roster.h"
#include "planner/situation.h"
#include "rare_table.h"

namespace trueup::test {
namespace {

void expect_explained(const model::Observation& seen, const std::string& what) {
  const model::Plan plan = planner::make_plan(seen, {});
  const planner::Situations situations(seen);
  for (const planner::Situation& plugin : situations.all()) {
    const auto told = planner::explain(seen, plan, plugin.id);
    ASSERT_TRUE(told) << plugin.id << "\n  " << what;
    ASSERT_FALSE(told->chain.empty()) << plugin.id << "\n  " << what;
    EXPECT_NE(planner::verdict_of(*told), "");
    for (const planner::ChainLink& link : told->chain) {
      EXPECT_NE(link.sentence, "") << link.link << " of " << plugin.id << "\n  " << what;
      EXPECT_TRUE(&link == &told->chain.back() || link.ok || !link.known) << link.link << "\n  " << what;
    }
  }
}

TEST(Explained, is_every_plugin_in_every_situation) { for_each_observation(expect_explained); }

TEST(Explained, is_every_plugin_that_can_be_taken_for_another) { for_each_pair(expect_explained); }

}  // namespace
}  // namespace trueup::test
