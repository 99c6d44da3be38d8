#include "sources/read_file.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/limits.h"
#include "platform/memory_file_system.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

using model::Verdict;

class ReadFile : public ::testing::Test {
 protected:
  FileReading read(std::size_t limit = 1000) {
    const auto root = disk_.open_root_for_reading("/pi").value();
    return read_file(*root, {.source = model::Source::config, .path = "config.json", .limit = limit}, clock_,
                     [this](const std::string& bytes) -> Status {
                       ++looks_;
                       ASSIGN_OR_RETURN(const auto document, parse_object(bytes));
                       size_ = document.root().size();
                       return ok();
                     });
  }
  void put(std::string bytes) { disk_.put_file("/pi/config.json", std::move(bytes)); }
  void SetUp() override { disk_.put_directory("/pi"); }

  platform::MemoryFileSystem disk_;
  platform::FakeClock clock_;
  int looks_ = 0;
  std::size_t size_ = 0;
};

TEST_F(ReadFile, looks_again_while_another_program_is_writing_it) {
  put("{\"a\": 1, \"b\"");
  clock_.on_sleep([this] { put(looks_ < 2 ? "" : "{\"a\": 1, \"b\": 2}"); });
  const auto result = read();
  EXPECT_EQ(result.reading.verdict, Verdict::complete);
  EXPECT_EQ(size_, 2U);
  EXPECT_LT(clock_.slept(), limits::kParseRetryTime);
}

TEST_F(ReadFile, gives_up_after_the_time_a_write_may_take_and_keeps_what_it_saw) {
  put("{\"a\": 1, \"b\"");
  const auto result = read();
  EXPECT_EQ(result.reading.verdict, Verdict::unreadable);
  EXPECT_EQ(result.reading.reason, "syntax");
  EXPECT_TRUE(result.reading.detail.starts_with("line 1, column ")) << result.reading.detail;
  EXPECT_EQ(result.bytes, "{\"a\": 1, \"b\"");
  EXPECT_EQ(clock_.slept(), limits::kParseRetryTime);
}

TEST_F(ReadFile, says_why_it_cannot_read_and_does_not_wait_F09) {
  const auto expect = [this](std::string_view reason) {
    const auto result = read(10);
    EXPECT_EQ(result.reading.verdict, Verdict::unreadable);
    EXPECT_EQ(result.reading.reason, reason) << result.reading.detail;
    EXPECT_FALSE(result.reading.detail.empty());
  };
  put(std::string(11, ' '));
  expect("too_large");
  disk_.fail_reading("/pi/config.json", EACCES);
  expect("permission");
  disk_.fail_reading("/pi/config.json", EIO);
  expect("io");
  disk_.fail_reading("/pi/config.json", 0);
  disk_.erase("/pi/config.json");
  disk_.put_directory("/pi/config.json");
  expect("not_a_file");
  disk_.erase("/pi/config.json");
  disk_.put_special("/pi/config.json");
  expect("not_a_file");
  EXPECT_EQ(clock_.slept(), platform::Clock::Duration{});
  EXPECT_EQ(looks_, 0);
}

TEST_F(ReadFile, a_file_that_is_not_there_is_absent) {
  const auto result = read();
  EXPECT_EQ(result.reading.verdict, Verdict::absent);
  EXPECT_EQ(result.reading.reason, "missing");
}

TEST_F(ReadFile, follows_a_link_for_the_owner_put_it_there) {
  disk_.put_file("/elsewhere/real.json", "{\"a\": 1}");
  disk_.put_link("/pi/config.json", "/elsewhere/real.json");
  EXPECT_EQ(read().reading.verdict, Verdict::complete);
}

}  // namespace
}  // namespace trueup::sources
