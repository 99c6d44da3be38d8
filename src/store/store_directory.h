// `.trueup/store`: what was fetched and is kept. All of it can be fetched again; losing it costs network, nothing else.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/lock.h"
#include "platform/process_table.h"

namespace trueup::store {

class StoreDirectory {
 public:
  /// Requires: `disk` outlives this. `root`: of the installation. `is_root`: what is created gets the owner of where it
  /// lies.
  StoreDirectory(platform::FileSystem& disk, std::string root, bool is_root)
      : disk_(disk), root_(std::move(root)), is_root_(is_root) {}

  [[nodiscard]] const std::string& root() const { return root_; }
  /// not_found: nothing was ever kept.
  [[nodiscard]] Result<std::unique_ptr<platform::Directory>> open_for_reading() const;
  /// Made when it is not there. Requires: `.trueup` is there.
  [[nodiscard]] Result<std::unique_ptr<platform::WritableDirectory>> open() const;

  /// A new, empty file; one that was there is gone.
  [[nodiscard]] Result<std::unique_ptr<platform::WritableFile>> begin(platform::WritableDirectory& store,
                                                                      const std::string& name) const;
  /// One process at a time asks for lists. The lock's file belongs to whom the directory belongs to, so that it can be
  /// taken by them when root took it first. Error: busy, naming the holder.
  Result<platform::ProcessLock> lock(platform::WritableDirectory& store, const std::string& command,
                                     platform::Clock& clock, const platform::ProcessTable& processes) const;
  /// A new, empty directory for what is needed for a while only.
  Status make_directory(platform::WritableDirectory& store, const std::string& name) const;
  /// The whole file in one step, for readers too. Sync::yes: it survives a power cut.
  Status replace(platform::WritableDirectory& store, const std::string& name, std::string_view bytes,
                 platform::Sync sync) const;

 private:
  [[nodiscard]] Result<platform::FileAttributes> attributes_in(const platform::Directory& directory,
                                                               std::uint32_t mode) const;

  platform::FileSystem& disk_;
  std::string root_;
  bool is_root_;
};

}  // namespace trueup::store
