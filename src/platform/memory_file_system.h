// A disk in memory behind the FileSystem port: fast, exact, and open to inspection. It behaves as the real one does
// (one contract test runs on both) except that everyone may do everything unless told otherwise.
//
// Every change is recorded as a LoggedOperation, in steps as fine as the real system calls, so that crash_disk.h can
// tell what a power cut at any point leaves behind. Paths given to the methods below are absolute ("/pi/config.json").
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/disk_image.h"
#include "platform/file_system.h"
#include "platform/observer.h"

namespace trueup::platform {

class MemoryDisk;

class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();
  explicit MemoryFileSystem(DiskImage image);  // after a power cut: what survived

  Result<std::unique_ptr<WritableDirectory>> open_root(const std::string& path) override;
  Result<std::unique_ptr<Directory>> open_root_for_reading(const std::string& path) const override;

  // Another program at work: durable at once, not announced to the observer. Parents are made as needed.
  void put_file(const std::string& path, std::string bytes, std::uint32_t mode = 0644);
  void put_files(const std::map<std::string, std::string>& files);
  void put_directory(const std::string& path, std::uint32_t mode = 0755);
  void put_link(const std::string& path, std::string target);
  void put_special(const std::string& path);  // a FIFO, say
  void erase(const std::string& path);        // with everything below
  void set_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid);
  /// Another program opens the file for writing. False: it must wait, because somebody holds a lease and is told.
  bool begin_foreign_write(const std::string& path);
  void end_foreign_write(const std::string& path);

  /// Reading or listing it fails with this errno from now on; 0 heals it.
  void fail_reading(const std::string& path, int os_error);
  void set_free_bytes(std::uint64_t bytes);  // writes beyond it fail: disk full

  /// Regular files only: path to bytes. The whole tree with kinds, links and modes: tree_of(image()).
  [[nodiscard]] std::map<std::string, std::string> files() const;
  [[nodiscard]] DiskImage image() const;

  /// What was changed since the start or the last clear_log().
  [[nodiscard]] std::vector<LoggedOperation> log() const;
  void clear_log();
  /// Called outside any lock, before and after each change. nullptr: nobody. Not owned.
  void set_observer(Observer* observer);

 private:
  std::shared_ptr<MemoryDisk> disk_;
};

}  // namespace trueup::platform
