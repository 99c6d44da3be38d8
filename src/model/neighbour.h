// The LEDMatrix beside which trueup stands: which one it is, and what its own start-up reconciliation is known to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/observation.h"

namespace trueup::model {

/// Who wins in that program's reconciliation when config.json and plugin_state.json differ about `enabled`.
enum class Winner : std::uint8_t { unknown, state, config };

/// "unknown", "state", "config"
std::string_view to_string(Winner winner);

struct Neighbour {
  bool found = false;   // something in the root says that it is a LEDMatrix
  std::string version;  // as it states it, or empty; an outside text
  std::string commit;   // 40 hexadecimal digits, or empty
  std::string branch;   // the one that is checked out; empty: none, or nobody knows; an outside text
  Winner winner = Winner::unknown;
  std::string known_by;  // what `winner` rests on, one sentence
  Tristate web_process = Tristate::unknown;
  bool operator==(const Neighbour&) const = default;
};

}  // namespace trueup::model
