#include "store/tree_digest.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/digest.h"

namespace trueup::store {

void sort_files(std::vector<TreeFile>& files) {
  std::sort(files.begin(), files.end(), [](const TreeFile& a, const TreeFile& b) { return a.path < b.path; });
}

std::string tree_digest(const std::vector<TreeFile>& files) {
  Sha256 hash;
  for (const TreeFile& file : files) {
    // The length first, so that no name can pretend to be the next line.
    hash.update(fmt::format("{} {} {} {}:", file.sha256, file.size, file.executable ? 'x' : '-', file.path.size()));
    hash.update(file.path);
    hash.update("\n");
  }
  return hash.hex();
}

Result<TreeFile> hash_file(const platform::Directory& directory, const std::string& path,
                           const platform::TreeLimits& limits) {
  ASSIGN_OR_RETURN(const platform::FileBytes file, directory.read(path, limits.file_bytes, platform::Links::refuse));
  return TreeFile{.path = path,
                  .sha256 = sha256_hex(file.bytes),
                  .size = file.bytes.size(),
                  .executable = (file.info.mode & 0100U) != 0};
}

Result<std::vector<TreeFile>> hash_tree(const platform::Directory& directory, const platform::TreeLimits& limits) {
  ASSIGN_OR_RETURN(const auto entries, platform::list_tree(directory, limits));
  std::vector<TreeFile> files;
  for (const platform::TreeEntry& entry : entries) {
    if (entry.kind != platform::FileKind::regular || entry.path == kReceiptName) continue;
    ASSIGN_OR_RETURN(TreeFile file, hash_file(directory, entry.path, limits));
    files.push_back(std::move(file));
  }
  sort_files(files);
  return files;
}

}  // namespace trueup::store
