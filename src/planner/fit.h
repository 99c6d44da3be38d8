// Whether what the registry offers for a plugin is for the LEDMatrix that is there: nothing else is advised or offered
// as a choice. Pure.
#pragma once

#include <string>

#include "planner/situation.h"

namespace trueup::planner {

/// Why it is not: "needs 3.1 or later, this is 3.0". Empty: nothing shows that; or it is the version that stands there,
/// which is put back whatever LEDMatrix that is. Requires: the plugin has an entry.
std::string why_unfit(const model::Observation& observation, const Situation& plugin);

/// "`trueup install clock` SAYS", or where that would be refused: why, and what else to do. Without an entry: that.
std::string advise_install(const model::Observation& observation, const Situation& plugin, std::string_view says,
                           std::string_view else_do);

}  // namespace trueup::planner
