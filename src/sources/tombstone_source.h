// config/uninstalled_plugins.json: ids that the owner removed, as LEDMatrix and trueup both record them. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::sources {

struct Tombstones {
  std::vector<std::string> ids;      // well-formed, each once, in the file's order
  std::vector<std::string> ignored;  // what else the list holds, as JSON, cut to a readable length
  bool operator==(const Tombstones&) const = default;
};

/// Error: the file is no JSON list, so that nothing is known about removals. One bad element spoils only itself: it
/// must neither remove anything nor hide the others (failure F51).
Result<Tombstones> decode_tombstones(std::string bytes);

}  // namespace trueup::sources
