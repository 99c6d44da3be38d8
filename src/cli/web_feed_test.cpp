// LEDMatrix's streams of its machine and of what the display shows.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"
#include "web/display_feed.h"

namespace trueup::cli {
namespace {

using testing::IsEmpty;
using web::Topic;

const std::string kPng = std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x80\0\0\0\x20", 24) + "ab";

class WebFeed : public WebTest {
 protected:
  WebFeed() {
    disk.put_file("/proc/stat", "cpu  10 0 10 70 10 0 0 0 0 0\ncpu0 1 2 3\n");
    disk.put_file("/proc/meminfo", "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    750 kB\n");
    ports.processes.units["ledmatrix.service"] = platform::UnitState::active;
  }
  void listen(Topic topic) {
    ++listening[topic];
    feed.begin(topic);
    loop.settle();
  }
  static std::string field(const std::string& data, const std::string& name) {
    return json_at(Response{.body = data}, {name});
  }

  std::map<Topic, std::size_t> listening;
  std::map<Topic, std::vector<std::string>> told;
  web::DisplayFeed feed{
      {.loop = loop, .worker = worker, .file_system = disk, .processes = ports.processes, .clock = ports.clock},
      [this](Topic topic) { return listening[topic]; },
      [this](Topic topic, const std::string& data) { told[topic].push_back(data); }};
};

TEST_F(WebFeed, the_machine_is_told_of_at_once_and_every_ten_seconds_while_somebody_listens) {
  const std::size_t timers = loop.timers();
  listen(Topic::stats);
  ASSERT_EQ(told[Topic::stats].size(), 1U);
  const std::string first = told[Topic::stats].front();
  EXPECT_EQ(field(first, "cpu_percent"), "20.0");
  EXPECT_EQ(field(first, "memory_used_percent"), "25.0");
  EXPECT_EQ(field(first, "service_active"), "true");
  EXPECT_EQ(field(first, "cpu_temp"), "(not there)") << "this machine does not tell";
  disk.put_file("/proc/stat", "cpu  60 0 10 120 10 0 0 0 0 0\n");
  disk.put_directory("/sys/class/thermal/thermal_zone0");
  disk.put_file("/sys/class/thermal/thermal_zone0/temp", "48250\n");
  loop.advance(std::chrono::seconds(10));
  ASSERT_EQ(told[Topic::stats].size(), 2U);
  EXPECT_EQ(field(told[Topic::stats].back(), "cpu_percent"), "50.0") << "since the last one";
  EXPECT_EQ(field(told[Topic::stats].back(), "cpu_temp"), "48.3");
  EXPECT_THAT(told[Topic::picture], IsEmpty());
  listening.clear();
  loop.advance(std::chrono::seconds(60));
  EXPECT_EQ(told[Topic::stats].size(), 2U);
  EXPECT_EQ(loop.timers(), timers) << "nobody listens: nothing is looked at any more";
}

TEST_F(WebFeed, what_the_display_shows_is_sent_when_it_changes_and_to_who_comes_later) {
  listen(Topic::picture);
  ASSERT_EQ(told[Topic::picture].size(), 1U);
  EXPECT_EQ(field(told[Topic::picture].back(), "image"), "null");
  loop.advance(std::chrono::seconds(5));
  EXPECT_EQ(told[Topic::picture].size(), 1U);
  disk.put_directory("/tmp");
  disk.put_file("/tmp/led_matrix_preview.png", kPng);
  loop.advance(std::chrono::seconds(1));
  ASSERT_EQ(told[Topic::picture].size(), 2U);
  EXPECT_EQ(field(told[Topic::picture].back(), "width"), "128");
  EXPECT_EQ(field(told[Topic::picture].back(), "height"), "32");
  EXPECT_EQ(field(told[Topic::picture].back(), "image"), "\"iVBORw0KGgoAAAANSUhEUgAAAIAAAAAgYWI=\"");
  loop.advance(std::chrono::seconds(3));
  EXPECT_EQ(told[Topic::picture].size(), 2U);
  listen(Topic::picture);
  EXPECT_EQ(told[Topic::picture].size(), 3U);
}

TEST_F(WebFeed, F143_what_is_no_picture_is_not_shown) {
  disk.put_file("/tmp/led_matrix_preview.png", "canary");
  listen(Topic::picture);
  EXPECT_EQ(field(told[Topic::picture].back(), "image"), "null");
}

TEST_F(WebFeed, F143_no_link_is_followed_to_a_picture) {
  disk.put_file("/tmp/secret.png", kPng);
  disk.put_link("/tmp/led_matrix_preview.png", "/tmp/secret.png");
  listen(Topic::picture);
  EXPECT_EQ(field(told[Topic::picture].back(), "image"), "null");
}

TEST_F(WebFeed, all_three_addresses_are_streams) {
  for (const char* target : {"/api/v3/stream/stats", "/api/v3/stream/display", "/api/v3/stream/logs"}) {
    const Response answer = get(target);
    EXPECT_TRUE(answer.is_event_stream) << target;
    EXPECT_EQ(answer.content_type, "text/event-stream");
  }
}

}  // namespace
}  // namespace trueup::cli
