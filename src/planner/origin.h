// Where a plugin came from, as its receipt says, when that is not the registry: then what the registry lists under the
// same id is another one's, and a repair does not mix the two. Pure.
#pragma once

#include <string>
#include <string_view>

#include "planner/rule.h"

namespace trueup::planner {

/// One of the owner's saved repositories, or empty.
std::string_view saved_source_of(const Context& context, const Situation& plugin);

/// What its owner may do when it is to come from there again.
std::string advice_for_saved_source(const Situation& plugin, std::string_view source);

}  // namespace trueup::planner
