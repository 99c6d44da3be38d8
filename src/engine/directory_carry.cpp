#include "engine/directory_carry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "engine/receipt.h"
#include "platform/tree.h"
#include "sources/manifest.h"
#include "store/tree_digest.h"

namespace trueup::engine {

namespace {

using platform::Directory;
using platform::FileInfo;
using platform::FileKind;
using platform::Links;
using platform::WritableDirectory;

constexpr const char* kScratchName = "carried";

struct SplitPath {
  std::string parent;  // empty at the top
  std::string name;
};

SplitPath split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool has_component(const std::string& path, std::string_view name) {
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (std::string_view(path).substr(start, end - start) == name) return true;
    start = end + 1;
  }
  return false;
}

/// Made by machines from the version that goes away, or its identity: never the owner's.
bool belongs_to_the_version(const std::string& path, bool has_receipt) {
  if (path == sources::kReceiptName || path == sources::kManifestName || path == ".dependencies_installed") return true;
  if (path.ends_with(".pyc") || has_component(path, "__pycache__")) return true;
  return !has_receipt && (path == ".git" || path.starts_with(".git/"));
}

/// Is this file or link one that the owner or the plugin made or changed?
bool is_unlisted_or_changed(const std::string& path, const TreeSnapshot::Item& item, const sources::Receipt& receipt) {
  const sources::ReceiptFile* listed = find_file(receipt, path);
  return listed == nullptr || item.kind != FileKind::regular || item.mark != listed->sha256;
}

class Carrier {
 public:
  Carrier(const CarrySource& from, WritableDirectory& to, WritableDirectory& scratch, platform::Sync sync)
      : from_(from), to_(to), scratch_(scratch), sync_(sync) {}

  [[nodiscard]] bool is_candidate(const std::string& path, const TreeSnapshot::Item& item) const {
    if (belongs_to_the_version(path, from_.receipt.has_value())) return false;
    switch (item.kind) {
      case FileKind::regular:
      case FileKind::link: return !from_.receipt || is_the_owners(path, item);
      case FileKind::directory: return item.empty;
      case FileKind::other: return false;
    }
    return false;
  }

  /// What stands at `path` on the new side; nothing when the name is free.
  Result<std::optional<TreeSnapshot::Item>> standing(const std::string& path) const {
    const auto info = to_.info(path, Links::refuse);
    if (!info) {
      // A link or a file where the path needs a directory: the name is taken, by something to keep out of.
      const bool barred = info.error().code == ErrorCode::refused || info.error().os_error == ENOTDIR;
      if (barred) return std::optional<TreeSnapshot::Item>(TreeSnapshot::Item{});
      if (info.error().code == ErrorCode::not_found) return std::optional<TreeSnapshot::Item>();
      return info.error();
    }
    TreeSnapshot::Item item{.kind = info->kind};
    if (info->kind == FileKind::regular) {
      ASSIGN_OR_RETURN(const store::TreeFile file, store::hash_file(to_, path));
      item.mark = file.sha256;
      item.executable = file.executable;
    } else if (info->kind == FileKind::link) {
      ASSIGN_OR_RETURN(item.mark, to_.link_target(path));
    }
    return std::optional<TreeSnapshot::Item>(std::move(item));
  }

  Status place(const std::string& path, const TreeSnapshot::Item& item) {
    const SplitPath where = split(path);
    ASSIGN_OR_RETURN(const auto parent, open_parent(where.parent));
    if (item.kind == FileKind::directory) {
      RETURN_IF_ERROR(make_directory_like(*parent, where.name, path));
    } else {
      if (item.kind == FileKind::link) {
        RETURN_IF_ERROR(scratch_.make_link(item.mark, kScratchName));
      } else {
        RETURN_IF_ERROR(copy_to_scratch(path));
      }
      RETURN_IF_ERROR(scratch_.rename(kScratchName, *parent, where.name, platform::RenameMode::replace));
    }
    if (sync_ == platform::Sync::yes) RETURN_IF_ERROR(parent->sync());
    if (sync_ == platform::Sync::yes) RETURN_IF_ERROR(scratch_.sync());
    report.carried.push_back(path);
    return ok();
  }

