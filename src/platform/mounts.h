// Which file systems are mounted where, for whoever watches directories: inotify says nothing when another file system
// is mounted over a directory, or taken away from above it.
#pragma once

#include <string>
#include <string_view>

#include "platform/descriptor.h"

namespace trueup::platform {

/// The lines of /proc/self/mountinfo that can matter: not those of the system's own places, which change with every
/// login.
std::string mounts_that_matter(std::string_view mountinfo);

class Mounts {
 public:
  Mounts();
  /// Told of by EPOLLPRI; below zero where this system does not tell.
  [[nodiscard]] int descriptor() const { return table_.get(); }
  /// Whether they are others than the last time, or than at the beginning.
  bool have_changed();

 private:
  [[nodiscard]] std::string read() const;

  Descriptor table_;
  std::string known_;
};

}  // namespace trueup::platform
