// Plain file helpers for tests: they stop the test program when the disk says no, since no test could go on.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace trueup::test {

/// A directory of its own that is removed with everything in it at the end of the scope.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes in place (same inode when the file exists), making the directories above it.
void write_file(const std::filesystem::path& path, std::string_view bytes);

std::string read_file(const std::filesystem::path& path);

}  // namespace trueup::test
