// What was unpacked, packed again by itself: one plugin out of a large archive, to be kept for repairs without network.
#pragma once

#include <vector>

#include "base/result.h"
#include "platform/file_system.h"
#include "store/tree_digest.h"

namespace trueup::fetch {

/// Writes a tar.gz of `files`, which lie in `from`, to the open file `descriptor`. Equal files give equal bytes.
Status pack(const platform::Directory& from, const std::vector<store::TreeFile>& files, int descriptor);

}  // namespace trueup::fetch
