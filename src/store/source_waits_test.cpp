#include "store/source_waits.h"

#include <gtest/gtest.h>

namespace trueup::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(SourceWaits, grow_from_two_seconds_to_five_minutes_and_are_then_an_hour_F61) {
  EXPECT_EQ(wait_after(1, 0), seconds(2));
  EXPECT_EQ(wait_after(2, 0), seconds(6));
  EXPECT_EQ(wait_after(3, 0), seconds(18));
  EXPECT_EQ(wait_after(6, 0), seconds(300));
  EXPECT_EQ(wait_after(8, 0), seconds(300));
  EXPECT_EQ(wait_after(9, 0), hours(1));
  EXPECT_EQ(wait_after(1'000'000'000, 0), hours(1));
  EXPECT_GT(wait_after(1, 255), wait_after(1, 0)) << "not all devices of a house at once";
  EXPECT_LT(wait_after(1, 255), wait_after(2, 0));
}

TEST(SourceWaits, end_by_time_by_an_answer_and_by_a_new_start_of_the_machine) {
  platform::FakeClock clock;
  SourceWaits waits;
  note_failure(waits, "b:443", "no answer", {clock, "home"});
  note_failure(waits, "a:443", "no answer", {clock, "home"});
  note_failure(waits, "a:443", "again", {clock, "home"});
  ASSERT_EQ(still_waiting(waits, {clock, "home"}).size(), 2U);
  EXPECT_EQ(still_waiting(waits, {clock, "home"})[0], (Waiting{"a:443", "again", seconds(6), 2}));
  clock.advance(seconds(2));
  ASSERT_EQ(still_waiting(waits, {clock, "home"}).size(), 1U) << "of b it is over";
  EXPECT_TRUE(note_answer(waits, "b:443"));
  EXPECT_FALSE(note_answer(waits, "b:443"));
  EXPECT_EQ(waits.size(), 1U);
  EXPECT_EQ(decode_source_waits(encode(waits)), waits);
  clock.reboot();
  EXPECT_TRUE(still_waiting(waits, {clock, "home"}).empty());
}

TEST(SourceWaits, of_an_offer_rest_after_a_day_of_hours_until_something_changes_F61) {
  EXPECT_EQ(offer_wait_after(8, 0), seconds(300));
  EXPECT_EQ(offer_wait_after(9, 0), hours(1));
  EXPECT_EQ(offer_wait_after(32, 0), hours(1));
  EXPECT_EQ(offer_wait_after(33, 0), kRests);
  platform::FakeClock clock;
  SourceWaits waits;
  for (int i = 0; i < 33; ++i) note_failure(waits, "clock", "damaged", {clock, "home"}, &offer_wait_after);
  waits = decode_source_waits(encode(waits), kRests);
  clock.advance(hours(24 * 30));
  EXPECT_EQ(still_waiting(waits, {clock, "home"}).size(), 1U);
}

TEST(SourceWaits, are_over_in_another_network_and_go_on_without_any) {
  platform::FakeClock clock;
  SourceWaits waits;
  note_failure(waits, "a:443", "no answer", {clock, "home"});
  EXPECT_EQ(still_waiting(waits, {clock, ""}).size(), 1U) << "nobody can be asked now";
  EXPECT_TRUE(still_waiting(waits, {clock, "phone"}).empty());
  note_failure(waits, "a:443", "no network", {clock, ""});
  EXPECT_TRUE(still_waiting(waits, {clock, "home"}).empty()) << "now there is one";
}

TEST(SourceWaits, a_stored_time_in_the_future_is_over) {
  platform::FakeClock clock;
  SourceWaits waits;
  note_failure(waits, "a:443", "no answer", {clock, "home"});
  waits[0].boot_time_ms += milliseconds(hours(5)).count();
  EXPECT_TRUE(still_waiting(waits, {clock, "home"}).empty());
  EXPECT_TRUE(decode_source_waits("no JSON").empty());
}

TEST(SourceWaits, are_for_the_host_that_has_the_archive) {
  EXPECT_EQ(place_of_archive({.id = "x", .repository = "https://github.com/u/r", .branch = "main"}), "github.com:443");
  EXPECT_EQ(place_of_archive({.id = "x", .download_url = "https://Example.org:8443/x.zip"}), "example.org:8443");
  EXPECT_EQ(place_of_archive({.id = "x", .download_url = "file:///x.zip"}), "");
}

}  // namespace
}  // namespace trueup::store
