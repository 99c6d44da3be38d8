// Several jobs that wait for others, done at the same time: as many threads as are useful, and none is left afterwards.
#pragma once

#include <cstddef>
#include <vector>

#include "platform/loop.h"

namespace trueup::platform {

/// Does all of them, at most `at_once` at a time, and returns when the last one is done. Requires: what they share they
/// guard themselves.
void run_together(std::vector<Job> jobs, std::size_t at_once);

}  // namespace trueup::platform
