#include "platform/real_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <csignal>

#include "platform/real_directory.h"

namespace trueup::platform {

Result<std::string> RealFile::read_at(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    const ssize_t got = retry_interrupted([&] {
      return ::pread(descriptor_.get(), bytes.data() + filled, length - filled, static_cast<off_t>(offset + filled));
    });
    if (got < 0) return read_error(errno, "read", where_);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Result<FileInfo> RealFile::info() const {
  struct stat status = {};
  if (::fstat(descriptor_.get(), &status) != 0) return read_error(errno, "look at", where_);
  return info_of(status);
}

Status RealFile::try_lock(FileLock lock) {
  const int operation = lock == FileLock::none ? LOCK_UN : lock == FileLock::shared ? LOCK_SH : LOCK_EX;
  if (retry_interrupted([&] { return ::flock(descriptor_.get(), operation | LOCK_NB); }) != 0) {
    return write_error(errno, "lock", where_);
  }
  return ok();
}

Status RealFile::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = retry_interrupted(
        [&] { return ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (put <= 0) return write_error(put < 0 ? errno : EIO, "write", where_);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return ok();
}

Status RealFile::append(std::string_view bytes) {
  if (::lseek(descriptor_.get(), 0, SEEK_END) < 0) return write_error(errno, "write", where_);
  return write_fully(descriptor_.get(), bytes, where_);
}

Status RealFile::truncate(std::uint64_t size) {
  if (retry_interrupted([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(size)); }) != 0) {
    return write_error(errno, "shorten", where_);
  }
  return ok();
}

Status RealFile::sync_data() {
  if (retry_interrupted([&] { return ::fdatasync(descriptor_.get()); }) != 0) {
    return write_error(errno, "make durable", where_);
  }
  return ok();
}

RealReadLease::~RealReadLease() {
  // Said aloud, because closing alone does nothing while a forked child still has a copy of the descriptor.
  ::fcntl(descriptor_.get(), F_SETLEASE, F_UNLCK);
}

bool RealReadLease::is_breaking() const { return ::fcntl(descriptor_.get(), F_GETLEASE) != F_RDLCK; }

Result<std::unique_ptr<ReadLease>> take_lease(Descriptor descriptor, const FileInfo& info, const std::string& where) {
  // The kernel announces a waiting writer by a signal, and the usual one (SIGIO) ends the process. SIGURG is ignored
  // unless somebody asks for it; the announcement itself is not needed, is_breaking() asks.
  if (::fcntl(descriptor.get(), F_SETSIG, SIGURG) != 0 || ::fcntl(descriptor.get(), F_SETLEASE, F_RDLCK) != 0) {
    const int number = errno;
    Error error = write_error(number, "watch for other writers", where);
    if (number != EAGAIN) error.code = ErrorCode::unsupported;
    return error;
  }
  return std::make_unique<RealReadLease>(std::move(descriptor), info);
}

}  // namespace trueup::platform
