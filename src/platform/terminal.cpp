#include "platform/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <ctime>

namespace trueup::platform {

TerminalSize terminal_size(int descriptor) {
  TerminalSize size;
  size.is_terminal = ::isatty(descriptor) == 1;
  winsize window{};
  if (size.is_terminal && ::ioctl(descriptor, TIOCGWINSZ, &window) == 0) {
    size.columns = window.ws_col;
    size.rows = window.ws_row;
  }
  return size;
}

std::int64_t local_offset_seconds(std::int64_t at) {
  const std::time_t time = at;
  std::tm local{};
  return ::localtime_r(&time, &local) == nullptr ? 0 : local.tm_gmtoff;
}

std::uint32_t effective_user_id() { return ::geteuid(); }

}  // namespace trueup::platform
