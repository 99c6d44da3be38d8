// What a power cut may leave on a disk: from the state before and the recorded operations (MemoryFileSystem::log()),
// every kind of disk that a real file system may show after a cut behind the first `cut` of them.
//
// Stricter than any one file system. Bytes, size and mode of a file are volatile until that file is synced; a name
// until its directory is (of a rename: both directories); the mode of a directory until that directory is. What is
// volatile may survive in any selection in which nothing survives without the earlier changes of the same names, of
// the same name's file, or, for bytes, of the same file. A rename or exchange survives whole or not at all.
// For tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/disk_image.h"

namespace trueup::platform {

struct CrashOptions {
  std::size_t random_selections = 8;
  std::uint64_t seed = 1;
  std::size_t most_singles = 100;  // of "all but one" and "only one": more volatile operations are sampled
};

struct SurvivingDisk {
  std::string variant;  // "names without their bytes", "all but 3: rename /d/new -> /d/live"
  DiskImage image;
};

/// Distinct ones only. Requires: cut <= log.size(), and `start` is the state in which the log began.
std::vector<SurvivingDisk> surviving_disks(const DiskImage& start, const std::vector<LoggedOperation>& log,
                                           std::size_t cut, const CrashOptions& options = {});

/// A digest of everything that the tree shows: equal disks, equal text.
std::string fingerprint(const DiskImage& image);

}  // namespace trueup::platform
