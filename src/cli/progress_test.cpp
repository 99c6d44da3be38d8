#include "cli/progress.h"

#include <gtest/gtest.h>

namespace trueup::cli {
namespace {

TEST(Progress, on_a_terminal_shows_bytes_rate_and_what_is_left) {
  const store::Transfer half{.what = "weather", .bytes = 2'000'000, .total = 4'000'000};
  EXPECT_EQ(progress_line(half, 2, 100), "[##########..........] weather: 2.0 MB of 4.0 MB, 1.0 MB/s, 3 s left");
  EXPECT_EQ(progress_line({.what = "weather", .bytes = 900}, 0.1, 100), "weather: 900 B");
  EXPECT_EQ(progress_line(half, 2, 40).size(), 39U) << "never longer than its line";
}

TEST(Progress, in_a_pipe_is_one_line_at_each_end) {
  StringSink out;
  StringSink err;
  Console console{out, err, {}};
  platform::FakeClock clock;
  Progress progress(console, clock);
  progress.show({.what = "weather", .bytes = 10, .total = 1500});
  progress.show({.what = "weather", .bytes = 1500, .total = 1500});
  progress.show({.what = "weather", .ended = true});
  progress.show({.what = "clock", .ended = true});
  EXPECT_EQ(err.text(), "trueup: downloading weather\ntrueup: weather: 1.5 kB downloaded\n");
  EXPECT_EQ(out.text(), "");
}

TEST(Progress, on_a_terminal_leaves_nothing_behind) {
  StringSink out;
  StringSink err;
  Console console{out, err, {.interactive = true}};
  platform::FakeClock clock;
  Progress progress(console, clock);
  progress.show({.what = "weather\x1b[2J", .bytes = 10, .total = 20});
  progress.show({.what = "weather\x1b[2J", .ended = true});
  EXPECT_TRUE(err.text().ends_with("\r\x1b[K")) << err.text();
  EXPECT_EQ(err.text().find("\x1b[2J"), std::string::npos) << "what a registry says cannot clear the screen";
}

TEST(Progress, is_told_twice_a_second_with_per_cent_and_what_is_left) {
  StringSink nowhere;
  Console console{nowhere, nowhere, {}};
  platform::FakeClock clock;
  std::vector<service::Doing> told;
  Progress progress(console, clock, [&told](service::Doing doing) { told.push_back(std::move(doing)); });
  for (std::uint64_t bytes = 0; bytes <= 4'000'000; bytes += 1'000'000) {
    progress.show({.what = "weather", .bytes = bytes, .total = 4'000'000});
    clock.advance(std::chrono::milliseconds(250));
  }
  progress.show({.what = "weather", .ended = true});
  const std::vector<service::Doing> expected{
      {.says = "downloading weather: 0 % (0 B of 4.0 MB)", .percent = 0},
      {.says = "downloading weather: 50 % (2.0 MB of 4.0 MB, 1 s left)", .percent = 50},
      {.says = "downloading weather: 100 % (4.0 MB of 4.0 MB)", .percent = 100}};
  EXPECT_EQ(told, expected);
}

TEST(Progress, of_what_nobody_knows_the_size_only_the_bytes_are_told) {
  EXPECT_EQ(progress_words({.what = "weather", .bytes = 1500}, 3),
            (service::Doing{.says = "downloading weather: 1.5 kB", .percent = {}}));
  EXPECT_EQ(progress_words({.what = "weather", .bytes = 3000, .total = 1500}, 3).percent, 100) << "a server that lies";
}

}  // namespace
}  // namespace trueup::cli
