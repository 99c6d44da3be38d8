// Inside platform only: open files and leases of the real disk.
#pragma once

#include <string>

#include "platform/descriptor.h"
#include "platform/file_system.h"

namespace trueup::platform {

class RealFile final : public WritableFile {
 public:
  RealFile(Descriptor descriptor, std::string where) : descriptor_(std::move(descriptor)), where_(std::move(where)) {}

  Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override;
  Result<FileInfo> info() const override;
  [[nodiscard]] int descriptor() const override { return descriptor_.get(); }
  Status try_lock(FileLock lock) override;
  Status write_at(std::uint64_t offset, std::string_view bytes) override;
  Status append(std::string_view bytes) override;
  Status truncate(std::uint64_t size) override;
  Status sync_data() override;

 private:
  Descriptor descriptor_;
  std::string where_;
};

class RealReadLease final : public ReadLease {
 public:
  RealReadLease(Descriptor descriptor, const FileInfo& info) : descriptor_(std::move(descriptor)), info_(info) {}
  ~RealReadLease() override;
  RealReadLease(const RealReadLease&) = delete;
  RealReadLease& operator=(const RealReadLease&) = delete;

  [[nodiscard]] bool is_breaking() const override;
  [[nodiscard]] FileInfo info() const override { return info_; }

 private:
  Descriptor descriptor_;
  FileInfo info_;
};

/// Takes the lease on the open file.
Result<std::unique_ptr<ReadLease>> take_lease(Descriptor descriptor, const FileInfo& info, const std::string& where);

}  // namespace trueup::platform