  CarryReport report;

 private:
  [[nodiscard]] bool is_the_owners(const std::string& path, const TreeSnapshot::Item& item) const {
    if (from_.edits == Edits::stay_behind && find_file(*from_.receipt, path) != nullptr) return false;
    return is_unlisted_or_changed(path, item, *from_.receipt);
  }

  /// Opens the directory on the new side, making what is missing of it like the old side's.
  Result<std::unique_ptr<WritableDirectory>> open_parent(const std::string& path) {
    ASSIGN_OR_RETURN(auto current, to_.open_writable(".", Links::refuse));
    std::size_t start = 0;
    while (start < path.size()) {
      const std::size_t end = std::min(path.find('/', start), path.size());
      const std::string name = path.substr(start, end - start);
      auto next = current->open_writable(name, Links::refuse);
      if (!next && next.error().code == ErrorCode::not_found) {
        RETURN_IF_ERROR(make_directory_like(*current, name, path.substr(0, end)));
        if (sync_ == platform::Sync::yes) RETURN_IF_ERROR(current->sync());
        next = current->open_writable(name, Links::refuse);
      }
      if (!next) return next.error();
      current = std::move(*next);
      start = end + 1;
    }
    return current;
  }

  Status make_directory_like(WritableDirectory& parent, const std::string& name, const std::string& old_path) {
    ASSIGN_OR_RETURN(const FileInfo model, from_.old.info(old_path, Links::refuse));
    RETURN_IF_ERROR(parent.make_directory(name, {.mode = 0700}));
    ASSIGN_OR_RETURN(const FileInfo made, parent.info(name, Links::refuse));
    return give_owner_and_mode(parent, name, made, model, model.mode | 0700U);
  }

  Status copy_to_scratch(const std::string& path) {
    ASSIGN_OR_RETURN(const auto file, from_.old.read(path, limits::kMaxPluginFileBytes, Links::refuse));
    ASSIGN_OR_RETURN(const FileInfo made, scratch_.write_new(kScratchName, file.bytes, {.mode = 0600}, sync_));
    return give_owner_and_mode(scratch_, kScratchName, made, file.info, file.info.mode);
  }

  /// As root the owner stays who it was. Where the group cannot be kept, the group that comes instead gets nothing.
  static Status give_owner_and_mode(WritableDirectory& parent, const std::string& name, const FileInfo& made,
                                    const FileInfo& model, std::uint32_t mode) {
    if (made.uid == model.uid && made.gid == model.gid) return parent.set_attributes(name, {.mode = mode});
    if (parent.set_attributes(name, {.mode = mode, .uid = model.uid, .gid = model.gid})) return ok();
    const std::uint32_t safe_mode = made.gid == model.gid ? mode : mode & ~070U;
    return parent.set_attributes(name, {.mode = safe_mode});
  }

  const CarrySource& from_;
  WritableDirectory& to_;
  WritableDirectory& scratch_;
  platform::Sync sync_;
};

Status add_to_snapshot(const Directory& directory, const platform::TreeEntry& entry, TreeSnapshot& snapshot) {
  TreeSnapshot::Item item{.kind = entry.kind};
  if (entry.kind == FileKind::regular) {
    ASSIGN_OR_RETURN(const store::TreeFile file, store::hash_file(directory, entry.path));
    item.mark = file.sha256;
    item.executable = file.executable;
  } else if (entry.kind == FileKind::link) {
    ASSIGN_OR_RETURN(item.mark, directory.link_target(entry.path));
  } else if (entry.kind == FileKind::directory) {
    item.empty = true;  // until something in it turns up: parents come first
  }
  const std::string parent = split(entry.path).parent;
  if (const auto found = snapshot.items.find(parent); found != snapshot.items.end()) found->second.empty = false;
  snapshot.items.emplace(entry.path, std::move(item));
  return ok();
}

/// May what stands on the new side give way to the owner's? A directory and what is unknown never does.
bool may_give_way(const TreeSnapshot::Item& standing, const TreeSnapshot::Item& wanted) {
  return wanted.kind != FileKind::directory && (standing.kind == FileKind::regular || standing.kind == FileKind::link);
}

bool same_content(const TreeSnapshot::Item& a, const TreeSnapshot::Item& b) {
  return a.kind == b.kind && a.mark == b.mark;
}

}  // namespace

