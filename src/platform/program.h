// Another program, run once: given words, an input and a time to end in. For what the owner configured, and nothing
// else; it gets a small environment and none of our descriptors.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::platform {

/// `words`: the first is the program's absolute path. Its exit status. Errors: not_found and the like, it could not be
/// started; contended, it did not end in time and was killed with all that it started; io, a signal ended it.
Result<int> run_program(const std::vector<std::string>& words, const std::string& input,
                        std::chrono::milliseconds patience);

}  // namespace trueup::platform
