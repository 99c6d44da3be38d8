// Inside platform only: a directory of the real disk, both halves. Readers are given it as a Directory.
#pragma once

#include <sys/stat.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/descriptor.h"
#include "platform/file_system.h"

namespace trueup::platform {

FileInfo info_of(const struct stat& status);

class RealDirectory final : public WritableDirectory {
 public:
  RealDirectory(Descriptor descriptor, std::string display_path);

  Result<FileBytes> read(const std::string& path, std::size_t limit, Links links) const override;
  Result<FileInfo> info(const std::string& path, Links links) const override;
  Result<std::vector<DirectoryEntry>> list() const override;
  Result<std::string> link_target(const std::string& path) const override;
  Result<std::string> real_path(const std::string& path) const override;
  Result<std::unique_ptr<Directory>> open(const std::string& path, Links links) const override;
  Result<std::unique_ptr<File>> open_file(const std::string& path, Links links) const override;
  Result<FileInfo> self() const override;
  [[nodiscard]] int descriptor() const override { return descriptor_.get(); }
  [[nodiscard]] bool is_mount_point(const std::string& name) const override;
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
  [[nodiscard]] std::string where(const std::string& path) const;
  [[nodiscard]] Descriptor open_at(const std::string& path, int flags, Links links) const;
  Result<std::unique_ptr<RealDirectory>> open_directory(const std::string& path, Links links) const;
  /// Open for reading, and certainly a regular file.
  Result<Descriptor> open_regular(const std::string& path, int flags, Links links, FileInfo& info) const;
  /// A descriptor of the directory that holds the last component of `path`, and that component.
  Result<Descriptor> open_parent(const std::string& path, Links links, std::string& last) const;

  Descriptor descriptor_;
  std::string display_path_;
  mutable std::mutex listing_;  // the descriptor has one position for all
  mutable bool listed_ = false;
};

}  // namespace trueup::platform
