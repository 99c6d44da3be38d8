// The only file that knows spdlog: its headers cost seconds to compile, and no caller should pay them.
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <string>

#include "base/log.h"

namespace trueup {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::debug: return spdlog::level::debug;
  }
  return spdlog::level::err;
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
    if (takes(event.level)) logger_.log(spdlog_level(event.level), format_log_line(event, format_));
  }
  [[nodiscard]] bool takes(LogLevel level) const override { return logger_.should_log(spdlog_level(level)); }

 private:
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Logger> make_stderr_logger(LogFormat format, LogLevel least) {
  return std::make_unique<StderrLogger>(format, least);
}

}  // namespace trueup
