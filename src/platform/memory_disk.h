// Inside platform only: the shared state of one in-memory disk, and the checks a kernel does before a change.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/disk_image.h"

namespace trueup::platform {

/// An inode, or the errno that a kernel would give.
struct Found {
  std::uint64_t inode = 0;
  int os_error = 0;
};

class MemoryDisk {
 public:
  /// What open handles add to an inode while the program runs; a power cut ends it all.
  struct Use {
    int handles = 0;
    int writers = 0;  // ours and others'
    int leases = 0;
    bool breaking = false;
    std::map<const void*, FileLock> locks = {};
  };

  // Without the lock: may call out.
  Status announce(const Call& call);
  void report(const Call& call);

  // Requires for all that follow: `mutex` is held.
  [[nodiscard]] Found resolve(std::uint64_t start, const std::string& path, Links links, bool follow_last) const;
  [[nodiscard]] FileInfo info(std::uint64_t inode) const;
  [[nodiscard]] std::string path_of(std::uint64_t inode) const;
  [[nodiscard]] const DiskNode& node(std::uint64_t inode) const { return image.nodes.at(inode); }
  [[nodiscard]] std::optional<std::uint64_t> child(std::uint64_t directory, const std::string& name) const;
  [[nodiscard]] bool lies_in(std::uint64_t directory, std::uint64_t ancestor) const;
  /// Does and records it.
  void perform(LoggedOperation operation);
  /// errno of a rename, or 0; fills in what the operation needs.
  int check_rename(LoggedOperation& operation, RenameMode mode) const;
  /// errno of writing so much there, or 0; takes it from the free space.
  int reserve(std::uint64_t inode, std::uint64_t end);
  void release(std::uint64_t inode);  // one handle less
  void forget_if_unused(std::uint64_t inode);

  mutable std::mutex mutex;
  DiskImage image;
  std::map<std::uint64_t, Use> uses;
  std::vector<LoggedOperation> log;
  Observer* observer = nullptr;
  std::uint64_t free_bytes = std::uint64_t{1} << 40U;
};

/// A handle on an inode: the node lives as long as somebody holds one.
class Handle {
 public:
  /// Requires: the disk's mutex is held.
  Handle(std::shared_ptr<MemoryDisk> disk, std::uint64_t inode) : disk_(std::move(disk)), inode_(inode) {
    ++disk_->uses[inode_].handles;
  }
  Handle(Handle&& other) noexcept = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (disk_ == nullptr) return;
    const std::lock_guard lock(disk_->mutex);
    disk_->release(inode_);
  }

  [[nodiscard]] MemoryDisk& disk() const { return *disk_; }
  [[nodiscard]] const std::shared_ptr<MemoryDisk>& shared_disk() const { return disk_; }
  [[nodiscard]] std::uint64_t inode() const { return inode_; }

 private:
  std::shared_ptr<MemoryDisk> disk_;
  std::uint64_t inode_;
};

}  // namespace trueup::platform
