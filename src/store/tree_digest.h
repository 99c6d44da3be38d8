// What a plugin's tree holds, as hashes: the list a receipt keeps, and one digest over it.
//
// Only regular files count; the receipt itself never does. Equal trees have equal digests on every machine: paths are
// sorted by bytes, no owner, no time, and of the mode only whether the file may be run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/tree.h"

namespace trueup::store {

/// The receipt's name in a plugin's directory.
inline constexpr std::string_view kReceiptName = ".trueup-receipt.json";

struct TreeFile {
  std::string path;  // relative to the plugin's directory
  std::string sha256;
  std::uint64_t size = 0;
  bool executable = false;
  bool operator==(const TreeFile&) const = default;
};

/// Sorts `files` by path, the order in which receipts list them.
void sort_files(std::vector<TreeFile>& files);

/// Requires: `files` is sorted.
std::string tree_digest(const std::vector<TreeFile>& files);

/// Every regular file below `directory`, sorted; links and other things are left out, nothing is followed.
Result<std::vector<TreeFile>> hash_tree(const platform::Directory& directory, const platform::TreeLimits& limits = {});

/// One file. `path` passes through no link.
Result<TreeFile> hash_file(const platform::Directory& directory, const std::string& path,
                           const platform::TreeLimits& limits = {});

}  // namespace trueup::store
