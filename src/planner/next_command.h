// The one command to type next for a finding that needs a person. Pure.
//
// It can be run as it is printed, and never gives a plugin up: that is one way out, but not for us to propose.
#pragma once

#include <string>
#include <string_view>

#include "model/inconsistency.h"

namespace trueup::planner {

/// The first command that the advice names; where it names none, the one that lists the finding's choices. Without
/// either: nothing.
std::string next_command(const model::Inconsistency& finding);

/// Makes room at `path` without writing over what an earlier one moved there.
std::string move_away_command(std::string_view path);

}  // namespace trueup::planner
