#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "platform/input.h"

namespace trueup::platform {
namespace {

constexpr char kInterrupt = 3;   // Ctrl-C
constexpr char kEnd = 4;         // Ctrl-D
constexpr char kBackspace = 8;   // Ctrl-H
constexpr char kClearLine = 21;  // Ctrl-U
constexpr char kDelete = 127;

/// The terminal without echo for as long as this lives. Ctrl-C arrives as a character, so that no way out leaves it so.
class Unseen {
 public:
  Unseen() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios unseen = before_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    unseen.c_cc[VMIN] = 1;
    unseen.c_cc[VTIME] = 0;
    works_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) == 0;
  }
  ~Unseen() {
    if (works_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  [[nodiscard]] bool works() const { return works_; }

 private:
  termios before_{};
  bool works_ = false;
};

Error too_long() { return Error{.code = ErrorCode::invalid, .message = "what was given is too long for one value"}; }

/// A character of UTF-8 goes as a whole.
void remove_last_character(std::string& line) {
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
  if (!line.empty()) line.pop_back();
}

}  // namespace

bool RealInput::is_terminal() const { return ::isatty(STDIN_FILENO) == 1; }

Result<std::string> RealInput::read_all(std::size_t limit) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return os_error(errno, "read", "standard input");
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) return too_long();
  }
}

Result<std::string> RealInput::read_hidden_line(std::size_t limit) {
  const Unseen unseen;
  if (!unseen.works()) return os_error(errno, "switch the echo off", "the terminal");
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return os_error(errno, "read", "the terminal");
    if (count == 0 || c == '\n' || c == '\r' || c == kEnd) return line;
    if (c == kInterrupt) return Error{.code = ErrorCode::refused, .message = "broken off, and nothing was changed"};
    if (c == kBackspace || c == kDelete) {
      remove_last_character(line);
    } else if (c == kClearLine) {
      line.clear();
    } else {
      line += c;
    }
    if (line.size() > limit) return too_long();
  }
}

}  // namespace trueup::platform
