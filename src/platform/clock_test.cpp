#include "platform/clock.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "platform/random.h"

namespace trueup::platform {

namespace {

TEST(RealClock, moves_forward_and_knows_its_boot) {
  RealClock clock;
  const auto before = clock.monotonic_now();
  clock.sleep(std::chrono::microseconds(10));
  EXPECT_GE(clock.monotonic_now() - before, std::chrono::microseconds(10));
  EXPECT_GT(clock.boot_time(), Clock::Duration::zero());
  EXPECT_EQ(clock.boot_id().size(), 36U);
  EXPECT_EQ(clock.boot_id(), RealClock().boot_id());
}

TEST(FakeClock, turns_only_when_it_is_told) {
  FakeClock clock;
  const auto wall = clock.wall_now();
  const auto boot = clock.boot_id();
  EXPECT_EQ(clock.wall_now(), wall);
  clock.sleep(std::chrono::hours(24));
  EXPECT_EQ(clock.wall_now() - wall, std::chrono::hours(24));
  const auto monotonic = clock.monotonic_now();
  clock.set_wall(wall - std::chrono::hours(1000));
  EXPECT_EQ(clock.monotonic_now(), monotonic);
  EXPECT_EQ(clock.boot_id(), boot);
  clock.reboot();
  EXPECT_NE(clock.boot_id(), boot);
  EXPECT_LT(clock.boot_time(), std::chrono::minutes(1));
}

TEST(RealRandom, does_not_repeat_itself) {
  RealRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random.hex(16));
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_EQ(seen.begin()->size(), 32U);
}

TEST(RepeatableRandom, gives_the_same_names_in_every_run_and_none_twice) {
  RepeatableRandom one;
  RepeatableRandom other;
  std::set<std::string> names;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = one.hex(4);
    EXPECT_EQ(other.hex(4), name);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

}  // namespace

}  // namespace trueup::platform
