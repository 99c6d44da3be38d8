#include "platform/tree.h"

#include <fmt/core.h>

namespace trueup::platform {

namespace {

constexpr std::size_t kDeepestRemoval = 256;  // a descriptor is open per level

std::string joined(const std::string& parent, const std::string& name) {
  return parent.empty() ? name : fmt::format("{}/{}", parent, name);
}

Error too_much(const Directory& directory, std::string message) {
  return Error{.code = ErrorCode::unreadable, .message = std::move(message), .where = directory.display_path()};
}

Status check_limits(const Directory& directory, std::size_t entries, std::size_t depth, const TreeLimits& limits) {
  if (entries > limits.entries) return too_much(directory, fmt::format("more than {} files", limits.entries));
  if (depth > limits.depth) return too_much(directory, fmt::format("more than {} levels deep", limits.depth));
  return ok();
}

Status list_into(const Directory& directory, const std::string& prefix, std::size_t depth, const TreeLimits& limits,
                 std::vector<TreeEntry>& entries) {
  ASSIGN_OR_RETURN(const auto children, directory.list());
  for (const DirectoryEntry& child : children) {
    RETURN_IF_ERROR(check_limits(directory, entries.size() + 1, depth, limits));
    const std::string path = joined(prefix, child.name);
    entries.push_back({path, child.kind});
    if (child.kind != FileKind::directory) continue;
    ASSIGN_OR_RETURN(const auto inner, directory.open(child.name, Links::refuse));
    RETURN_IF_ERROR(list_into(*inner, path, depth + 1, limits, entries));
  }
  return ok();
}

class TreeCopy {
 public:
  explicit TreeCopy(const TreeLimits& limits) : limits_(limits) {}

  Status copy(const Directory& from, WritableDirectory& to, std::size_t depth) {
    ASSIGN_OR_RETURN(const auto children, from.list());
    for (const DirectoryEntry& child : children) {
      RETURN_IF_ERROR(check_limits(from, ++entries_, depth, limits_));
      RETURN_IF_ERROR(copy_entry(from, to, child, depth));
    }
    return ok();
  }

 private:
  Status copy_entry(const Directory& from, WritableDirectory& to, const DirectoryEntry& child, std::size_t depth) {
    switch (child.kind) {
      case FileKind::regular: return copy_file(from, to, child.name);
      case FileKind::directory: return copy_directory(from, to, child.name, depth);
      case FileKind::link: {
        ASSIGN_OR_RETURN(const std::string target, from.link_target(child.name));
        return to.make_link(target, child.name);
      }
      case FileKind::other: break;
    }
    return Error{.code = ErrorCode::refused,
                 .message = "a device, pipe or socket cannot be copied",
                 .where = joined(from.display_path(), child.name)};
  }

  Status copy_file(const Directory& from, WritableDirectory& to, const std::string& name) {
    ASSIGN_OR_RETURN(const FileBytes file, from.read(name, limits_.file_bytes, Links::refuse));
    ASSIGN_OR_RETURN([[maybe_unused]] const FileInfo written,
                     to.write_new(name, file.bytes, FileAttributes{.mode = file.info.mode}, Sync::no));
    return ok();
  }

  Status copy_directory(const Directory& from, WritableDirectory& to, const std::string& name, std::size_t depth) {
    ASSIGN_OR_RETURN(const auto inner, from.open(name, Links::refuse));
    ASSIGN_OR_RETURN(const FileInfo info, inner->self());
    // Ours to fill first; the mode it ends with may forbid that.
    RETURN_IF_ERROR(to.make_directory(name, FileAttributes{.mode = 0700}));
    ASSIGN_OR_RETURN(const auto copied, to.open_writable(name, Links::refuse));
    RETURN_IF_ERROR(copy(*inner, *copied, depth + 1));
    return to.set_attributes(name, FileAttributes{.mode = info.mode});
  }

  const TreeLimits& limits_;
  std::size_t entries_ = 0;
};

Status sync_below(WritableDirectory& directory, std::size_t depth, const TreeLimits& limits, std::size_t& entries) {
  ASSIGN_OR_RETURN(const auto children, directory.list());
  for (const DirectoryEntry& child : children) {
    RETURN_IF_ERROR(check_limits(directory, ++entries, depth, limits));
    if (child.kind == FileKind::regular) RETURN_IF_ERROR(directory.sync_file(child.name));
    if (child.kind != FileKind::directory) continue;
    ASSIGN_OR_RETURN(const auto inner, directory.open_writable(child.name, Links::refuse));
    RETURN_IF_ERROR(sync_below(*inner, depth + 1, limits, entries));
  }
  return directory.sync();
}

class TreeRemoval {
 public:
  void remove(WritableDirectory& parent, const std::string& name, FileKind kind, const std::string& path,
              std::size_t depth) {
    if (kind == FileKind::directory && !empty_directory(parent, name, path, depth)) return;
    const Status done = kind == FileKind::directory ? parent.remove_directory(name) : parent.remove_file(name);
    if (done) {
      ++result.removed;
    } else if (done.error().code != ErrorCode::not_found) {
      keep(path, done.error());
    }
  }

  void keep(const std::string& path, const Error& why) {
    if (result.left++ == 0) result.first_error = why;
    if (result.first_left.size() < kNamedLeftovers) result.first_left.push_back(path);
  }

  RemovedTree result;

 private:
  bool empty_directory(WritableDirectory& parent, const std::string& name, const std::string& path, std::size_t depth) {
    auto inner = parent.open_writable(name, Links::refuse);
    auto children = inner ? (*inner)->list() : Result<std::vector<DirectoryEntry>>(inner.error());
    if (children && depth > kDeepestRemoval) children = too_much(**inner, "too deep to be removed");
    if (!children) {
      keep(path, children.error());
      return false;
    }
    const std::size_t left_before = result.left;
    for (const DirectoryEntry& child : *children) {
      remove(**inner, child.name, child.kind, joined(path, child.name), depth + 1);
    }
    if (result.left != left_before) ++result.left;  // this directory stays with them
    return result.left == left_before;
  }
};

}  // namespace

Result<std::vector<TreeEntry>> list_tree(const Directory& directory, const TreeLimits& limits) {
  std::vector<TreeEntry> entries;
  RETURN_IF_ERROR(list_into(directory, "", 1, limits, entries));
  return entries;
}

Status copy_tree(const Directory& from, WritableDirectory& to, const TreeLimits& limits) {
  return TreeCopy(limits).copy(from, to, 1);
}

Status sync_tree(WritableDirectory& directory, const TreeLimits& limits) {
  std::size_t entries = 0;
  return sync_below(directory, 1, limits, entries);
}

RemovedTree remove_tree(WritableDirectory& parent, const std::string& name) {
  TreeRemoval removal;
  const auto info = parent.info(name, Links::refuse);
  if (info) {
    removal.remove(parent, name, info->kind, name, 1);
  } else if (info.error().code != ErrorCode::not_found) {
    removal.keep(name, info.error());
  }
  return std::move(removal.result);
}

}  // namespace trueup::platform
