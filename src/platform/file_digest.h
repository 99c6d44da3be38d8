// What a file holds, in one digest.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::platform {

struct FileDigest {
  std::string sha256;  // hexadecimal
  std::uint64_t bytes = 0;
};

/// Read piece by piece: a large file takes no more memory than a small one.
Result<FileDigest> digest_of(const File& file);

}  // namespace trueup::platform
