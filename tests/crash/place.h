// An installation on a disk in memory for the crash and fault tests: laid out as LEDMatrix would have written it, with
// a registry beside it on the same disk. What a scenario starts from, and what is built again from a disk that
// survived.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine_test_support.h"
#include "platform/memory_file_system.h"
#include "store/local_source.h"

namespace trueup::test {

/// Path below the installation to what is there.
using Tree = std::map<std::string, platform::ShownNode>;

/// Stands only in the secrets file, so a copy of it that others may read is found.
inline constexpr const char* kSecret = "CANARY-of-the-owner";

class Place {
 public:
  Place();
  /// `life`: 1, 2, … for each start after the first, so that no two starts draw the same names.
  Place(platform::DiskImage image, unsigned life);
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// Through `seen`, when the disk is to be watched or to fail.
  engine::World world(platform::FileSystem& seen);
  engine::World world() { return world(disk); }
  engine::World world_without_registry();

  void write(const std::string& path, const std::string& bytes, std::uint32_t mode = 0644);
  [[nodiscard]] std::string read(const std::string& path) const;
  void add_plugin(const std::string& id, const std::string& version = "1.0.0", const std::string& more = "");
  void configure(const std::vector<std::pair<std::string, std::string>>& sections);
  void record(const std::vector<std::pair<std::string, bool>>& records);
  void offer(const std::string& id, const std::string& version, const std::string& more = "");
  /// The wall clock, not the monotonic one.
  void jump(std::chrono::hours by);

  /// Everything but the lock, which each start writes.
  [[nodiscard]] Tree all() const;
  /// What is not trueup's own.
  [[nodiscard]] Tree theirs() const;

  platform::MemoryFileSystem disk;

 private:
  engine::Ports ports_;
  std::map<std::string, std::string> offers_;
  store::LocalSource store_;
};

/// Whether it lies in .trueup or in the container: both are trueup's own.
bool is_own(const std::string& path);

}  // namespace trueup::test
