#include "fetch/body.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/descriptor.h"

namespace trueup::fetch {

Status Body::start_anew() {
  if (::ftruncate(descriptor_, 0) != 0) return platform::write_error(errno, "empty", "the download");
  if (::lseek(descriptor_, 0, SEEK_SET) != 0) return platform::write_error(errno, "rewind", "the download");
  size_ = 0;
  return ok();
}

Status Body::go_on_after(std::uint64_t bytes) {
  const auto end = ::lseek(descriptor_, 0, SEEK_END);
  if (end < 0 || static_cast<std::uint64_t>(end) != bytes) {
    return Error{.code = ErrorCode::io, .message = "the first part of the download is not as long as it was"};
  }
  size_ = bytes;
  return ok();
}

Status Body::add(std::string_view bytes) {
  if (bytes.size() > most_ - size_) {
    return Error{.code = ErrorCode::refused, .message = fmt::format("it is larger than {} bytes", most_)};
  }
  size_ += bytes.size();
  return platform::write_fully(descriptor_, bytes, "the download");
}

}  // namespace trueup::fetch
