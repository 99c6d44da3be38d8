// Situations that the large tables leave out, each by itself: together with those tables they bring about every rule
// and every reason that a rule can give.
#pragma once

#include <functional>
#include <string>

#include "model/observation.h"

namespace trueup::test {

using Visit = std::function<void(const model::Observation& seen, const std::string& what)>;

void for_each_rare(const Visit& visit);

/// The rare ones, those of plugins at rest, what the display tells, and the table of situations.
void for_each_observation(const Visit& visit);

}  // namespace trueup::test
