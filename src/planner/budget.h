// The blast radius (design section 3): how much a pass may do before a person says so.
#pragma once

#include <string_view>

#include "model/step.h"
#include "planner/rule.h"

namespace trueup::planner {

/// Disruptive steps are held above this many plugins *and* above this share of the installed ones.
inline constexpr std::size_t kDisruptivePlugins = 3;
inline constexpr std::size_t kDisruptivePercent = 25;

/// The finding about a plugins directory that is empty, and the reason why its installs wait.
inline constexpr std::string_view kPluginsDirectoryEmpty = "plugins_directory_empty";

/// A person's yes to the whole plan lets a step held for this reason go. What `--rules ledmatrix` holds because the
/// original would do damage there is never done.
bool ends_with_a_yes(std::string_view held);

/// Holds what is too much to do unasked, unless `policy.confirmed_digest` is the plan's digest.
/// Requires: `plan.digest` is set. Ensures: it is not changed.
void hold_over_budget(const Context& context, model::Plan& plan);

}  // namespace trueup::planner
