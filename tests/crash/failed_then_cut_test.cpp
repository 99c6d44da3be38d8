// What was said to have failed does not happen after all: not when the power is cut right then, and not at the start
// that follows.
#include <fmt/core.h>

#include <cerrno>
#include <string>

#include "platform/observed_file_system.h"
#include "power_cut.h"
#include "promises_kept.h"
#include "scenario_names.h"

namespace trueup::test {
namespace {

class FailedThenCut : public testing::TestWithParam<Scenario> {};

TEST_P(FailedThenCut, what_was_said_to_have_failed_does_not_happen_after_all) {
  const Ends ends = ends_of(GetParam());
  const std::uint64_t every = is_whole_run() ? 1 : 11;
  int failed = 0;
  for (std::uint64_t n = 1;; n += every) {
    Place place(ends.start, 3);
    place.disk.clear_log();
    platform::FailNth fail(n, EIO, platform::FailNth::Scope::once);
    platform::ObservedFileSystem failing(place.disk, fail);
    Status done = ok();
    {
      auto world = place.world(failing);
      done = GetParam().run(world);
    }
    if (!fail.was_hit()) break;
    if (done || done.error().text().find("the next start") != std::string::npos) continue;
    if (place.theirs() != ends.before) continue;  // of a pass: what came before is done
    ++failed;
    const auto log = place.disk.log();
    const platform::CrashOptions options{.random_selections = 1, .seed = n, .most_singles = is_whole_run() ? 4U : 0U};
    for (const auto& disk : platform::surviving_disks(ends.start, log, log.size(), options)) {
      Place after(disk.image, 1);
      const Status started = recover(after);
      ASSERT_TRUE(started) << fail.hit() << ", " << disk.variant << ": " << started.error().text();
      ASSERT_TRUE(after.theirs() == ends.before) << fail.hit() << ", " << disk.variant;
    }
  }
  EXPECT_GT(failed, 0);
}

INSTANTIATE_TEST_SUITE_P(Of, FailedThenCut, testing::ValuesIn(all_scenarios()), name_of);

}  // namespace
}  // namespace trueup::test
