#include "model/display_hours.h"

#include <gtest/gtest.h>

namespace trueup::model {
namespace {

constexpr int kMonday = 0;
constexpr int kSaturday = 5;
constexpr int kSunday = 6;

DisplayHours hours(const std::string& config) { return display_hours_of(json::Document::parse(config)->root()); }

int minute(int hour, int past = 0) { return hour * 60 + past; }

Panel at(const DisplayHours& hours, int day, int hour, int past = 0) {
  return hours.at({.weekday = day, .minute = minute(hour, past)});
}

TEST(DisplayHours, without_a_schedule_the_display_is_always_on) {
  for (const char* config : {"{}", R"({"schedule": {}})", R"({"schedule": null})",
                             R"({"schedule": {"enabled": false, "start_time": "07:00", "end_time": "07:01"}})",
                             R"({"dim_schedule": {"start_time": "00:00", "end_time": "23:59"}})"}) {
    const DisplayHours all = hours(config);
    EXPECT_EQ(at(all, kMonday, 3), Panel::on) << config;
    EXPECT_EQ(all.problems.size(), 0U) << config;
  }
}

TEST(DisplayHours, it_is_on_from_the_first_minute_to_before_the_last) {
  const DisplayHours day = hours(R"({"schedule": {"enabled": true, "start_time": "07:00", "end_time": "23:00"}})");
  EXPECT_EQ(at(day, kMonday, 6, 59), Panel::off);
  EXPECT_EQ(at(day, kMonday, 7), Panel::on);
  EXPECT_EQ(at(day, kMonday, 22, 59), Panel::on);
  EXPECT_EQ(at(day, kMonday, 23), Panel::off);
  EXPECT_EQ(hours(R"({"schedule": {"enabled": true}})").lit, day.lit) << "so it is when no times are given";
}

TEST(DisplayHours, a_schedule_over_midnight_is_on_in_the_night) {
  const DisplayHours bar = hours(R"({"schedule": {"start_time": "18:00", "end_time": "3:30"}})");
  EXPECT_EQ(at(bar, kMonday, 17, 59), Panel::off);
  EXPECT_EQ(at(bar, kMonday, 18), Panel::on);
  EXPECT_EQ(at(bar, kSunday, 3, 29), Panel::on);
  EXPECT_EQ(at(bar, kSunday, 3, 30), Panel::off);
}

TEST(DisplayHours, days_of_their_own_count_in_their_mode_and_where_no_mode_is_said) {
  const std::string days =
      R"("start_time": "08:00", "end_time": "20:00",
         "days": {"saturday": {"start_time": "10:00", "end_time": "12:00"}, "sunday": {"enabled": false}})";
  for (const char* mode : {R"("mode": "per-day", )", R"("mode": "per_day", )", ""}) {
    const DisplayHours week = hours(R"({"schedule": {)" + std::string(mode) + days + "}}");
    EXPECT_EQ(at(week, kMonday, 9), Panel::on) << mode << "a day that is not named follows the whole";
    EXPECT_EQ(at(week, kSaturday, 9), Panel::off) << mode;
    EXPECT_EQ(at(week, kSaturday, 10), Panel::on) << mode;
    EXPECT_EQ(at(week, kSunday, 12), Panel::off) << mode;
  }
  EXPECT_EQ(at(hours(R"({"schedule": {"mode": "global", )" + days + "}}"), kSunday, 12), Panel::on);
}

TEST(DisplayHours, it_is_dimmed_only_where_it_is_on) {
  const DisplayHours both = hours(R"({"schedule": {"start_time": "07:00", "end_time": "23:00"},
                                      "dim_schedule": {"enabled": true}})");
  EXPECT_EQ(at(both, kMonday, 19, 59), Panel::on);
  EXPECT_EQ(at(both, kMonday, 20), Panel::dimmed);
  EXPECT_EQ(at(both, kMonday, 23), Panel::off);
  const DisplayHours days = hours(R"({"dim_schedule": {"enabled": true, "days": {"sunday": {"enabled": false}}}})");
  EXPECT_EQ(at(days, kSunday, 21), Panel::dimmed) << "days count only in their mode";
  const DisplayHours own =
      hours(R"({"dim_schedule": {"enabled": true, "mode": "per-day", "days": {"sunday": {"enabled": false}}}})");
  EXPECT_EQ(at(own, kSunday, 21), Panel::on);
  EXPECT_EQ(at(own, kMonday, 21), Panel::dimmed);
}

