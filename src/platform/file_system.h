// The seam to the disk: every byte trueup reads or writes passes through these ports.
//
// A Directory is an open directory and everything in it is named relative to it, so nobody can swap the ground under
// a check. Readers get the read-only half and cannot write by mistake. The same code runs on the real disk
// (real_file_system.h), on one in memory (memory_file_system.h) and on decorators that count, deny or fail.
// A path here is relative, not empty, without "..", e.g. "config/config.json"; a name is one component of it.
// Const calls may run in several threads at once. Nothing here follows a link unless the caller says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup::platform {

enum class FileKind { regular, directory, link, other };

struct FileInfo {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t mode = 0;  // permission bits only
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t links = 0;
  std::int64_t modified_ns = 0;  // for caches only: "certainly unchanged". No file time ever decides anything
  std::int64_t changed_ns = 0;   // likewise

  bool operator==(const FileInfo&) const = default;
  /// The same file object, whatever it is called now.
  [[nodiscard]] bool same_file(const FileInfo& other) const { return inode == other.inode && device == other.device; }
};

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::other;
  std::uint64_t inode = 0;
  bool operator==(const DirectoryEntry&) const = default;
};

struct FileBytes {
  std::string bytes;
  FileInfo info;  // as it was just before the bytes were read
  bool operator==(const FileBytes&) const = default;
};

/// Owner and mode of something new. Without uid or gid the creator's stay.
struct FileAttributes {
  std::uint32_t mode = 0644;
  std::optional<std::uint32_t> uid = {};
  std::optional<std::uint32_t> gid = {};
  bool operator==(const FileAttributes&) const = default;
};

enum class Links { follow, refuse };  // refuse: no component of the path may be one
enum class Sync { no, yes };
enum class FileLock { none, shared, exclusive };
enum class RenameMode { replace, no_replace, exchange };

/// An open regular file, for those who need positions: journal, ledger, lock.
class File {
 public:
  virtual ~File() = default;
  /// Up to `length` bytes; fewer only at the end of the file.
  virtual Result<std::string> read_at(std::uint64_t offset, std::size_t length) const = 0;
  virtual Result<FileInfo> info() const = 0;
  /// The kernel's number for it, to be handed to a child program; -1 for one that the kernel does not know.
  [[nodiscard]] virtual int descriptor() const { return -1; }
  /// An advisory lock that the kernel drops with the process; ErrorCode::contended at once when another has it.
  virtual Status try_lock(FileLock lock) = 0;
};

class WritableFile : public File {
 public:
  virtual Status write_at(std::uint64_t offset, std::string_view bytes) = 0;
  /// At the end as it is now, so that two appends never overlap.
  virtual Status append(std::string_view bytes) = 0;
  virtual Status truncate(std::uint64_t size) = 0;
  /// The bytes and the size are on the disk (fdatasync).
  virtual Status sync_data() = 0;
};

/// Held on a file that nobody has open for writing; whoever opens it for writing waits, and we are told.
class ReadLease {
 public:
  virtual ~ReadLease() = default;  // ends the lease: the waiting writer goes on
  /// Someone asked to write. Give the file back soon: the kernel lets him wait for 45 s at most.
  [[nodiscard]] virtual bool is_breaking() const = 0;
  /// The file the lease is on.
  [[nodiscard]] virtual FileInfo info() const = 0;
};

/// The read-only half. Errors: not_found, refused (a link), unreadable (there, but not to be read), io.
class Directory {
 public:
  virtual ~Directory() = default;

  /// The whole content of a regular file. A directory, FIFO, socket or device is unreadable, never waited for;
  /// so is a file larger than `limit`.
  virtual Result<FileBytes> read(const std::string& path, std::size_t limit, Links links) const = 0;
  /// Of the file itself. With Links::refuse a link at the end is described, not followed, and none before it passed.
  virtual Result<FileInfo> info(const std::string& path, Links links) const = 0;
  /// Everything in this directory, sorted by name; complete or an error, never a part of it.
  virtual Result<std::vector<DirectoryEntry>> list() const = 0;
  virtual Result<std::string> link_target(const std::string& path) const = 0;
  /// Where `path` really lies: absolute, all links followed. "." is this directory.
  virtual Result<std::string> real_path(const std::string& path) const = 0;
  virtual Result<std::unique_ptr<Directory>> open(const std::string& path, Links links) const = 0;
  virtual Result<std::unique_ptr<File>> open_file(const std::string& path, Links links) const = 0;
  virtual Result<FileInfo> self() const = 0;
  /// Whether another file system, or another place of one, is mounted on that name: then it can only be edited in
  /// place. One component; false where the system does not tell.
  [[nodiscard]] virtual bool is_mount_point(const std::string& /*name*/) const { return false; }
  /// The kernel's number for it, to be handed to a child program; -1 for one that the kernel does not know.
  [[nodiscard]] virtual int descriptor() const { return -1; }
  /// What an ordinary user may still fill.
  virtual Result<std::uint64_t> free_bytes() const = 0;
  /// For messages only: the path it was opened by.
  [[nodiscard]] virtual const std::string& display_path() const = 0;
};

/// Nothing here is durable before the sync() of the file and of the directory it was done in.
class WritableDirectory : public Directory {
 public:
  virtual Result<std::unique_ptr<WritableDirectory>> open_writable(const std::string& path, Links links) const = 0;
  /// ErrorCode::conflict if the name is taken.
  virtual Status make_directory(const std::string& name, const FileAttributes& attributes) = 0;
  /// A new file with all the bytes, or none: conflict if the name is taken, and what failed half-way is removed.
  /// At no moment can more people read it than `attributes` says.
  virtual Result<FileInfo> write_new(const std::string& name, std::string_view bytes, const FileAttributes& attributes,
                                     Sync sync) = 0;
  /// Replaces the bytes of the same file object. Not atomic: only for a file that cannot be replaced, from a durable
  /// copy. Synced.
  virtual Status overwrite(const std::string& name, std::string_view bytes) = 0;
  /// Opens, or creates with `mode` if it is not there.
  virtual Result<std::unique_ptr<WritableFile>> open_for_writing(const std::string& name, std::uint32_t mode) = 0;
  /// Codes: conflict (no_replace and the name is taken; or the target directory is not empty), not_found,
  /// unsupported (another file system, or it cannot exchange), refused (mounted on, in use by the kernel).
  /// Requires: `to` comes from the same FileSystem.
  virtual Status rename(const std::string& name, WritableDirectory& to, const std::string& to_name,
                        RenameMode mode) = 0;
  /// A file or a link, never what it points to.
  virtual Status remove_file(const std::string& name) = 0;
  /// An empty directory; conflict otherwise.
  virtual Status remove_directory(const std::string& name) = 0;
  virtual Status make_link(const std::string& target, const std::string& name) = 0;
  virtual Status set_attributes(const std::string& name, const FileAttributes& attributes) = 0;
  /// Makes the names in this directory durable; not the content of what they name.
  virtual Status sync() = 0;
  virtual Status sync_file(const std::string& name) = 0;
  /// Makes everything durable that was done on this file system until now, by whomever: for many changes at once.
  virtual Status sync_everything() = 0;
  /// contended: someone has it open for writing. unsupported: not our file, or the file system has no leases.
  virtual Result<std::unique_ptr<ReadLease>> lease(const std::string& name) = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Links in `path` are followed: the owner named it. Creates nothing.
  virtual Result<std::unique_ptr<WritableDirectory>> open_root(const std::string& path) = 0;
  virtual Result<std::unique_ptr<Directory>> open_root_for_reading(const std::string& path) const = 0;
};

}  // namespace trueup::platform
