// The read-only half of RealDirectory.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "platform/beneath.h"
#include "platform/real_directory.h"
#include "platform/real_file.h"

namespace trueup::platform {

namespace {

constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;  // non-blocking: a FIFO must not hold us

constexpr std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

FileKind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::link;
  return FileKind::other;
}

/// One record of getdents64; nothing for "." and "..", and for what vanished meanwhile.
Result<std::optional<DirectoryEntry>> entry_of(int directory, const dirent64& record, const std::string& where) {
  const std::string_view name = record.d_name;
  if (name == "." || name == "..") return std::optional<DirectoryEntry>();
  DirectoryEntry entry{.name = std::string(name), .kind = FileKind::other, .inode = record.d_ino};
  switch (record.d_type) {
    case DT_REG: entry.kind = FileKind::regular; break;
    case DT_DIR: entry.kind = FileKind::directory; break;
    case DT_LNK: entry.kind = FileKind::link; break;
    case DT_UNKNOWN: {  // some file systems do not say
      struct stat status = {};
      if (::fstatat(directory, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return std::optional<DirectoryEntry>();
        return read_error(errno, "look at", where + "/" + entry.name);
      }
      entry.kind = kind_of_mode(status.st_mode);
      break;
    }
    default: break;
  }
  return std::optional(std::move(entry));
}

Result<std::string> read_link_at(int directory, const std::string& path, const std::string& where) {
  std::string target(256, '\0');
  for (;;) {
    const ssize_t length = ::readlinkat(directory, path.c_str(), target.data(), target.size());
    if (length < 0) return read_error(errno, "read the link", where);
    if (static_cast<std::size_t>(length) < target.size()) {
      target.resize(static_cast<std::size_t>(length));
      return target;
    }
    target.resize(target.size() * 2);
  }
}

}  // namespace

FileInfo info_of(const struct stat& status) {
  return FileInfo{.kind = kind_of_mode(status.st_mode),
                  .size = static_cast<std::uint64_t>(status.st_size),
                  .inode = status.st_ino,
                  .device = status.st_dev,
                  .mode = status.st_mode & 07777U,
                  .uid = status.st_uid,
                  .gid = status.st_gid,
                  .links = status.st_nlink,
                  .modified_ns = nanoseconds(status.st_mtim),
                  .changed_ns = nanoseconds(status.st_ctim)};
}

RealDirectory::RealDirectory(Descriptor descriptor, std::string display_path)
    : descriptor_(std::move(descriptor)), display_path_(std::move(display_path)) {}

std::string RealDirectory::where(const std::string& path) const {
  if (path == ".") return display_path_;
  std::string whole;
  whole.reserve(display_path_.size() + 1 + path.size());
  whole = display_path_;
  if (!whole.ends_with('/')) whole += '/';
  whole += path;
  return whole;
}

Descriptor RealDirectory::open_at(const std::string& path, int flags, Links links) const {
  if (links == Links::refuse) return open_beneath(descriptor_.get(), path, flags);
  return Descriptor(retry_interrupted([&] { return ::openat(descriptor_.get(), path.c_str(), flags | O_CLOEXEC); }));
}

Result<Descriptor> RealDirectory::open_regular(const std::string& path, int flags, Links links, FileInfo& info) const {
  RETURN_IF_ERROR(check_path(path));
  Descriptor opened = open_at(path, flags, links);
  if (!opened.is_open()) return read_error(errno, "open", where(path));
  struct stat status = {};
  if (::fstat(opened.get(), &status) != 0) return read_error(errno, "look at", where(path));
  info = info_of(status);
  if (info.kind != FileKind::regular) return not_regular(info.kind, where(path));
  return opened;
}

Result<Descriptor> RealDirectory::open_parent(const std::string& path, Links links, std::string& last) const {
  RETURN_IF_ERROR(check_path(path));
  const std::size_t slash = path.rfind('/');
  last = path.substr(slash + 1);  // npos + 1 is 0
  if (last.empty()) last.assign(1, '.');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash);
  Descriptor opened = open_at(parent, O_PATH | O_DIRECTORY, links);
  if (!opened.is_open()) return read_error(errno, "open the directory", where(parent));
  return opened;
}

Result<FileBytes> RealDirectory::read(const std::string& path, std::size_t limit, Links links) const {
  FileInfo info;
  ASSIGN_OR_RETURN(const Descriptor opened, open_regular(path, kReadFlags, links, info));
  // Where it was is put together only for an error: this runs for every file of every plugin.
  auto bytes = read_to_end(opened.get(), info.size, limit, path);
  if (!bytes) {
    bytes.error().where = where(path);
    return std::move(bytes).error();
  }
  return FileBytes{std::move(*bytes), info};
}

