#include "base/log.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trueup {
namespace {

TEST(Log, writes_the_event_and_its_fields_in_order) {
  const LogEvent event{LogLevel::info, "repair.done", {{"id", "weather"}, {"key", "enabled"}}};
  EXPECT_EQ(format_log_line(event, LogFormat::plain), "repair.done id=weather key=enabled");
  EXPECT_EQ(format_log_line(event, LogFormat::journal), "<6>repair.done id=weather key=enabled");
}

TEST(Log, gives_the_journal_the_priority) {
  EXPECT_EQ(format_log_line({LogLevel::error, "e"}, LogFormat::journal), "<3>e");
  EXPECT_EQ(format_log_line({LogLevel::warning, "w"}, LogFormat::journal), "<4>w");
  EXPECT_EQ(format_log_line({LogLevel::debug, "d"}, LogFormat::journal), "<7>d");
}

TEST(Log, quotes_values_that_would_read_as_two_fields) {
  const LogEvent event{LogLevel::info, "x", {{"a", "two words"}, {"b", "k=v"}, {"c", "say \"hi\""}, {"d", ""}}};
  EXPECT_EQ(format_log_line(event, LogFormat::plain), R"(x a="two words" b="k=v" c="say \"hi\"" d="")");
}

TEST(Log, lets_no_value_forge_a_line_or_reach_the_terminal) {
  // NOLINTNEXTLINE(misc-misleading-bidirectional): misleading text is what this is about.
  const LogEvent event{LogLevel::info, "plugin.seen", {{"id", "a\n<3>forged.event"}, {"name", "\x1b[2J\u202E"}}};
  EXPECT_EQ(format_log_line(event, LogFormat::journal), R"(<6>plugin.seen id=a\n<3>forged.event name=\x1b[2J\u202e)");
}

TEST(Log, uses_the_journal_form_only_when_the_journal_reads_this_stream) {
  struct stat status{};
  ASSERT_EQ(fstat(STDERR_FILENO, &status), 0);
  EXPECT_EQ(log_format_for_stderr(fmt::format("{}:{}", status.st_dev, status.st_ino)), LogFormat::journal);
  EXPECT_EQ(log_format_for_stderr("1:1"), LogFormat::plain);
  EXPECT_EQ(log_format_for_stderr(""), LogFormat::plain);
}

TEST(Log, writes_to_standard_error_what_is_important_enough) {
  const auto logger = make_stderr_logger(LogFormat::journal, LogLevel::warning);
  testing::internal::CaptureStderr();
  logger->log({LogLevel::error, "repair.failed", {{"reason", "disk {} full"}}});
  logger->log({LogLevel::info, "repair.attempt"});
  logger->log({LogLevel::warning, "repair.held"});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "<3>repair.failed reason=\"disk {} full\"\n<4>repair.held\n");
}

TEST(Log, records_for_tests_what_was_logged) {
  RecordingLogger logger;
  logger.log({LogLevel::info, "repair.done", {{"id", "clock"}}});
  EXPECT_EQ(logger.events, (std::vector<LogEvent>{{LogLevel::info, "repair.done", {{"id", "clock"}}}}));
}

}  // namespace
}  // namespace trueup
