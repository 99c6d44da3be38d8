#include "platform/descriptor.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/memory.h"

namespace trueup::platform {

Error read_error(int number, std::string_view action, std::string where) {
  Error error = os_error(number, action, std::move(where));
  switch (number) {
    case EACCES:
    case EPERM:
      error.code = ErrorCode::unreadable;
      error.hint = "check the owner and mode, or run trueup as a user that may read it";
      break;
    case ENOTDIR:
    case ENXIO:  // a socket, or a device without a driver
    case ENAMETOOLONG: error.code = ErrorCode::unreadable; break;
    default: break;
  }
  return error;
}

Error write_error(int number, std::string_view action, std::string where) {
  Error error = os_error(number, action, std::move(where));
  switch (number) {
    case EEXIST:
    case ENOTEMPTY:
    case EISDIR:
    case ENOTDIR: error.code = ErrorCode::conflict; break;
    case EBUSY:
      error.code = ErrorCode::refused;
      error.hint = "it is mounted separately (a bind mount, for example) and cannot be replaced";
      break;
    default: break;
  }
  return error;
}

namespace {

constexpr std::size_t kSmallestRead = 4096;  // files of /proc say that they are empty

}  // namespace

Error rename_error(int number, bool with_flags, std::string where, const std::string& to) {
  Error error = write_error(number, fmt::format("rename to {}", to), std::move(where));
  if (number == EINVAL && with_flags) error.code = ErrorCode::unsupported;
  return error;
}

Error not_regular(FileKind kind, std::string where) {
  const std::string_view what = kind == FileKind::directory ? "is a directory, not a file"
                                : kind == FileKind::link    ? "is a link, not a file"
                                                            : "is a device, pipe or socket, not a file";
  return Error{.code = ErrorCode::unreadable, .message = std::string(what), .where = std::move(where)};
}

Error too_large(std::size_t limit, const std::string& where) {
  return Error{.code = ErrorCode::unreadable,
               .message = fmt::format("larger than {} bytes, which is the limit for such a file", limit),
               .where = where};
}

Result<std::string> read_to_end(int fd, std::size_t expected, std::size_t limit, const std::string& where) {
  if (expected > limit) return too_large(limit, where);
  std::string bytes;
  std::size_t filled = 0;
  // One byte more than expected: a shorter answer proves the end without another call.
  std::size_t chunk = expected == 0 ? kSmallestRead : expected + 1;
  for (;;) {
    bytes.reserve(filled + chunk);
    populate(bytes.data() + filled, chunk);
    bytes.resize(filled + chunk);
    const ssize_t got = retry_interrupted([&] { return ::read(fd, bytes.data() + filled, chunk); });
    if (got < 0) return read_error(errno, "read", where);
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return too_large(limit, where);
    const bool short_of_chunk = static_cast<std::size_t>(got) < chunk;
    if (got == 0 || (expected != 0 && filled == expected && short_of_chunk)) break;
    chunk = std::max(kSmallestRead, filled / 2);
  }
  bytes.resize(filled);
  return bytes;
}

Status write_fully(int fd, std::string_view bytes, const std::string& where) {
  while (!bytes.empty()) {
    const ssize_t put = retry_interrupted([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (put < 0) return write_error(errno, "write", where);
    if (put == 0) return write_error(EIO, "write", where);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return ok();
}

}  // namespace trueup::platform
