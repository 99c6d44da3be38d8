// Two plugins at once, wherever one can be taken for the other: a plugin and the registry's short name of it, two
// directories of one id, a renamed directory beside settings under its old name.
#pragma once

#include <functional>
#include <string>

#include "model/observation.h"

namespace trueup::test {

/// With words that say which pair it is.
void for_each_pair(const std::function<void(const model::Observation& seen, const std::string& what)>& visit);

}  // namespace trueup::test
