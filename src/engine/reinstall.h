// The files of an installed plugin put back as they were shipped, because the owner chose so: what was changed is kept
// with the old directory, what was added stays with the plugin.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/choice.h"

namespace trueup::engine {

struct ReinstallReport {
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const ReinstallReport&) const = default;
};

/// Error: not_found (the registry does not offer that version any more), refused, conflict, unreadable, busy. After an
/// error nothing is changed.
Result<ReinstallReport> reinstall_as_shipped(World& world, const model::ReinstallAsShipped& order);

}  // namespace trueup::engine
