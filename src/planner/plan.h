// The planner: from what is, to what is wrong and what would be done. A pure function: no clock, no I/O, total over all
// inputs, and the same answer for equal inputs.
#pragma once

#include "model/observation.h"
#include "model/step.h"

namespace trueup::planner {

/// Findings and steps of one pass.
///
/// Ensures: no step rests on something being absent from a source that could not be read (promise 1); every finding
/// has a reason and an advice; `held` says why a step is not done now; the digest does not depend on what is held.
model::Plan make_plan(const model::Observation& observation, const model::Policy& policy);

/// The ways in which a person can settle a finding of a safe plan of `observation`; none: it needs no person, or only
/// their hands help.
std::vector<model::Option> options_of(const model::Observation& observation, const model::Inconsistency& finding);

}  // namespace trueup::planner
