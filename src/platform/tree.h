// Whole trees over the directory port: list, copy, make durable, remove. No link is ever followed, and nothing is
// unbounded: a tree deeper or larger than its limits is an error, not a long wait.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/limits.h"
#include "platform/file_system.h"

namespace trueup::platform {

struct TreeLimits {
  std::size_t entries = limits::kMaxPluginFiles;
  std::size_t depth = limits::kMaxPluginDepth;
  std::size_t file_bytes = limits::kMaxPluginFileBytes;
};

struct TreeEntry {
  std::string path;  // relative to the directory listed
  FileKind kind = FileKind::other;
  bool operator==(const TreeEntry&) const = default;
};

/// Everything below `directory`, parents before children, sorted by name in each directory.
Result<std::vector<TreeEntry>> list_tree(const Directory& directory, const TreeLimits& limits = {});

/// Files (with mode), directories and links as links from `from` into the existing `to`; nothing is overwritten.
/// A device, pipe or socket is refused. Not durable before sync_tree().
Status copy_tree(const Directory& from, WritableDirectory& to, const TreeLimits& limits = {});

/// Everything below `directory` and the directory itself: files, then directories from the bottom up.
Status sync_tree(WritableDirectory& directory, const TreeLimits& limits = {});

struct RemovedTree {
  std::size_t removed = 0;
  std::size_t left = 0;                      // what could not be deleted, directories that hold it included
  std::vector<std::string> first_left = {};  // up to kNamedLeftovers of their paths
  Error first_error = {};                    // why the first one stayed

  [[nodiscard]] bool complete() const { return left == 0; }
};
inline constexpr std::size_t kNamedLeftovers = 5;

/// Removes `name` in `parent`, whatever it is, as far as it can; a name that is not there is complete.
RemovedTree remove_tree(WritableDirectory& parent, const std::string& name);

}  // namespace trueup::platform
