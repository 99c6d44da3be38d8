// Inside platform only: directories, files and leases of the in-memory disk.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/memory_disk.h"

namespace trueup::platform {

class MemoryDirectory final : public WritableDirectory {
 public:
  MemoryDirectory(Handle handle, std::string display_path)
      : handle_(std::move(handle)), display_path_(std::move(display_path)) {}

  Result<FileBytes> read(const std::string& path, std::size_t limit, Links links) const override;
  Result<FileInfo> info(const std::string& path, Links links) const override;
  Result<std::vector<DirectoryEntry>> list() const override;
  Result<std::string> link_target(const std::string& path) const override;
  Result<std::string> real_path(const std::string& path) const override;
  Result<std::unique_ptr<Directory>> open(const std::string& path, Links links) const override;
  Result<std::unique_ptr<File>> open_file(const std::string& path, Links links) const override;
  Result<FileInfo> self() const override;
  Result<std::uint64_t> free_bytes() const override;
  [[nodiscard]] const std::string& display_path() const override { return display_path_; }

  Result<std::unique_ptr<WritableDirectory>> open_writable(const std::string& path, Links links) const override;
  Status make_directory(const std::string& name, const FileAttributes& attributes) override;
  Result<FileInfo> write_new(const std::string& name, std::string_view bytes, const FileAttributes& attributes,
                             Sync sync) override;
  Status overwrite(const std::string& name, std::string_view bytes) override;
  Result<std::unique_ptr<WritableFile>> open_for_writing(const std::string& name, std::uint32_t mode) override;
  Status rename(const std::string& name, WritableDirectory& to, const std::string& to_name, RenameMode mode) override;
  Status remove_file(const std::string& name) override;
  Status remove_directory(const std::string& name) override;
  Status make_link(const std::string& target, const std::string& name) override;
  Status set_attributes(const std::string& name, const FileAttributes& attributes) override;
  Status sync() override;
  Status sync_file(const std::string& name) override;
  Status sync_everything() override;
  Result<std::unique_ptr<ReadLease>> lease(const std::string& name) override;

 private:
  [[nodiscard]] MemoryDisk& disk() const { return handle_.disk(); }
  [[nodiscard]] std::string where(const std::string& path) const;
  // Requires of these: the disk's mutex is held.
  Result<std::uint64_t> find(const std::string& path, Links links, bool follow_last) const;
  Result<std::uint64_t> find_regular(const std::string& path, Links links) const;
  Result<std::uint64_t> find_name(const std::string& name, std::string_view action) const;
  Result<std::unique_ptr<MemoryDirectory>> open_directory(const std::string& path, Links links) const;

  /// A new name: announced, checked to be free, done. The inode it got.
  Result<std::uint64_t> add(LoggedOperation operation, std::string_view action);
  Status remove(const std::string& name, Operation operation);
  Result<FileInfo> fill(const std::string& name, std::uint64_t inode, std::string_view bytes,
                        const FileAttributes& attributes, Sync sync);

  Handle handle_;
  std::string display_path_;
};

class MemoryFile final : public WritableFile {
 public:
  /// Requires: the disk's mutex is held.
  MemoryFile(Handle handle, std::string where, bool writable);
  ~MemoryFile() override;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override;
  Result<FileInfo> info() const override;
  Status try_lock(FileLock wanted) override;
  Status write_at(std::uint64_t offset, std::string_view bytes) override;
  Status append(std::string_view bytes) override;
  Status truncate(std::uint64_t size) override;
  Status sync_data() override;

 private:
  Status change(Operation operation, std::optional<std::uint64_t> position, std::string_view bytes);
  void write_what_fits(LoggedOperation logged);

  Handle handle_;
  std::string where_;
  bool writable_;
};

class MemoryLease final : public ReadLease {
 public:
  /// Requires: the disk's mutex is held.
  explicit MemoryLease(Handle handle);
  ~MemoryLease() override;
  MemoryLease(const MemoryLease&) = delete;
  MemoryLease& operator=(const MemoryLease&) = delete;

  [[nodiscard]] bool is_breaking() const override;
  [[nodiscard]] FileInfo info() const override { return info_; }

 private:
  Handle handle_;
  FileInfo info_;
};

/// The operation on an inode that carries no name of its own.
LoggedOperation on_inode(Operation operation, std::uint64_t inode, std::string where);

}  // namespace trueup::platform
