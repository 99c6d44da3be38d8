// Whether a plugin can run on the LEDMatrix that is there: the one comparison with its floor. Pure.
#pragma once

#include <string_view>

namespace trueup::model {

/// The plugin asks for a newer LEDMatrix than the one that is there. False when either does not say, or when what they
/// say cannot be compared. Versions of LEDMatrix below 2.0.0 were labels that nobody kept up: they are no evidence
/// against a floor of 2.0.0, which nearly every plugin states.
bool needs_newer_core(std::string_view minimum, std::string_view core);

}  // namespace trueup::model
