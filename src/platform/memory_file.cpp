#include <algorithm>
#include <cerrno>

#include "platform/descriptor.h"
#include "platform/memory_directory.h"

namespace trueup::platform {

LoggedOperation on_inode(Operation operation, std::uint64_t inode, std::string where) {
  LoggedOperation logged;
  logged.operation = operation;
  logged.inode = inode;
  logged.where = std::move(where);
  return logged;
}

MemoryFile::MemoryFile(Handle handle, std::string where, bool writable)
    : handle_(std::move(handle)), where_(std::move(where)), writable_(writable) {
  if (writable_) ++handle_.disk().uses[handle_.inode()].writers;
}

MemoryFile::~MemoryFile() {
  const std::lock_guard lock(handle_.disk().mutex);
  MemoryDisk::Use& use = handle_.disk().uses[handle_.inode()];
  use.locks.erase(this);
  if (writable_) --use.writers;
}

Result<std::string> MemoryFile::read_at(std::uint64_t offset, std::size_t length) const {
  const std::lock_guard lock(handle_.disk().mutex);
  const DiskNode& node = handle_.disk().node(handle_.inode());
  if (node.read_failure != 0) return read_error(node.read_failure, "read", where_);
  if (offset >= node.content.size()) return std::string();
  return node.content.substr(offset, length);
}

Result<FileInfo> MemoryFile::info() const {
  const std::lock_guard lock(handle_.disk().mutex);
  return handle_.disk().info(handle_.inode());
}

Status MemoryFile::try_lock(FileLock wanted) {
  const std::lock_guard lock(handle_.disk().mutex);
  auto& locks = handle_.disk().uses[handle_.inode()].locks;
  if (wanted == FileLock::none) {
    locks.erase(this);
    return ok();
  }
  for (const auto& [holder, held] : locks) {
    if (holder != this && (wanted == FileLock::exclusive || held == FileLock::exclusive)) {
      return write_error(EAGAIN, "lock", where_);
    }
  }
  locks[this] = wanted;
  return ok();
}

Status MemoryFile::change(Operation operation, std::optional<std::uint64_t> position, std::string_view bytes) {
  const Call call{.operation = operation, .path = where_, .bytes = bytes.size()};
  RETURN_IF_ERROR(handle_.disk().announce(call));
  {
    const std::lock_guard lock(handle_.disk().mutex);
    LoggedOperation logged = on_inode(operation, handle_.inode(), where_);
    logged.position = position ? *position : handle_.disk().node(handle_.inode()).content.size();
    logged.bytes = bytes;
    if (operation == Operation::write || operation == Operation::truncate) {
      const int failed = handle_.disk().reserve(handle_.inode(), logged.position + bytes.size());
      if (failed != 0) {
        if (operation == Operation::write) write_what_fits(std::move(logged));
        return write_error(failed, "write", where_);
      }
    }
    handle_.disk().perform(std::move(logged));
  }
  handle_.disk().report(call);
  return ok();
}

/// A full disk takes the beginning, as a real one does. Requires: the disk's mutex is held.
void MemoryFile::write_what_fits(LoggedOperation logged) {
  MemoryDisk& disk = handle_.disk();
  const std::uint64_t end = disk.node(handle_.inode()).content.size() + disk.free_bytes;
  if (end <= logged.position) return;
  logged.bytes.resize(std::min<std::uint64_t>(logged.bytes.size(), end - logged.position));
  (void)disk.reserve(handle_.inode(), end);
  disk.perform(std::move(logged));
}

Status MemoryFile::write_at(std::uint64_t offset, std::string_view bytes) {
  return change(Operation::write, offset, bytes);
}

Status MemoryFile::append(std::string_view bytes) { return change(Operation::write, std::nullopt, bytes); }

Status MemoryFile::truncate(std::uint64_t size) { return change(Operation::truncate, size, ""); }

Status MemoryFile::sync_data() { return change(Operation::sync_file, 0, ""); }

MemoryLease::MemoryLease(Handle handle) : handle_(std::move(handle)), info_(handle_.disk().info(handle_.inode())) {
  ++handle_.disk().uses[handle_.inode()].leases;
}

MemoryLease::~MemoryLease() {
  const std::lock_guard lock(handle_.disk().mutex);
  MemoryDisk::Use& use = handle_.disk().uses[handle_.inode()];
  if (--use.leases == 0) use.breaking = false;
}

bool MemoryLease::is_breaking() const {
  const std::lock_guard lock(handle_.disk().mutex);
  return handle_.disk().uses[handle_.inode()].breaking;
}

}  // namespace trueup::platform
