// The log: events with fields, handed to whoever acts; what a message looks like is decided here alone.
//
// A Logger is a port: main() makes the real one, tests pass a RecordingLogger. Values are escaped here (promise 9), so
// a caller passes text from outside as it is. Secrets never get this far: no caller may pass one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trueup {

enum class LogLevel { error, warning, info, debug };

struct LogField {
  std::string key;
  std::string value;

  bool operator==(const LogField&) const = default;
};

/// What happened: a dotted name such as "repair.done", and the facts that belong to it.
struct LogEvent {
  LogLevel level = LogLevel::info;
  std::string name;
  std::vector<LogField> fields = {};

  bool operator==(const LogEvent&) const = default;
};

class Logger {
 public:
  Logger() = default;
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;
  virtual ~Logger() = default;

  virtual void log(const LogEvent& event) = 0;
  /// Whether anything becomes of an event of that level: no need to put one together that is dropped.
  [[nodiscard]] virtual bool takes(LogLevel /*level*/) const { return true; }
};

/// For tests: keeps what was logged.
class RecordingLogger final : public Logger {
 public:
  void log(const LogEvent& event) override { events.push_back(event); }

  std::vector<LogEvent> events;
};

enum class LogFormat {
  plain,    // event key=value
  journal,  // <6>event key=value: systemd's journal takes the number as the priority
};

/// One line without its line break. A value with spaces, quotes or "=" in it is quoted.
std::string format_log_line(const LogEvent& event, LogFormat format);

/// The format for standard error. `journal_stream` is the environment variable JOURNAL_STREAM, or empty: systemd sets
/// it to "device:inode" of the stream that it reads.
LogFormat log_format_for_stderr(std::string_view journal_stream);

/// Writes to standard error what is at least as important as `least`.
std::unique_ptr<Logger> make_stderr_logger(LogFormat format, LogLevel least);

}  // namespace trueup
