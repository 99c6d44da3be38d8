// A power cut at every point of an install, a replacement and a removal, with everything that a disk may have kept of
// what was not yet synced.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "engine/directory_test_support.h"
#include "platform/crash_disk.h"

namespace trueup::engine::test {
namespace {

using platform::CrashOptions;

const Tree kNothing;
constexpr CrashOptions kFew{.random_selections = 3, .seed = 7, .most_singles = 24};

struct PowerCutTrial {
  Display display;
  Trial run;
  platform::DiskImage start;
  std::size_t committed_at = 0;  // how much was logged when the commit record would be written
};

void run_recorded(PowerCutTrial& trial, const Materials& materials) {
  trial.start = trial.display.disk.image();
  trial.display.disk.clear_log();
  const auto site = trial.display.site();
  std::visit(
      [&](auto& operation) {
        ASSERT_TRUE(prepare(*site, operation, materials));
        trial.committed_at = trial.display.disk.log().size();
        ASSERT_TRUE(apply(*site, operation));
      },
      trial.run.operation);
}

/// Looks at each disk that may be left, before recovery and after it.
template <typename Before, typename After>
void for_each_cut(PowerCutTrial& trial, const Before& before_recovery, const After& after_recovery) {
  const auto log = trial.display.disk.log();
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& disk : platform::surviving_disks(trial.start, log, cut, kFew)) {
      SCOPED_TRACE(fmt::format("cut {} of {}: {}", cut, log.size(), disk.variant));
      Display display(disk.image);
      before_recovery(display);
      Trial run{.operation = trial.run.operation, .committed = cut >= trial.committed_at};
      recover(display, run);
      after_recovery(display, run.committed);
      EXPECT_EQ(display.container("staging"), kNothing);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(PowerCut, F71_a_new_plugin_is_whole_or_absent) {
  PowerCutTrial trial;
  trial.display.offer("clock", "1.0.0");
  trial.run.operation = install_operation("clock");
  run_recorded(trial, {.entry = &trial.display.entry("clock")});
  const Tree whole = plugin_files("clock", "1.0.0");
  for_each_cut(
      trial,
      [&](const Display& display) {
        const Tree seen = display.plugin("clock");
        EXPECT_TRUE(seen == kNothing || seen == whole);
      },
      [&](const Display& display, bool committed) {
        EXPECT_EQ(display.plugin("clock"), committed ? whole : kNothing);
      });
}

TEST(PowerCut, F72_a_replaced_plugin_is_the_old_or_the_new_one_and_the_old_one_is_kept) {
  const Tree added{{"cities.json", "[\"Oslo\"]"}};
  PowerCutTrial trial;
  trial.display.offer("clock", "2.0.0");
  trial.display.install_by_hand("clock", "clock", "1.0.0", added);
  trial.run.operation = install_operation("clock", "kept/1-clock");
  run_recorded(trial, {.entry = &trial.display.entry("clock")});
  const Tree old_version = plugin_files("clock", "1.0.0", added);
  const Tree new_version = plugin_files("clock", "2.0.0", added);
  for_each_cut(
      trial,
      [&](const Display& display) {
        const Tree seen = display.plugin("clock");
        EXPECT_TRUE(seen == old_version || seen == new_version);
      },
      [&](const Display& display, bool committed) {
        EXPECT_EQ(display.plugin("clock"), committed ? new_version : old_version);
        EXPECT_EQ(display.container("kept/1-clock"), committed ? old_version : kNothing);
      });
}

TEST(PowerCut, F77_a_removed_plugin_is_whole_in_one_place) {
  PowerCutTrial trial;
  trial.display.install_by_hand("clock", "clock", "1.0.0");
  trial.run.operation = SetDirectoryAside{.plugin_id = "clock", .directory = "clock", .kept = "kept/1-clock"};
  run_recorded(trial, {});
  const Tree whole = plugin_files("clock", "1.0.0");
  for_each_cut(
      trial,
      [&](const Display& display) {
        EXPECT_TRUE((display.plugin("clock") == whole) != (display.container("kept/1-clock") == whole));
      },
      [&](const Display& display, bool committed) {
        EXPECT_EQ(display.plugin("clock"), committed ? kNothing : whole);
        EXPECT_EQ(display.container("kept/1-clock"), committed ? whole : kNothing);
      });
}

/// A copy beside the plugins comes back in the place of half a plugin; and one that is kept, as undo does it.
TEST(PowerCut, F72_a_copy_that_comes_back_and_what_stood_there_are_each_whole_in_one_place) {
  const Tree half = plugin_files("clock", "2.0.0");
  const Tree copy = plugin_files("clock", "1.0.0");
  for (const std::string from : {"clock.standalone-backup-preinstall", "kept/7-clock"}) {
    PowerCutTrial trial;
    trial.display.install_by_hand("clock", "clock", "2.0.0");
    trial.display.install_by_hand("clock.standalone-backup-preinstall", "clock", "1.0.0");
    if (from.starts_with("kept/")) {
      Trial keep{.operation = ExchangeDirectory{
                     .plugin_id = "clock", .directory = "clock.standalone-backup-preinstall", .to = from}};
      ASSERT_TRUE(run_until_crash(trial.display, keep, {}, nullptr));
      ASSERT_TRUE(keep.applied) << keep.applied.error().text();
    }
    const auto at = [](const Display& display, const std::string& place) {
      return place.starts_with("kept/") ? display.container(place) : display.plugin(place);
    };
    trial.run.operation =
        ExchangeDirectory{.plugin_id = "clock", .directory = "clock", .from = from, .to = "kept/1-clock"};
    run_recorded(trial, {});
    for_each_cut(
        trial,
        [&](const Display& display) {
          const Tree seen = display.plugin("clock");
          EXPECT_TRUE(seen == half || seen == copy);
          EXPECT_TRUE(seen == copy || at(display, from) == copy) << "the copy is nowhere";
          EXPECT_TRUE(seen == half || at(display, from) == half || display.container("kept/1-clock") == half)
              << "what stood there is nowhere";
        },
        [&](const Display& display, bool committed) {
          EXPECT_EQ(display.plugin("clock"), committed ? copy : half);
          EXPECT_EQ(at(display, from), committed ? kNothing : copy);
          EXPECT_EQ(display.container("kept/1-clock"), committed ? half : kNothing);
        });
  }
}

}  // namespace
}  // namespace trueup::engine::test