const TreeSnapshot::Item* TreeSnapshot::find(const std::string& path) const {
  const auto found = items.find(path);
  return found == items.end() ? nullptr : &found->second;
}

Result<TreeSnapshot> take_snapshot(const Directory& directory) {
  ASSIGN_OR_RETURN(const auto entries, platform::list_tree(directory));
  TreeSnapshot snapshot;
  for (const platform::TreeEntry& entry : entries) RETURN_IF_ERROR(add_to_snapshot(directory, entry, snapshot));
  return snapshot;
}

Result<CarryReport> carry_over(const CarrySource& from, WritableDirectory& staged, WritableDirectory& scratch) {
  Carrier carrier(from, staged, scratch, platform::Sync::no);
  for (const auto& [path, item] : from.seen.items) {
    if (!carrier.is_candidate(path, item)) continue;
    ASSIGN_OR_RETURN(const auto standing, carrier.standing(path));
    // Without a receipt nobody can tell the owner's change from the old version's own bytes: the new ones stay.
    if (standing && (!from.receipt || same_content(*standing, item))) continue;
    if (standing && !may_give_way(*standing, item)) {
      if (item.kind != FileKind::directory) carrier.report.left.push_back(path);
      continue;
    }
    RETURN_IF_ERROR(carrier.place(path, item));
  }
  return std::move(carrier.report);
}

Result<CarryReport> refresh_carried(const CarrySource& from, WritableDirectory& staged, WritableDirectory& scratch) {
  const auto shipped = read_receipt(staged);
  Carrier carrier(from, staged, scratch, platform::Sync::yes);
  for (const auto& [path, item] : from.seen.items) {
    if (!carrier.is_candidate(path, item)) continue;
    ASSIGN_OR_RETURN(const auto standing, carrier.standing(path));
    const bool is_shipped = shipped && find_file(*shipped, path) != nullptr;
    if (standing && (same_content(*standing, item) || (is_shipped && !from.receipt))) continue;
    if (standing && !may_give_way(*standing, item)) continue;  // reported when it was carried first
    RETURN_IF_ERROR(carrier.place(path, item));
  }
  return std::move(carrier.report);
}

Result<CarryReport> carry_changes(const CarrySource& from, const std::optional<TreeSnapshot>& before,
                                  WritableDirectory& published, WritableDirectory& scratch) {
  const auto shipped = read_receipt(published);
  Carrier carrier(from, published, scratch, platform::Sync::yes);
  for (const auto& [path, item] : from.seen.items) {
    const TreeSnapshot::Item* earlier = before ? before->find(path) : nullptr;
    if (!carrier.is_candidate(path, item) || (earlier != nullptr && same_content(*earlier, item))) continue;
    ASSIGN_OR_RETURN(const auto standing, carrier.standing(path));
    if (!standing) {
      RETURN_IF_ERROR(carrier.place(path, item));
      continue;
    }
    if (same_content(*standing, item) || item.kind == FileKind::directory) continue;
    const sources::ReceiptFile* listed = shipped ? find_file(*shipped, path) : nullptr;
    const bool is_carried = earlier != nullptr && same_content(*standing, *earlier);
    const bool is_shipped = from.receipt && listed != nullptr && listed->sha256 == standing->mark;
    if (before && (is_carried || is_shipped) && may_give_way(*standing, item)) {
      RETURN_IF_ERROR(carrier.place(path, item));
    } else if (before) {
      carrier.report.left.push_back(path);
    }
  }
  return std::move(carrier.report);
}

}  // namespace trueup::engine
