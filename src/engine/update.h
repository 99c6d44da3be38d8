// `trueup update`: newer versions in the place of installed plugins, each by one journalled exchange, or nothing.
//
// What is fetched is checked before anything of the old version is touched, and the old one is kept. It never changes
// `enabled` or a setting, and one plugin that fails leaves the others alone. Downloads run together, commits one after
// another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/update_decision.h"
#include "engine/world.h"

namespace trueup::engine {

struct UpdateResult {
  enum class Kind : std::uint8_t { updated, up_to_date, skipped, failed };
  Kind kind = Kind::failed;
  std::string plugin_id;
  std::string directory;
  std::string reason;             // a code; empty when it was updated
  std::string says;               // one sentence
  std::string installed_version;  // before
  std::string offered_version;    // what the source promised
  std::string version;            // that is there now, as its manifest says
  std::string origin;
  std::vector<std::string> notes;
  std::optional<std::int64_t> n;  // its number in history
  bool operator==(const UpdateResult&) const = default;
};

std::string_view to_string(UpdateResult::Kind kind);

struct UpdateReport {
  std::vector<UpdateResult> results;  // one for each plugin, in the order that was asked for
  std::vector<std::string> notes;
  [[nodiscard]] bool failed() const;
  bool operator==(const UpdateReport&) const = default;
};

/// Error: nothing could be decided, and nothing is changed: unreadable, not_found (no registry), busy.
Result<UpdateReport> update(World& world, const UpdateOrder& order);

}  // namespace trueup::engine
