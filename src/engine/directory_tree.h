// What the steps on plugin directories share: recognising a directory, moving it whole, naming what lies where.
//
// A plugin directory moves by one rename. Where the disk cannot do that (another mount, an overlay) it is copied,
// made durable and removed, in an order that leaves it whole in one of the two places at every instant; the caller
// tells the owner (`kNotAtomicHere`). Nothing here passes a link.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/directory_carry.h"
#include "platform/file_system.h"

namespace trueup::engine {

inline constexpr std::string_view kNotAtomicHere =
    "not_atomic_here: this disk cannot rename a directory in one step, so it was copied and then removed";

/// Two directories with this digest hold the same files and links. What Python and LEDMatrix leave behind while a
/// plugin runs (__pycache__, *.pyc, .dependencies_installed) does not count.
std::string directory_digest(const TreeSnapshot& snapshot);
Result<std::string> directory_digest(const platform::Directory& parent, const std::string& name);

/// Lies in staging/, so that it is ours to remove.
bool is_staging_path(std::string_view path);

struct ContainerPath {
  std::string parent;
  std::string name;
  bool operator==(const ContainerPath&) const = default;
};
/// "kept/3-clock" is {"kept", "3-clock"}.
ContainerPath split_container_path(const std::string& path);
/// Where the plugin itself lies: {"staging/3-clock", "plugin"}, with room beside it for what is on its way into it; a
/// kept one lies where its path says.
ContainerPath plugin_place(const std::string& path);

/// What stands under a name, without following it; nothing when the name is free.
Result<std::optional<platform::FileInfo>> standing_at(const platform::Directory& parent, const std::string& name);

enum class MoveResult { renamed, copied };

/// Moves a directory to a free name. Durable; with Sync::no the caller has to make a rename so, in both directories.
/// Ensures: after an error, or a crash at any point and the same call again, the whole directory is in one place.
/// Errors: conflict (the target name is taken by something else), not_found, and what a rename says.
Result<MoveResult> move_directory(platform::WritableDirectory& from, const std::string& name,
                                  platform::WritableDirectory& to, const std::string& to_name,
                                  platform::Sync sync = platform::Sync::yes);

/// What a run that died while it copied left in a directory that it copied to: a part of a copy, and the mark beside a
/// whole one. Requires: nothing is being moved.
Status clear_marks(platform::WritableDirectory& to);

/// The second way of move_directory.
Status copy_and_remove(platform::WritableDirectory& from, const std::string& name, platform::WritableDirectory& to,
                       const std::string& to_name);

}  // namespace trueup::engine
