// data/plugin_state.json: what LEDMatrix recorded about each plugin, entry by entry. Pure.
//
// One damaged entry is a fact of its own and never hides another (failure F45); only a file that is no JSON, or has
// another shape altogether, is unreadable as a whole (failure F44).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/observation.h"

namespace trueup::sources {

/// In the file's order; of duplicate keys the last value at the first place, as Python has them.
Result<std::vector<model::StateRecord>> decode_state(std::string bytes);

}  // namespace trueup::sources
