// `trueup restore FILE [--from COPY]`: puts an earlier content of one of LEDMatrix's files back, because the owner says
// so. What stands there is kept; a copy that does not parse is never put back, and none that is another document's or
// that holds what the secrets file keeps secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/step.h"

namespace trueup::engine {

/// "config", "config.json" or "config/config.json", and so on for secrets, state and tombstones.
std::optional<model::DocumentName> document_named(const std::string& name);

struct RestoreReport {
  std::string file;        // below the root
  std::string copy;        // what was put back, below the root
  bool unchanged = false;  // it said so already
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const RestoreReport&) const = default;
};

/// Without `copy` the newest that parses and is not what stands there: ours, then LEDMatrix's own backups.
/// Error: not_found (there is no copy), invalid (it does not parse, or is no copy of this document), unreadable,
/// contended, busy.
Result<RestoreReport> restore(World& world, model::DocumentName document, const std::optional<std::string>& copy);

}  // namespace trueup::engine
