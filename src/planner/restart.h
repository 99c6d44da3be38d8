// What only a restart of the display ends: by policy, by a person's choice, or by hand. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "model/choice.h"
#include "planner/rule.h"

namespace trueup::planner {

/// What makes the display load plugins anew, for a person to type.
inline constexpr std::string_view kRestartDisplay = "sudo systemctl restart ledmatrix";

/// `brings`: what a restart does about it, as in "makes the display load it". A restart that was tried for the very
/// same thing is not tried again.
Found ended_by_restart(const Context& context, model::Inconsistency found, std::string_view brings);

/// One choice: the restart.
std::vector<model::Option> restart_options(const Context& context, const model::Inconsistency& finding);

}  // namespace trueup::planner
