// Promises 2, 4 and 5 on disks that fail: here a fixed sample of the calls, with `./dev crash` every call and error.
#include "faults.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

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

/// What only the whole run had found: the sample of `./dev test` passes these calls by.
TEST(FaultOnce, at_the_calls_that_broke_a_promise_before_leaves_every_promise_kept) {
  const std::vector<std::pair<std::string, std::string>> calls{
      {"reconcile rebuilds the state file", "bystander/manifest.json"},  // a version recorded as unknown
      {"install over half a plugin", "info /pi/ledmatrix/plugin-repos/.trueup.standalone-backup-work/staging"},
      {"reconcile repairs a plugin", "open /pi/ledmatrix/plugin-repos"},  // one name for two kept directories
      {"reconcile fetches a plugin", "plugin/manifest.json"},             // our disk, blamed on the offer
      {"reconcile fetches a plugin", "plugin/manager.py"},
  };
  for (const auto& [name, part] : calls) {
    const auto scenario = std::ranges::find(all_scenarios(), name, &Scenario::name);
    ASSERT_NE(scenario, all_scenarios().end()) << name;
    const FaultFigures figures = fail_where(*scenario, part);
    EXPECT_EQ(figures.broken, "");
    EXPECT_GT(figures.failed, 0U) << name << ": " << part;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Fault, testing::ValuesIn(all_scenarios()), name_of);

}  // namespace
}  // namespace trueup::test
