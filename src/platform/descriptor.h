// An owned file descriptor and the few system-call habits all real ports share: close-on-exec, retry after a signal,
// errors that say what they mean to a reader or a writer.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::platform {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) ::close(number_);  // never retried: after EINTR the number may already be someone else's
    number_ = -1;
  }

 private:
  int number_ = -1;
};

/// Calls again as long as a signal interrupts.
template <typename Call>
auto retry_interrupted(Call&& call) {
  for (;;) {
    auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// For calls that only look: no permission means "unreadable", and a file where a directory should be is never
/// "not there".
Error read_error(int number, std::string_view action, std::string where);
/// For calls that change something: a taken name is a conflict.
Error write_error(int number, std::string_view action, std::string where);

/// Of a rename with flags: some file systems do not know them.
Error rename_error(int number, bool with_flags, std::string where, const std::string& to);
/// "is a directory, not a file": for what should have been a regular file.
Error not_regular(FileKind kind, std::string where);

/// Reads until the end of the file, in one read() when the file has the size it is `expected` to have.
/// ErrorCode::unreadable above `limit`.
Error too_large(std::size_t limit, const std::string& where);
Result<std::string> read_to_end(int fd, std::size_t expected, std::size_t limit, const std::string& where);
Status write_fully(int fd, std::string_view bytes, const std::string& where);

}  // namespace trueup::platform
