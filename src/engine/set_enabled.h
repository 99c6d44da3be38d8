// `trueup enable ID` and `trueup disable ID`: the owner's choice, in every file that states it, in one transaction.
//
// config.json decides. A copy of the key in the secrets file, which LEDMatrix would let win, is taken out there; the
// record follows unless LEDMatrix's web process, which rewrites it from memory, is running.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/undertaking.h"
#include "engine/world.h"
#include "model/neighbour.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

struct EnabledReport {
  std::string plugin_id;  // the plugin's own, whatever name was given
  bool enabled = false;
  bool changed = false;   // false: it was so already, and no file was written
  bool installed = true;  // false: it is chosen and not there
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const EnabledReport&) const = default;
};

/// Error: invalid, not_found, refused (removed by the owner; a section that is no object), unreadable, contended, busy.
/// After an error nothing is changed.
Result<EnabledReport> set_enabled(World& world, const std::string& name, bool enabled);

struct EnabledDecision {
  std::string plugin_id;
  bool enabled = false;
  bool installed = true;
  std::vector<model::DocumentEdit> edits;  // empty: nothing to change
  std::vector<std::string> notes;
  bool operator==(const EnabledDecision&) const = default;
};

/// Its line of history.
Deed deed_of(const EnabledDecision& decision);

/// Which file the LEDMatrix here goes by when it starts next; asked, and its files read, only while its web process may
/// be running and keep a record that we cannot change. Unknown otherwise.
model::Winner winner_beside(const World& world, const model::Observation& observation);

/// What the choice changes. Pure: where a text of the secrets file is not shown, the edit expects kNotShown.
Result<EnabledDecision> decide_enabled(const model::Observation& observation, const std::string& name, bool enabled,
                                       model::Winner winner);

}  // namespace trueup::engine
