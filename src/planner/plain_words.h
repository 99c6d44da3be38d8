// The original's own sentences, which JSON repeats to the letter, said so that a person understands them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "planner/roster.h"

namespace trueup::planner {

/// "Plugin x is off in config and recorded as on" for the original's "config=False, state_manager=True"; any other
/// description as it is. Not yet safe to print.
std::string without_the_originals_words(std::string_view description);

/// Where an explanation ends, as what follows the plugin's name: "is not on the display, because it is not intact".
std::string verdict_of(const Explanation& explanation);

}  // namespace trueup::planner
