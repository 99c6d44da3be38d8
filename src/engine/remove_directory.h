// `trueup uninstall --dir NAME`: one directory or link out of the plugins directory, for what has no usable id of its
// own: a damaged directory, a second copy of a plugin, a link. Settings and records stay; the directory is kept, and
// `undo` brings it back. Nothing else does: where it was the last one of its plugin, the removal is remembered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/operation.h"
#include "engine/world.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct RemovedDirectory {
  std::string directory;
  bool was_link = false;
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const RemovedDirectory&) const = default;
};

/// Error: invalid (no plain name), not_found, refused (our own container, a plain file).
Result<RemovedDirectory> remove_directory(World& world, const std::string& name);

/// The operation that takes `name` out of the plugins directory: a link as a link, a directory whole. The uninstall of
/// a plugin is made of it, too. `plugin_id` is for the record.
Result<Operation> removal_of(const platform::Directory& plugins, const std::string& name, const std::string& plugin_id);

}  // namespace trueup::engine
