// Every situation of the table and every pair through the real engine on files, under both rule sets.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <tuple>

#include "engine_walk.h"
#include "pairs_table.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

constexpr std::size_t kMostShown = 5;

/// One case a rule set, config.json and plugins directory, so that each ends in seconds and they can run side by side.
class EngineTable : public testing::TestWithParam<std::tuple<model::RuleSet, Config, Disk>> {};

TEST_P(EngineTable, every_situation_on_files_keeps_the_promises) {
  const model::RuleSet rules = std::get<0>(GetParam());
  const Config config = std::get<1>(GetParam());
  const Disk disk = std::get<2>(GetParam());
  std::size_t cells = 0;
  std::size_t broken = 0;
  for_each_cell_on_disk([&](const Cell& cell) {
    if (cell.config != config || cell.disk != disk) return;
    ++cells;
    const std::string what = walk_through_the_engine(observe(cell), rules);
    if (what.empty() || ++broken > kMostShown) return;
    ADD_FAILURE() << what << "\n  " << describe(cell);
  });
  EXPECT_EQ(broken, 0U) << "of " << cells << " situations";
  RecordProperty("situations", std::to_string(cells));
}

INSTANTIATE_TEST_SUITE_P(Rules, EngineTable,
                         testing::Combine(testing::Values(model::RuleSet::safe, model::RuleSet::ledmatrix),
                                          testing::Values(Config::unreadable, Config::no_section, Config::off,
                                                          Config::on, Config::no_enabled, Config::wrong_type,
                                                          Config::not_an_object),
                                          testing::Values(Disk::unreadable, Disk::absent, Disk::good, Disk::damaged,
                                                          Disk::other_name, Disk::claimed_twice)),
                         [](const auto& one) {
                           return fmt::format("{}_config_{}_disk_{}", to_string(std::get<0>(one.param)),
                                              static_cast<int>(std::get<1>(one.param)),
                                              static_cast<int>(std::get<2>(one.param)));
                         });

class EnginePairs : public testing::TestWithParam<model::RuleSet> {};

TEST_P(EnginePairs, every_pair_on_files_keeps_the_promises) {
  std::size_t broken = 0;
  for_each_pair([&](const model::Observation& seen, const std::string& what) {
    const std::string wrong = walk_through_the_engine(seen, GetParam());
    if (wrong.empty() || ++broken > kMostShown) return;
    ADD_FAILURE() << wrong << "\n  " << what;
  });
  EXPECT_EQ(broken, 0U);
}

INSTANTIATE_TEST_SUITE_P(Rules, EnginePairs, testing::Values(model::RuleSet::safe, model::RuleSet::ledmatrix),
                         [](const auto& one) { return std::string(to_string(one.param)); });

}  // namespace
}  // namespace trueup::test
