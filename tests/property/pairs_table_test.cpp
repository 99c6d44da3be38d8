// Two plugins at once, wherever one can be taken for the other: a plugin and the registry's short name of it, two
// directories of one id, a renamed directory beside settings under its old name, many at once for the blast radius.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <set>
#include <vector>

#include "plan_checks.h"
#include "planner/plan.h"
#include "situations_table.h"
#include "support/observation_builder.h"

namespace trueup::test {
namespace {

using model::Observation;
using model::Plan;

/// What one of the two may look like.
struct Look {
  std::string_view name;
  std::function<void(ObservationBuilder&, std::string_view id)> add;
};

const std::vector<Look>& looks() {
  static const std::vector<Look> all{
      {"nothing", [](ObservationBuilder&, std::string_view) {}},
      {"healthy", [](auto& b, auto id) { b.installed(id).section(id, true).recorded(id, true); }},
      {"installed only", [](auto& b, auto id) { b.installed(id); }},
      {"installed and recorded off", [](auto& b, auto id) { b.installed(id).section(id, true).recorded(id, false); }},
      {"section on", [](auto& b, auto id) { b.section(id, true); }},
      {"section off", [](auto& b, auto id) { b.section(id, false); }},
      {"section without enabled", [](auto& b, auto id) { b.section_without_enabled(id); }},
      {"section and record", [](auto& b, auto id) { b.section(id, true).recorded(id, true); }},
      {"record only", [](auto& b, auto id) { b.recorded(id, true); }},
      {"damaged", [](auto& b, auto id) { b.damaged(id).section(id, true); }},
      {"directory of that name, another id",
       [](auto& b, auto id) { b.installed(std::string(id) + "-renamed", "1.0.0", id); }},
      {"a second directory claims it",
       [](auto& b, auto id) { b.installed(id).installed(id, "2.0.0", std::string(id) + "-copy").section(id, true); }},
      {"removed, settings kept", [](auto& b, auto id) { b.section(id, true).removed(id); }},
      {"removed, directory back", [](auto& b, auto id) { b.installed(id).removed(id); }},
      {"secret only", [](auto& b, auto id) { b.secret(id); }},
      {"an aside only", [](auto& b, auto id) { b.aside(id).section(id, true).recorded(id, true); }},
  };
  return all;
}

enum class Store { one_entry_by_path, two_entries, short_only, none };

void add_store(ObservationBuilder& builder, Store store) {
  switch (store) {
    case Store::one_entry_by_path: builder.offered("weather", "ledmatrix-weather"); break;
    case Store::two_entries: builder.offered("weather").offered("ledmatrix-weather"); break;
    case Store::short_only: builder.offered("weather"); break;
    case Store::none: builder.no_registry(); break;
  }
}

template <typename Visit>
void for_each_pair(Visit visit) {
  for (const Store store : {Store::one_entry_by_path, Store::two_entries, Store::short_only, Store::none}) {
    for (const Look& first : looks()) {
      for (const Look& second : looks()) {
        ObservationBuilder builder;
        builder.installed("clock").section("clock", true);
        first.add(builder, "ledmatrix-weather");
        second.add(builder, "weather");
        add_store(builder, store);
        visit(builder.seen, fmt::format("ledmatrix-weather: {}; weather: {}; store {}", first.name, second.name,
                                        static_cast<int>(store)));
      }
    }
  }
}

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
