// What the pages show, as values for their templates. Pure: one moment of the installation in, views out.
#pragma once

#include "web/knowledge.h"
#include "web/template.h"

namespace trueup::web {

View plugins_view(const Knowledge& knowledge);
View store_view(const Knowledge& knowledge);
View history_view(const Knowledge& knowledge);
/// Why a plugin is, or is not, on the display, what is found about it, and what was done to it.
View why_view(const Knowledge& knowledge, const planner::Explanation& explanation);

/// Only http and https: anything else could be a script. Empty otherwise.
std::string safe_link(std::string_view address);

}  // namespace trueup::web
