// A scenario on a disk that says no: at its n-th call, for n = 1, 2, 3 … until there is no n-th call; once, and at each
// call from then on; with every error that a disk knows. And on a disk that is full behind so many bytes, where the
// last write is a short one. Afterwards the disk is well again, and the promises must hold.
#pragma once

#include <cstddef>
#include <string>

#include "scenario.h"

namespace trueup::test {

struct FaultFigures {
  std::size_t failed = 0;  // runs that met a fault
  std::string broken;      // the first promise that does not hold, and where; or nothing
};

/// `every`: of the calls, each `every`-th with one error in turn; 1: each call with every error.
FaultFigures fail_everywhere(const Scenario& scenario, std::size_t every);
/// Each call whose text ("read /pi/…") holds `part`, with every error, once.
FaultFigures fail_where(const Scenario& scenario, const std::string& part);
FaultFigures fill_everywhere(const Scenario& scenario, std::size_t every);

}  // namespace trueup::test
