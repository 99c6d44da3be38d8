// What a plan says of Python packages that a plugin lacks, for whoever has to say the same.
#pragma once

#include <string>
#include <string_view>

#include "model/observation.h"

namespace trueup::planner {

/// Finding::reason of a plugin that lacks Python packages.
inline constexpr std::string_view kRequirementsMissing = "requirements_missing";
/// Likewise where trueup may run pip, and does not give it this file.
inline constexpr std::string_view kRequirementsNotPlain = "requirements_not_plain";
/// Likewise where pip failed a moment ago.
inline constexpr std::string_view kRequirementsWait = "requirements_wait";

/// Why pip is not given this file. Requires: it has an odd line.
std::string not_plain(const model::MissingRequirements& lacks);

}  // namespace trueup::planner
