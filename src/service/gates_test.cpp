#include "service/gates.h"

#include <gtest/gtest.h>

namespace trueup::service {
namespace {

std::string reasons(const GateFacts& facts) {
  std::string all;
  for (const Gate& gate : gates_of(facts)) all += gate.reason + (gate.writes_too ? "! " : " ");
  return all;
}

TEST(Gates, what_cannot_be_told_closes_none) { EXPECT_EQ(reasons({}), ""); }

TEST(Gates, each_reason_closes_its_own) {
  EXPECT_EQ(reasons({.free_bytes = kLeastFreeBytes}), "");
  EXPECT_EQ(reasons({.free_bytes = kLeastFreeBytes - 1}), "free_space_low ");
  EXPECT_EQ(reasons({.throttled = 0x1}), "under_voltage ");
  EXPECT_EQ(reasons({.throttled = 0x4}), "throttled ");
  EXPECT_EQ(reasons({.throttled = 0x5}), "under_voltage ");
  EXPECT_EQ(reasons({.throttled = 0x50000}), "") << "that was once, and is over";
  EXPECT_EQ(reasons({.free_bytes = 0, .read_only = true}), "disk_read_only! free_space_low ");
}

TEST(Gates, work_that_waits_for_the_display_is_told_when_it_will_be_done) {
  model::DisplayHours hours{.has_schedule = true};
  hours.lit.fill(model::Span{7 * 60, 23 * 60});
  const auto wait = wait_for_display(model::HeavyWork::display_off, hours, {.weekday = 2, .minute = 12 * 60});
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->left, std::chrono::hours(11));
  EXPECT_EQ(wait->gate.says,
            "the display is on: plugins are fetched when it is off, from 23:00 on, as \"heavy_work\" in "
            "config/trueup/settings.json says");
  EXPECT_FALSE(wait_for_display(model::HeavyWork::display_off, hours, {.weekday = 2, .minute = 23 * 60}));
  EXPECT_FALSE(wait_for_display(model::HeavyWork::any_time, hours, {.weekday = 2, .minute = 12 * 60}));
  EXPECT_FALSE(wait_for_display(model::HeavyWork::display_off, {}, {.weekday = 2, .minute = 12 * 60}))
      << "it never goes off, and nothing waits for ever";
}

TEST(Gates, the_firmwares_word_is_read_with_and_without_its_prefix) {
  EXPECT_EQ(throttled_in("50005\n"), 0x50005U);
  EXPECT_EQ(throttled_in("0x0\n"), 0U);
  for (const char* text : {"", "\n", "0x", "no", "5 5", "123456789"}) EXPECT_FALSE(throttled_in(text)) << text;
}

}  // namespace
}  // namespace trueup::service
