// The writing half of RealDirectory. One call is one change; order and durability are the caller's.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/beneath.h"
#include "platform/real_directory.h"
#include "platform/real_file.h"

namespace trueup::platform {

namespace {

// From linux/fs.h, whose other definitions clash with glibc's.
constexpr unsigned kNoReplace = 1U;
constexpr unsigned kExchange = 2U;

Status sync_descriptor(int fd, const std::string& where) {
  if (retry_interrupted([&] { return ::fsync(fd); }) != 0) return write_error(errno, "make durable", where);
  return ok();
}

bool names_owner(const FileAttributes& attributes) { return attributes.uid || attributes.gid; }

/// Owner before mode: while the old owner's group could be wrong, nobody else may read.
Status apply_attributes(int fd, const FileAttributes& attributes, const std::string& where) {
  constexpr uid_t kUnchanged = static_cast<uid_t>(-1);
  if (names_owner(attributes) &&
      ::fchown(fd, attributes.uid.value_or(kUnchanged), attributes.gid.value_or(kUnchanged)) != 0) {
    return write_error(errno, "set the owner", where);
  }
  if (::fchmod(fd, attributes.mode) != 0) return write_error(errno, "set the mode", where);
  return ok();
}

Result<FileInfo> fill_new_file(int fd, std::string_view bytes, const FileAttributes& attributes, Sync sync,
                               const std::string& where) {
  RETURN_IF_ERROR(apply_attributes(fd, attributes, where));
  RETURN_IF_ERROR(write_fully(fd, bytes, where));
  if (sync == Sync::yes) RETURN_IF_ERROR(sync_descriptor(fd, where));
  struct stat status = {};
  if (::fstat(fd, &status) != 0) return read_error(errno, "look at", where);
  return info_of(status);
}

}  // namespace

Status RealDirectory::make_directory(const std::string& name, const FileAttributes& attributes) {
  RETURN_IF_ERROR(check_name(name));
  // Where it is to be given away, nobody gets in before that.
  const mode_t mode = names_owner(attributes) ? 0700 : attributes.mode;
  if (::mkdirat(descriptor_.get(), name.c_str(), mode) != 0) {
    return write_error(errno, "create the directory", where(name));
  }
  Status done = set_attributes(name, attributes);
  if (!done) ::unlinkat(descriptor_.get(), name.c_str(), AT_REMOVEDIR);
  return done;
}

Result<FileInfo> RealDirectory::write_new(const std::string& name, std::string_view bytes,
                                          const FileAttributes& attributes, Sync sync) {
  RETURN_IF_ERROR(check_name(name));
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor opened(retry_interrupted([&] { return ::openat(descriptor_.get(), name.c_str(), flags, 0600); }));
  if (!opened.is_open()) return write_error(errno, "create", where(name));
  Result<FileInfo> written = fill_new_file(opened.get(), bytes, attributes, sync, where(name));
  if (!written) ::unlinkat(descriptor_.get(), name.c_str(), 0);
  return written;
}

Status RealDirectory::overwrite(const std::string& name, std::string_view bytes) {
  RETURN_IF_ERROR(check_name(name));
  FileInfo info;
  Result<Descriptor> opened = open_regular(name, O_WRONLY | O_NONBLOCK | O_NOCTTY, Links::refuse, info);
  if (!opened) {
    const int number = opened.error().os_error;
    return number != 0 ? write_error(number, "open for writing", where(name)) : std::move(opened).error();
  }
  RealFile file(std::move(*opened), where(name));
  RETURN_IF_ERROR(file.write_at(0, bytes));
  RETURN_IF_ERROR(file.truncate(bytes.size()));
  return file.sync_data();
}

Result<std::unique_ptr<WritableFile>> RealDirectory::open_for_writing(const std::string& name, std::uint32_t mode) {
  RETURN_IF_ERROR(check_name(name));
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor opened(retry_interrupted([&] { return ::openat(descriptor_.get(), name.c_str(), flags, mode); }));
  if (!opened.is_open()) return write_error(errno, "open for writing", where(name));
  struct stat status = {};
  if (::fstat(opened.get(), &status) != 0) return read_error(errno, "look at", where(name));
  if (!S_ISREG(status.st_mode)) {
    return Error{.code = ErrorCode::conflict, .message = "is not an ordinary file", .where = where(name)};
  }
  return std::make_unique<RealFile>(std::move(opened), where(name));
}

Status RealDirectory::rename(const std::string& name, WritableDirectory& to, const std::string& to_name,
                             RenameMode mode) {
  RETURN_IF_ERROR(check_name(name));
  RETURN_IF_ERROR(check_name(to_name));
  const auto* target = dynamic_cast<const RealDirectory*>(&to);
  if (target == nullptr) {
    return Error{.code = ErrorCode::internal, .message = "renaming between two kinds of disk", .where = where(name)};
  }
  const unsigned flags = mode == RenameMode::exchange ? kExchange : mode == RenameMode::no_replace ? kNoReplace : 0U;
  const long answer = flags == 0
                          ? ::renameat(descriptor_.get(), name.c_str(), target->descriptor_.get(), to_name.c_str())
                          : ::syscall(SYS_renameat2, descriptor_.get(), name.c_str(), target->descriptor_.get(),
                                      to_name.c_str(), flags);
  if (answer == 0) return ok();
  return rename_error(errno, flags != 0, where(name), target->where(to_name));
}

Status RealDirectory::remove_file(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  if (::unlinkat(descriptor_.get(), name.c_str(), 0) != 0) return write_error(errno, "remove", where(name));
  return ok();
}

Status RealDirectory::remove_directory(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  if (::unlinkat(descriptor_.get(), name.c_str(), AT_REMOVEDIR) != 0) {
    return write_error(errno, "remove the directory", where(name));
  }
  return ok();
}

Status RealDirectory::make_link(const std::string& target, const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  if (::symlinkat(target.c_str(), descriptor_.get(), name.c_str()) != 0) {
    return write_error(errno, "create the link", where(name));
  }
  return ok();
}

Status RealDirectory::set_attributes(const std::string& name, const FileAttributes& attributes) {
  RETURN_IF_ERROR(check_name(name));
  // O_PATH needs no permission on the file itself, and what it holds cannot be swapped for a link.
  const Descriptor opened = open_at(name, O_PATH | O_NOFOLLOW, Links::refuse);
  if (!opened.is_open()) return write_error(errno, "open", where(name));
  struct stat status = {};
  if (::fstat(opened.get(), &status) != 0) return read_error(errno, "look at", where(name));
  if (S_ISLNK(status.st_mode)) return write_error(ELOOP, "set the mode", where(name));
  constexpr uid_t kUnchanged = static_cast<uid_t>(-1);
  if (names_owner(attributes) && ::fchownat(opened.get(), "", attributes.uid.value_or(kUnchanged),
                                            attributes.gid.value_or(kUnchanged), AT_EMPTY_PATH) != 0) {
    return write_error(errno, "set the owner", where(name));
  }
  if (!names_owner(attributes) && (status.st_mode & 07777U) == attributes.mode) return ok();
  // fchmod() refuses an O_PATH descriptor; its name in /proc leads to exactly the same file.
  if (::chmod(fmt::format("/proc/self/fd/{}", opened.get()).c_str(), attributes.mode) != 0) {
    return write_error(errno, "set the mode", where(name));
  }
  return ok();
}

Status RealDirectory::sync() { return sync_descriptor(descriptor_.get(), display_path_); }

Status RealDirectory::sync_file(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  FileInfo info;
  ASSIGN_OR_RETURN(const Descriptor opened, open_regular(name, O_RDONLY | O_NONBLOCK | O_NOCTTY, Links::refuse, info));
  return sync_descriptor(opened.get(), where(name));
}

Status RealDirectory::sync_everything() {
  if (retry_interrupted([&] { return ::syncfs(descriptor_.get()); }) != 0) {
    return write_error(errno, "make everything durable", display_path_);
  }
  return ok();
}

Result<std::unique_ptr<ReadLease>> RealDirectory::lease(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  FileInfo info;
  ASSIGN_OR_RETURN(Descriptor opened, open_regular(name, O_RDONLY | O_NONBLOCK | O_NOCTTY, Links::refuse, info));
  return take_lease(std::move(opened), info, where(name));
}

}  // namespace trueup::platform
