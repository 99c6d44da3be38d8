// The only file that knows spdlog: its headers cost seconds to compile, and no caller should pay them.
#include "base/log.h"

#include <fmt/core.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>

#include "base/escape.h"

namespace trueup {
namespace {

/// syslog's numbers, which the journal reads.
int priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::error: return 3;
    case LogLevel::warning: return 4;
    case LogLevel::info: return 6;
    case LogLevel::debug: return 7;
  }
  return 3;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::debug: return spdlog::level::debug;
  }
  return spdlog::level::err;
}

std::string quoted_if_needed(std::string value) {
  if (!value.empty() && value.find_first_of(" =\"") == std::string::npos) return value;
  std::string out = "\"";
  for (const char byte : value) {
    if (byte == '"') out += '\\';
    out += byte;
  }
  return out += '"';
}

class StderrLogger final : public Logger {
 public:
  StderrLogger(LogFormat format, LogLevel least)
      : format_(format), logger_("trueup", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_pattern("%v");
    logger_.set_level(spdlog_level(least));
    logger_.flush_on(spdlog::level::trace);
    logger_.set_error_handler([](const std::string&) {});  // a log that cannot be written must not stop a repair
  }

  void log(const LogEvent& event) override {
    const auto level = spdlog_level(event.level);
    if (logger_.should_log(level)) logger_.log(level, format_log_line(event, format_));
  }

 private:
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::string format_log_line(const LogEvent& event, LogFormat format) {
  std::string line;
  if (format == LogFormat::journal) fmt::format_to(std::back_inserter(line), "<{}>", priority_of(event.level));
  line += escape_for_display(event.name);
  for (const auto& field : event.fields) {
    fmt::format_to(std::back_inserter(line), " {}={}", escape_for_display(field.key),
                   quoted_if_needed(escape_for_display(field.value)));
  }
  return line;
}

LogFormat log_format_for_stderr(std::string_view journal_stream) {
  struct stat status{};
  if (journal_stream.empty() || fstat(STDERR_FILENO, &status) != 0) return LogFormat::plain;
  return journal_stream == fmt::format("{}:{}", status.st_dev, status.st_ino) ? LogFormat::journal : LogFormat::plain;
}

std::unique_ptr<Logger> make_stderr_logger(LogFormat format, LogLevel least) {
  return std::make_unique<StderrLogger>(format, least);
}

}  // namespace trueup
