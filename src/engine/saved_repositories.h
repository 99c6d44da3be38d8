// `trueup store add|remove`: the owner's list of further repositories, shared with LEDMatrix. One file, in one
// transaction that history shows and undo takes back; everything in it that is not ours stays as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"

namespace trueup::engine {

struct RepositoryReport {
  std::string url;  // as it is saved
  bool changed = false;
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const RepositoryReport&) const = default;
};

/// Errors: invalid, refused (no address that is used), unreadable (the list cannot be read), busy.
Result<RepositoryReport> add_repository(World& world, const std::string& url);
/// not_found: it is not on the list.
Result<RepositoryReport> remove_repository(World& world, const std::string& url);

}  // namespace trueup::engine
