// What doctor foretells is what the original's own rules find, over every situation that the tables have.
#include <gmock/gmock.h>

#include <set>

#include "model/installed.h"
#include "pairs_table.h"
#include "planner/neighbour.h"
#include "planner/plan.h"
#include "rare_table.h"

namespace trueup::test {
namespace {

using model::Observation;

/// The names about which the original at the seed does something.
std::set<std::string> touched_by_the_original(const Observation& seen) {
  std::set<std::string> names;
  for (const model::Inconsistency& finding : planner::make_plan(seen, {.rules = model::RuleSet::ledmatrix}).findings) {
    names.insert(finding.plugin_id);
  }
  return names;
}

/// Under which names the original sees what the finding is about.
std::set<std::string> names_of(const Observation& seen, const std::string& plugin_id) {
  std::set<std::string> names{plugin_id};
  for (const model::PluginDirectory& directory : seen.disk.directories) {
    if (model::id_of(directory) == plugin_id) names.insert(directory.name);
  }
  return names;
}

void expect_it_comes_true(const Observation& seen, const std::string& what) {
  const auto findings = planner::make_plan(seen, {}).findings;
  const auto touched = touched_by_the_original(seen);
  for (const planner::NextStart& told :
       planner::foretell(seen, findings, {.found = true, .winner = model::Winner::state})) {
    if (told.outcome == "unknown" || told.says == "does not look at this") continue;
    bool any = false;
    for (const std::string& name : names_of(seen, told.plugin_id)) {
      if (!touched.contains(name)) continue;
      any = true;
      if (name != told.plugin_id) {
        EXPECT_THAT(told.says, testing::HasSubstr("`" + name + "`")) << what;
      }
    }
    EXPECT_EQ(told.outcome != "nothing", any) << told.finding << ": " << told.says << "\n  " << what;
  }
}

TEST(Foretold, is_what_the_original_does_in_every_situation) { for_each_observation(expect_it_comes_true); }

TEST(Foretold, is_what_the_original_does_of_plugins_that_can_be_taken_for_one_another) {
  for_each_pair(expect_it_comes_true);
}

}  // namespace
}  // namespace trueup::test
