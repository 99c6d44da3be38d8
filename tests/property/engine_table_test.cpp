// A sample of the table of situations, and of the pairs, through the real engine on files. All of them:
// engine_table_exhaustive_test.cpp.
#include <gtest/gtest.h>

#include "engine_walk.h"
#include "pairs_table.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

// Primes, so that every value of every dimension comes up with every other.
constexpr std::size_t kEveryCell = 101;
constexpr std::size_t kEveryPair = 11;

class EngineSample : public testing::TestWithParam<model::RuleSet> {};

TEST_P(EngineSample, situations_on_files_keep_the_promises) {
  std::size_t number = 0;
  for_each_cell_on_disk([&](const Cell& cell) {
    if (number++ % kEveryCell != 0) return;
    EXPECT_EQ(walk_through_the_engine(observe(cell), GetParam()), "") << describe(cell);
  });
}

TEST_P(EngineSample, pairs_on_files_keep_the_promises) {
  std::size_t number = 0;
  for_each_pair([&](const model::Observation& seen, const std::string& what) {
    if (number++ % kEveryPair != 0) return;
    EXPECT_EQ(walk_through_the_engine(seen, GetParam()), "") << what;
  });
}

INSTANTIATE_TEST_SUITE_P(Rules, EngineSample, testing::Values(model::RuleSet::safe, model::RuleSet::ledmatrix),
                         [](const auto& one) { return std::string(to_string(one.param)); });

}  // namespace
}  // namespace trueup::test
