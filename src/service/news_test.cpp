#include "service/news.h"

#include <gtest/gtest.h>

#include "service/pace.h"

namespace trueup::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::vector<model::Inconsistency> standing(const std::string& reason = "ghost",
                                           model::FixAction action = model::FixAction::manual_fix_required) {
  return {{.plugin_id = "clock",
           .description = "clock is not there",
           .fix_action = action,
           .reason = reason,
           .finding = "plugin_missing_on_disk:clock"}};
}

std::vector<std::string> names(const std::vector<LogEvent>& events) {
  std::vector<std::string> all;
  for (const LogEvent& event : events) all.push_back(event.name);
  return all;
}

using Names = std::vector<std::string>;

TEST(News, F158_a_condition_is_told_once_when_it_comes_and_once_when_it_goes) {
  News news;
  const auto first = news.note(standing(), seconds(0));
  ASSERT_EQ(names(first), Names{"finding.stands"});
  EXPECT_EQ(first.front().level, LogLevel::warning);
  for (int i = 1; i < 1000; ++i) EXPECT_TRUE(news.note(standing(), seconds(i)).empty());
  EXPECT_EQ(names(news.note({}, seconds(1000))), Names{"finding.gone"});
  EXPECT_TRUE(news.note({}, seconds(1001)).empty());
}

TEST(News, another_reason_is_news) {
  News news;
  news.note(standing("settling", model::FixAction::no_action), seconds(0));
  EXPECT_EQ(names(news.note(standing("ghost"), seconds(10))), Names{"finding.stands"});
}

TEST(News, what_comes_and_goes_all_the_time_is_told_of_once_and_then_is_quiet_until_it_rests) {
  News news;
  std::size_t lines = 0;
  std::size_t flapping = 0;
  for (int i = 0; i < 200; ++i) {
    for (const auto& event : news.note(i % 2 == 0 ? standing() : decltype(standing()){}, seconds(i))) {
      ++lines;
      flapping += event.name == "finding.flapping" ? 1U : 0U;
    }
  }
  EXPECT_EQ(flapping, 1U);
  EXPECT_EQ(lines, News::kFlaps);
  EXPECT_TRUE(news.flapping().contains("plugin_missing_on_disk:clock"));
  news.note({}, hours(2));
  EXPECT_TRUE(news.flapping().empty());
  EXPECT_EQ(names(news.note(standing(), hours(2))), Names{"finding.stands"});
}

TEST(Pace, a_pass_that_fails_is_tried_again_later_and_later_and_at_least_once_an_hour) {
  EXPECT_EQ(retry_after(1), seconds(30));
  EXPECT_EQ(retry_after(2), minutes(1));
  EXPECT_EQ(retry_after(1, true), seconds(2));
  EXPECT_EQ(retry_after(1000), hours(1));
}

}  // namespace
}  // namespace trueup::service
