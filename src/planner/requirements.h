// What a plan says of Python packages that a plugin lacks, for whoever has to say the same.
#pragma once

#include <string>
#include <string_view>

#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::planner {

/// Finding::reason of a plugin that lacks Python packages.
inline constexpr std::string_view kRequirementsMissing = "requirements_missing";
/// Likewise where trueup may run pip, and does not give it this file.
inline constexpr std::string_view kRequirementsNotPlain = "requirements_not_plain";
/// Likewise where pip failed a moment ago.
inline constexpr std::string_view kRequirementsWait = "requirements_wait";

/// Whether a plugin_incompatible is about Python packages, whatever holds it and for whatever reason.
bool is_about_requirements(const model::Inconsistency& finding);

/// Why pip is not given this file. Requires: it has an odd line.
std::string not_plain(const model::MissingRequirements& lacks);

}  // namespace trueup::planner
