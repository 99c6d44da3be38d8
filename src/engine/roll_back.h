// Taking back what was applied of an undertaking that could not be finished.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/site.h"
#include "engine/undertaking.h"

namespace trueup::engine {

/// Takes back one operation, as far as it took effect. What is no longer as we left it stays as it is.
Status roll_back_one(Site& site, std::int64_t kept_number, const Operation& operation, const Applied& applied);

/// All that was applied, the last first; goes on behind an error and returns the first.
Status roll_back(Site& site, const Undertaking& undertaking, const std::vector<Applied>& applied);

}  // namespace trueup::engine
