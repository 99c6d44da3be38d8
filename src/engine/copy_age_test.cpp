#include "engine/copy_age.h"

#include <gtest/gtest.h>

namespace trueup::engine {
namespace {

std::chrono::system_clock::time_point at(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

constexpr std::int64_t kThen = 1'774'533'900;  // 2026-03-26 14:05 UTC
constexpr std::int64_t kHour = 3'600;

TEST(CopyAge, is_a_date_and_an_age_in_words) {
  EXPECT_EQ(age_text(kThen, at(kThen)), "2026-03-26 14:05 UTC (less than an hour ago)");
  EXPECT_EQ(age_text(kThen, at(kThen + kHour)), "2026-03-26 14:05 UTC (1 hour ago)");
  EXPECT_EQ(age_text(kThen, at(kThen + 5 * kHour)), "2026-03-26 14:05 UTC (5 hours ago)");
  EXPECT_EQ(age_text(kThen, at(kThen + 49 * kHour)), "2026-03-26 14:05 UTC (2 days ago)");
}

TEST(CopyAge, is_a_date_alone_where_the_clock_is_plainly_wrong) {
  EXPECT_EQ(age_text(kThen, at(kThen - 1)), "2026-03-26 14:05 UTC");
  EXPECT_EQ(age_text(kThen, at(0)), "2026-03-26 14:05 UTC");
  EXPECT_EQ(age_text(1'735'689'600, at(1'750'000'000)), "2025-01-01 00:00 UTC") << "there was no trueup then";
}

TEST(CopyAge, is_not_guessed_from_a_clock_that_was_never_set) {
  EXPECT_EQ(age_text(0, at(kThen)), "");
  EXPECT_EQ(age_text(-5, at(kThen)), "");
  EXPECT_EQ(age_text(9'000'000'000'000, at(kThen)), "");
}

}  // namespace
}  // namespace trueup::engine
