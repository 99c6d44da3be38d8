// The original's own sentences, which JSON repeats to the letter, said so that a person understands them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace trueup::planner {

/// "Plugin x is off in config and recorded as on" for the original's "config=False, state_manager=True"; any other
/// description as it is. Not yet safe to print.
std::string without_the_originals_words(std::string_view description);

}  // namespace trueup::planner
