// A whole directory takes a plugin's name. What it rests on is looked at once more when it is done: whatever is not as
// it was when it was prepared stays as it is.
#include <gtest/gtest.h>

#include "engine/directory_test_support.h"

namespace trueup::engine::test {
namespace {

const Tree kNothing;
constexpr const char* kCopy = "clock.standalone-backup-preinstall";

class Exchanging : public ::testing::Test {
 protected:
  Exchanging() {
    display.install_by_hand("clock", "clock", "2.0.0");
    display.install_by_hand(kCopy, "clock", "1.0.0");
  }

  /// Prepares, lets something happen, and applies.
  template <typename Happen>
  Outcome outcome_when(ExchangeDirectory operation, const Happen& happen) {
    const auto site = display.site();
    const Status prepared = prepare(*site, operation, {});
    EXPECT_TRUE(prepared) << prepared.error().text();
    happen();
    const auto applied = apply(*display.site(), operation);
    EXPECT_TRUE(applied) << applied.error().text();
    return applied ? applied->outcomes.front() : Outcome::done;
  }

  static std::string path(const std::string& name) { return "/pi/plugin-repos/" + name; }

  Display display;
  const ExchangeDirectory comes_back{.plugin_id = "clock", .directory = "clock", .from = kCopy, .to = "kept/1-clock"};
};

TEST_F(Exchanging, takes_the_name_and_keeps_what_stood_there) {
  EXPECT_EQ(outcome_when(comes_back, [] {}), Outcome::done);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0"));
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "2.0.0"));
  EXPECT_EQ(display.plugin(kCopy), kNothing);
}

TEST_F(Exchanging, another_copy_that_came_under_the_same_name_is_not_taken) {
  EXPECT_EQ(outcome_when(comes_back,
                         [&] {
                           display.disk.erase(path(kCopy));
                           display.install_by_hand(kCopy, "clock", "1.5.0");
                         }),
            Outcome::moved);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "2.0.0"));
  EXPECT_EQ(display.plugin(kCopy), plugin_files("clock", "1.5.0"));
}

TEST_F(Exchanging, a_plugin_that_changed_in_the_meantime_stays) {
  EXPECT_EQ(outcome_when(comes_back, [&] { display.disk.put_file(path("clock/notes.txt"), "mine"); }), Outcome::moved);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "2.0.0", {{"notes.txt", "mine"}}));
  EXPECT_EQ(display.plugin(kCopy), plugin_files("clock", "1.0.0"));
}

TEST_F(Exchanging, a_link_that_took_the_plugins_place_stays_F150) {
  EXPECT_EQ(outcome_when(comes_back,
                         [&] {
                           display.disk.erase(path("clock"));
                           display.disk.put_link(path("clock"), "/home/pi/clock");
                         }),
            Outcome::moved);
  EXPECT_EQ(display.tree("/pi/plugin-repos").at("clock"), "-> /home/pi/clock");
  EXPECT_EQ(display.plugin(kCopy), plugin_files("clock", "1.0.0"));
}

TEST_F(Exchanging, where_nothing_may_stand_whatever_came_there_stays) {
  display.disk.erase(path("clock"));
  const ExchangeDirectory into_the_gap{.plugin_id = "clock", .directory = "clock", .from = kCopy};
  EXPECT_EQ(outcome_when(into_the_gap, [&] { display.install_by_hand("clock", "clock", "3.0.0"); }), Outcome::moved);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "3.0.0"));
  EXPECT_EQ(display.plugin(kCopy), plugin_files("clock", "1.0.0"));
}

TEST_F(Exchanging, a_plugin_that_somebody_removed_in_the_meantime_stays_removed) {
  EXPECT_EQ(outcome_when(comes_back, [&] { display.disk.erase(path("clock")); }), Outcome::moved);
  EXPECT_EQ(display.plugin("clock"), kNothing);
  EXPECT_EQ(display.plugin(kCopy), plugin_files("clock", "1.0.0"));
}

TEST_F(Exchanging, what_is_no_directory_any_more_is_not_taken_out_F150) {
  const ExchangeDirectory taken_out{.plugin_id = "clock", .directory = "clock", .to = "kept/1-clock"};
  EXPECT_EQ(outcome_when(taken_out,
                         [&] {
                           display.disk.erase(path("clock"));
                           display.disk.put_link(path("clock"), "/home/pi/clock");
                         }),
            Outcome::moved);
  EXPECT_EQ(display.tree("/pi/plugin-repos").at("clock"), "-> /home/pi/clock");
}

}  // namespace
}  // namespace trueup::engine::test
