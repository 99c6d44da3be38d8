// The smallest tar writer: a few regular files into one archive that any tar unpacks. No clock, no owner: equal files
// give equal bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Appends to an open file, one entry at a time: an archive is never in memory as a whole.
class TarWriter {
 public:
  explicit TarWriter(platform::WritableFile& archive) : archive_(archive) {}

  /// Requires: `name` is shorter than 100 bytes.
  Status add(std::string_view name, std::string_view bytes);
  Status finish();

 private:
  platform::WritableFile& archive_;
  std::string padding_;  // the rest of the last block, still to be written
};

}  // namespace trueup::engine
