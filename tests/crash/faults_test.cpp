// Promises 2, 4 and 5 on disks that fail: here a fixed sample of the calls, with `./dev crash` every call and error.
#include "faults.h"

#include <fmt/core.h>

#include "power_cut.h"
#include "scenario_names.h"

namespace trueup::test {
namespace {

class Fault : public testing::TestWithParam<Scenario> {};

TEST_P(Fault, at_any_call_leaves_every_promise_kept_once_the_disk_is_well_again) {
  const FaultFigures figures = fail_everywhere(GetParam(), is_whole_run() ? 1 : 23);
  EXPECT_EQ(figures.broken, "");
  EXPECT_GT(figures.failed, 10U);
  fmt::print("fault: {}: {} runs failed\n", GetParam().name, figures.failed);
}

TEST_P(Fault, of_a_full_disk_with_a_short_write_leaves_every_promise_kept_once_there_is_room_again) {
  const FaultFigures figures = fill_everywhere(GetParam(), is_whole_run() ? 1 : 40);
  EXPECT_EQ(figures.broken, "");
  EXPECT_GT(figures.failed, 1U);
  fmt::print("full disk: {}: {} runs failed\n", GetParam().name, figures.failed);
}

INSTANTIATE_TEST_SUITE_P(Of, Fault, testing::ValuesIn(all_scenarios()), name_of);

}  // namespace
}  // namespace trueup::test
