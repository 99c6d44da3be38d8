// What is said of a repair that another program keeps undoing: who, which field, and how a person ends it.
#pragma once

#include <string>
#include <vector>

#include "model/observation.h"
#include "model/step.h"

namespace trueup::planner {

/// "plugin_state.json: states.clock.enabled"; empty: it edits none.
std::string field_of(const model::Step& step);

/// The advice of such a finding. `steps`: those that would mend it.
std::string advice_on_fight(const model::Inconsistency& finding, const std::vector<model::Step>& steps,
                            const model::Observation& seen);

}  // namespace trueup::planner
