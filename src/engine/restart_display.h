// The restart of LEDMatrix's display at the end of a pass: for steps that ask for it, and so that what was repaired
// reaches the panel. Only where the owner's policy allows it; decides nothing else.
#pragma once

#include "engine/execute.h"
#include "engine/session.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

inline constexpr const char* kDisplayUnit = "ledmatrix.service";

/// Fills in the results of the steps that ask for a restart. Where nothing asks for one and the display does not run,
/// nothing happens.
void restart_display(Session& session, const model::Observation& seen, const model::Plan& plan,
                     const model::Policy& policy, Execution& execution);

}  // namespace trueup::engine
