// Every finding that needs a person says what can be chosen, over every situation that the tables have.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "planner/plan.h"
#include "planner/rule.h"
#include "rare_table.h"

namespace trueup::test {
namespace {

using model::FixAction;
using model::InconsistencyType;

/// What no choice mends, and why.
std::string why_nothing_can_be_chosen(const model::Inconsistency& finding) {
  if (finding.inconsistency_type == InconsistencyType::source_unreadable) {
    return "what stands in the way is a mount, an owner, a mode or a text without a copy: not for a program to settle";
  }
  if (finding.reason == "plugins_directory_empty") return "`reconcile --confirm` says yes to the plan as a whole";
  return "";
}

TEST(Choices, every_finding_that_needs_a_person_has_one_or_a_reason_why_not) {
  std::map<std::string, std::string> without;  // "type (reason)" -> the first situation
  std::set<InconsistencyType> seen;
  for_each_observation([&](const model::Observation& observation, const std::string& what) {
    for (const model::Inconsistency& finding : planner::make_plan(observation, {}).findings) {
      seen.insert(finding.inconsistency_type);
      if (finding.fix_action != FixAction::manual_fix_required || !finding.choices.empty()) continue;
      if (!why_nothing_can_be_chosen(finding).empty()) continue;
      const std::string kind(to_string(finding.inconsistency_type));
      without.emplace(kind + " (" + finding.reason + ")", what);
    }
  });
  EXPECT_THAT(without, testing::IsEmpty());
  for (const planner::Rule& rule : planner::safe_rules()) {
    EXPECT_TRUE(seen.contains(rule.type)) << to_string(rule.type) << " is brought about by no situation";
  }
}

TEST(Choices, are_the_same_when_they_are_chosen) {
  for_each_rare([](const model::Observation& observation, const std::string& what) {
    for (const model::Inconsistency& finding : planner::make_plan(observation, {}).findings) {
      std::vector<model::Choice> choices;
      for (const model::Option& option : planner::options_of(observation, finding)) choices.push_back(option.choice);
      EXPECT_EQ(choices, finding.choices) << what << ": " << finding.finding;
    }
  });
}

}  // namespace
}  // namespace trueup::test