Result<FileInfo> RealDirectory::info(const std::string& path, Links links) const {
  RETURN_IF_ERROR(check_path(path));
  struct stat status = {};
  int answer = 0;
  if (links == Links::follow) {
    answer = ::fstatat(descriptor_.get(), path.c_str(), &status, 0);
  } else if (path.find('/') == std::string::npos) {
    answer = ::fstatat(descriptor_.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW);
  } else {
    std::string last;
    ASSIGN_OR_RETURN(const Descriptor parent, open_parent(path, links, last));
    answer = ::fstatat(parent.get(), last.c_str(), &status, AT_SYMLINK_NOFOLLOW);
  }
  if (answer != 0) return read_error(errno, "look at", where(path));
  return info_of(status);
}

Result<std::vector<DirectoryEntry>> RealDirectory::list() const {
  const std::lock_guard lock(listing_);
  if (listed_ && ::lseek(descriptor_.get(), 0, SEEK_SET) < 0) return read_error(errno, "list", display_path_);
  listed_ = true;
  std::vector<DirectoryEntry> entries;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the kernel fills it; clearing 32 KiB a directory costs.
  alignas(dirent64) std::array<char, 32768> buffer;
  for (;;) {
    const long filled =
        retry_interrupted([&] { return ::syscall(SYS_getdents64, descriptor_.get(), buffer.data(), buffer.size()); });
    if (filled < 0) return read_error(errno, "list", display_path_);
    if (filled == 0) break;
    for (long offset = 0; offset < filled;) {
      const auto* record = reinterpret_cast<const dirent64*>(buffer.data() + offset);
      offset += record->d_reclen;
      ASSIGN_OR_RETURN(auto entry, entry_of(descriptor_.get(), *record, display_path_));
      if (entry) entries.push_back(std::move(*entry));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

bool RealDirectory::is_mount_point(const std::string& name) const {
  struct statx own = {};
  struct statx there = {};
  if (!check_path(name) || name.find('/') != std::string::npos) return false;
  if (::statx(descriptor_.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &own) != 0) return false;
  if (::statx(descriptor_.get(), name.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_MNT_ID, &there) != 0) {
    return false;
  }
  if ((own.stx_mask & there.stx_mask & STATX_MNT_ID) != 0) return own.stx_mnt_id != there.stx_mnt_id;
  return own.stx_dev_major != there.stx_dev_major || own.stx_dev_minor != there.stx_dev_minor;
}

Result<std::string> RealDirectory::link_target(const std::string& path) const {
  std::string last;
  ASSIGN_OR_RETURN(const Descriptor parent, open_parent(path, Links::refuse, last));
  return read_link_at(parent.get(), last, where(path));
}

Result<std::string> RealDirectory::real_path(const std::string& path) const {
  RETURN_IF_ERROR(check_path(path));
  const Descriptor opened = open_at(path, O_PATH, Links::follow);
  if (!opened.is_open()) return read_error(errno, "follow", where(path));
  return read_link_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", opened.get()), where(path));
}

Result<std::unique_ptr<RealDirectory>> RealDirectory::open_directory(const std::string& path, Links links) const {
  RETURN_IF_ERROR(check_path(path));
  Descriptor opened = open_at(path, O_RDONLY | O_DIRECTORY, links);
  if (!opened.is_open()) return read_error(errno, "open the directory", where(path));
  return std::make_unique<RealDirectory>(std::move(opened), where(path));
}

Result<std::unique_ptr<Directory>> RealDirectory::open(const std::string& path, Links links) const {
  return open_directory(path, links);
}

Result<std::unique_ptr<WritableDirectory>> RealDirectory::open_writable(const std::string& path, Links links) const {
  return open_directory(path, links);
}

Result<std::unique_ptr<File>> RealDirectory::open_file(const std::string& path, Links links) const {
  FileInfo info;
  ASSIGN_OR_RETURN(Descriptor opened, open_regular(path, kReadFlags, links, info));
  return std::make_unique<RealFile>(std::move(opened), where(path));
}

Result<FileInfo> RealDirectory::self() const {
  struct stat status = {};
  if (::fstat(descriptor_.get(), &status) != 0) return read_error(errno, "look at", display_path_);
  return info_of(status);
}

Result<std::uint64_t> RealDirectory::free_bytes() const {
  struct statvfs status = {};
  if (retry_interrupted([&] { return ::fstatvfs(descriptor_.get(), &status); }) != 0) {
    return read_error(errno, "ask for the free space", display_path_);
  }
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace trueup::platform
