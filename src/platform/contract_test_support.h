// The two disks that must agree, for the contract tests: one TEST_P runs on both.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "platform/file_system.h"

namespace trueup::platform {

/// A fresh, empty root directory on one kind of disk.
class TestDisk {
 public:
  virtual ~TestDisk() = default;
  virtual FileSystem& file_system() = 0;
  [[nodiscard]] virtual std::string root_path() const = 0;
  /// Another program opens `name` in the root for writing; until end_foreign_write() it keeps it open.
  /// False when it must wait (a lease) or may not.
  virtual bool begin_foreign_write(const std::string& name) = 0;
  virtual void end_foreign_write() = 0;
};

std::string disk_name(const ::testing::TestParamInfo<std::string>& parameter);
std::unique_ptr<TestDisk> make_test_disk(const std::string& kind);

/// Runs as the parameter says: "real" or "memory".
class DiskContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;
  std::string read(const std::string& path) const;
  void write(const std::string& name, const std::string& bytes);

  std::unique_ptr<TestDisk> disk_;
  std::unique_ptr<WritableDirectory> root_;
};

}  // namespace trueup::platform