TEST(DisplayHours, what_cannot_be_understood_is_told_and_makes_nobody_wait) {
  for (const char* config :
       {R"({"schedule": []})", R"({"schedule": "late"})", R"({"schedule": {"enabled": "yes", "end_time": "01:00"}})",
        R"({"schedule": {"start_time": "25:00"}})", R"({"schedule": {"end_time": 7}})",
        R"({"schedule": {"start_time": "7"}})", R"({"schedule": {"start_time": "07:60"}})",
        R"({"schedule": {"mode": "per-day", "days": {"monday": 1, "tuesday": 1, "wednesday": 1, "thursday": 1,
                                                     "friday": 1, "saturday": 1, "sunday": 1}}})",
        R"({"dim_schedule": 7})", R"({"dim_schedule": {"enabled": 1}})",
        R"({"dim_schedule": {"enabled": true, "start_time": "never"}})", R"({"timezone": 7})"}) {
    const DisplayHours broken = hours(config);
    EXPECT_GE(broken.problems.size(), 1U) << config;
    EXPECT_EQ(at(broken, kMonday, 3), Panel::on) << config;
    EXPECT_FALSE(minutes_until_allowed(HeavyWork::display_dimmed, broken, {kMonday, 0})) << config;
  }
  const DisplayHours once = hours(R"({"schedule": {"start_time": "25:00"}})");
  EXPECT_EQ(once.problems, std::vector<std::string>{
                               R"("schedule" in config.json: its start_time or end_time is no time such as 07:30)"});
}

TEST(HeavyWork, waits_for_the_minute_at_which_the_display_goes_off) {
  const DisplayHours day = hours(R"({"schedule": {"start_time": "07:00", "end_time": "23:00"},
                                     "dim_schedule": {"enabled": true, "start_time": "21:00", "end_time": "23:00"}})");
  const WallTime noon{kSunday, minute(12)};
  EXPECT_EQ(minutes_until_allowed(HeavyWork::any_time, day, noon), 0);
  EXPECT_EQ(minutes_until_allowed(HeavyWork::display_dimmed, day, noon), minute(9));
  EXPECT_EQ(minutes_until_allowed(HeavyWork::display_off, day, noon), minute(11));
  EXPECT_EQ(minutes_until_allowed(HeavyWork::display_off, day, {kMonday, minute(3)}), 0);
}

TEST(HeavyWork, waits_over_midnight_and_over_days_but_never_for_ever) {
  const DisplayHours bar = hours(R"({"schedule": {"start_time": "18:00", "end_time": "02:00"}})");
  EXPECT_EQ(minutes_until_allowed(HeavyWork::display_off, bar, {kSunday, minute(23)}), minute(3));
  const DisplayHours sundays = hours(R"({"schedule": {"start_time": "00:00", "end_time": "23:59", "mode": "per-day",
      "days": {"monday": {"start_time": "23:00", "end_time": "22:59"}, "sunday": {"enabled": false}}}})");
  EXPECT_EQ(minutes_until_allowed(HeavyWork::display_off, sundays, {kMonday, minute(23)}), minute(24, 59));
  EXPECT_FALSE(
      minutes_until_allowed(HeavyWork::display_off, hours(R"({"dim_schedule": {"enabled": true}})"), {kMonday, 0}));
}

}  // namespace
}  // namespace trueup::model
