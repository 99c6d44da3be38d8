// Promises 2, 4, 5, 6, 7 and 9 over every disk that a power cut may leave of every scenario.
//
// Here a fixed sample of the cuts; `./dev crash` cuts at every operation and prints how many disks it has seen.
#include "power_cut.h"

#include <fmt/core.h>

#include "scenario_names.h"

namespace trueup::test {
namespace {

class PowerCut : public testing::TestWithParam<Scenario> {};

TEST_P(PowerCut, keeps_every_promise) {
  const Figures figures = cut_everywhere(GetParam(), depth_of_this_run());
  EXPECT_EQ(figures.broken, "");
  EXPECT_GT(figures.states, figures.cut / 2);
  fmt::print("power cut: {}: {} of {} operations cut ({} %), {} states, {} more with recovery cut as well\n",
             GetParam().name, figures.cut, figures.operations, 100 * figures.cut / figures.operations, figures.states,
             figures.states_again);
}

INSTANTIATE_TEST_SUITE_P(Of, PowerCut, testing::ValuesIn(all_scenarios()), name_of);

}  // namespace
}  // namespace trueup::test
