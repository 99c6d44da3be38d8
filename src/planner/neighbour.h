// What the LEDMatrix beside trueup will make of each finding when its web process starts next: the original's decision
// table (formats 9.4) on the same facts. A pure function; it foretells, and changes nothing.
#pragma once

#include <string>
#include <vector>

#include "model/inconsistency.h"
#include "model/neighbour.h"
#include "model/observation.h"

namespace trueup::planner {

struct NextStart {
  std::string finding;
  std::string plugin_id;
  std::string outcome;  // "state_wins", "config_wins", "adds_section", "fetches", "removes", "nothing", "unknown"
  std::string says;     // one sentence
  bool operator==(const NextStart&) const = default;
};

/// One for each of `findings`, in their order.
std::vector<NextStart> foretell(const model::Observation& observation,
                                const std::vector<model::Inconsistency>& findings, const model::Neighbour& neighbour);

}  // namespace trueup::planner
