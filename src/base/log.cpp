#include "base/log.h"

#include <fmt/core.h>
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

std::string quoted_if_needed(std::string value) {
  if (!value.empty() && value.find_first_of(" =\"") == std::string::npos) return value;
  std::string out = "\"";
  for (const char byte : value) {
    if (byte == '"') out += '\\';
    out += byte;
  }
  return out += '"';
}

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

}  // namespace trueup
