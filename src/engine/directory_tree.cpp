#include "engine/directory_tree.h"

#include <fmt/core.h>

#include "base/digest.h"
#include "model/plugin_id.h"
#include "platform/tree.h"

namespace trueup::engine {

namespace {

using platform::Directory;
using platform::FileInfo;
using platform::FileKind;
using platform::Links;
using platform::RenameMode;
using platform::WritableDirectory;

bool made_by_running_it(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return path.ends_with(".pyc") || name == "__pycache__" || path.find("__pycache__/") != std::string::npos ||
         path == ".dependencies_installed";
}

char letter_of(const TreeSnapshot::Item& item) {
  switch (item.kind) {
    case FileKind::regular: return item.executable ? 'x' : 'f';
    case FileKind::directory: return 'd';
    case FileKind::link: return 'l';
    case FileKind::other: break;
  }
  return 'o';
}

/// Everything that is left in `part` is also, and the same, in `whole`.
bool is_part_of(const TreeSnapshot& part, const TreeSnapshot& whole) {
  for (const auto& [path, item] : part.items) {
    const TreeSnapshot::Item* other = whole.find(path);
    if (other == nullptr || other->kind != item.kind || other->mark != item.mark) return false;
  }
  return true;
}

Result<TreeSnapshot> snapshot_of(const Directory& parent, const std::string& name) {
  ASSIGN_OR_RETURN(const auto directory, parent.open(name, Links::refuse));
  return take_snapshot(*directory);
}

/// Names that every scan of LEDMatrix passes over, wherever the copy is made.
std::string partial_name(const std::string& name) { return fmt::format("{}{}trueup-part", name, model::kAsideMark); }
std::string removing_name(const std::string& name) {
  return fmt::format("{}{}trueup-removing", name, model::kAsideMark);
}

/// The whole copy appears under its name at once; before that, a mark beside it says that it is ours to go on with.
Status copy_durably(WritableDirectory& from, const std::string& name, WritableDirectory& to,
                    const std::string& to_name) {
  const std::string partial = partial_name(to_name);
  if (const auto old = platform::remove_tree(to, partial); !old.complete()) return old.first_error;
  ASSIGN_OR_RETURN(const auto source, from.open(name, Links::refuse));
  ASSIGN_OR_RETURN(const FileInfo info, source->self());
  RETURN_IF_ERROR(to.make_directory(partial, {.mode = 0700}));
  ASSIGN_OR_RETURN(const auto copy, to.open_writable(partial, Links::refuse));
  RETURN_IF_ERROR(platform::copy_tree(*source, *copy));
  RETURN_IF_ERROR(to.set_attributes(partial, {.mode = info.mode}));
  RETURN_IF_ERROR(platform::sync_tree(*copy));
  Status marked = to.make_directory(removing_name(to_name), {.mode = 0700});
  if (!marked && marked.error().code != ErrorCode::conflict) return marked;
  RETURN_IF_ERROR(to.sync());
  RETURN_IF_ERROR(to.rename(partial, to, to_name, RenameMode::replace));
  return to.sync();
}

}  // namespace

std::string directory_digest(const TreeSnapshot& snapshot) {
  Sha256 hash;
  for (const auto& [path, item] : snapshot.items) {
    if (made_by_running_it(path) || (item.kind == FileKind::directory && !item.empty)) continue;
    hash.update(fmt::format("{} {} {} {}:", letter_of(item), item.mark.size(), item.mark, path.size()));
    hash.update(path);
    hash.update("\n");
  }
  return hash.hex();
}

Result<std::string> directory_digest(const Directory& parent, const std::string& name) {
  ASSIGN_OR_RETURN(const TreeSnapshot snapshot, snapshot_of(parent, name));
  return directory_digest(snapshot);
}

ContainerPath split_container_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

ContainerPath plugin_place(const std::string& path) {
  return is_staging_path(path) ? ContainerPath{path, "plugin"} : split_container_path(path);
}

bool is_staging_path(std::string_view path) { return path.starts_with("staging/"); }

Result<std::optional<FileInfo>> standing_at(const Directory& parent, const std::string& name) {
  const auto info = parent.info(name, Links::refuse);
  if (info) return std::optional<FileInfo>(*info);
  if (info.error().code == ErrorCode::not_found) return std::optional<FileInfo>();
  return info.error();
}

Result<MoveResult> move_directory(WritableDirectory& from, const std::string& name, WritableDirectory& to,
                                  const std::string& to_name, platform::Sync sync) {
  Status moved = from.rename(name, to, to_name, RenameMode::no_replace);
  if (!moved && moved.error().code == ErrorCode::unsupported) {
    // Some disks know no flags. Without them a directory still replaces nothing but an empty directory.
    ASSIGN_OR_RETURN(const auto standing, standing_at(to, to_name));
    if (!standing) moved = from.rename(name, to, to_name, RenameMode::replace);
  }
  if (moved) {
    if (sync == platform::Sync::yes) {
      RETURN_IF_ERROR(to.sync());
      RETURN_IF_ERROR(from.sync());
    }
    return MoveResult::renamed;
  }
  const ErrorCode code = moved.error().code;
  if (code == ErrorCode::conflict) {
    ASSIGN_OR_RETURN(const auto begun, standing_at(to, removing_name(to_name)));
    if (!begun) return moved.error();
  } else if (code != ErrorCode::unsupported) {
    return moved.error();
  }
  RETURN_IF_ERROR(copy_and_remove(from, name, to, to_name));
  return MoveResult::copied;
}

Status clear_marks(WritableDirectory& to) {
  ASSIGN_OR_RETURN(const auto entries, to.list());
  for (const auto& entry : entries) {
    if (entry.name.ends_with(removing_name(""))) (void)to.remove_directory(entry.name);  // not empty: it is no mark
    if (!entry.name.ends_with(partial_name(""))) continue;
    if (const auto removed = platform::remove_tree(to, entry.name); !removed.complete()) return removed.first_error;
  }
  return ok();
}

Status copy_and_remove(WritableDirectory& from, const std::string& name, WritableDirectory& to,
                       const std::string& to_name) {
  const std::string removing = removing_name(to_name);
  ASSIGN_OR_RETURN(const auto mark, standing_at(to, removing));
  ASSIGN_OR_RETURN(const auto copy, standing_at(to, to_name));
  if (!mark || !copy) RETURN_IF_ERROR(copy_durably(from, name, to, to_name));
  // What is left here must be nothing but a part of the copy: nobody's later change goes with it.
  ASSIGN_OR_RETURN(const TreeSnapshot whole, snapshot_of(to, to_name));
  ASSIGN_OR_RETURN(const TreeSnapshot left, snapshot_of(from, name));
  if (!is_part_of(left, whole)) {
    return Error{.code = ErrorCode::contended,
                 .message = "it changed while it was being moved, so it was left where it is",
                 .where = fmt::format("{}/{}", from.display_path(), name)};
  }
  const platform::RemovedTree removed = platform::remove_tree(from, name);
  if (!removed.complete()) return removed.first_error;
  RETURN_IF_ERROR(from.sync());
  RETURN_IF_ERROR(to.remove_directory(removing));
  return to.sync();
}

}  // namespace trueup::engine
