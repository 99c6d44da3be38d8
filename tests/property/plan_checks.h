// What must hold of any plan, said once for all tables of situations. Each check gives what is broken, or nothing.
#pragma once

#include <string>

#include "model/observation.h"
#include "model/step.h"

namespace trueup::test {

/// Passes after which the installation must be at rest (the original's rules install before they compare).
inline constexpr int kPassesSafe = 2;
inline constexpr int kPassesLedmatrix = 4;

model::Policy with(model::RuleSet rules);

std::string promise_1_unknown_is_not_absent(const model::Observation& seen, const model::Plan& plan,
                                            model::RuleSet rules);
std::string promise_4_converges(model::Observation seen, const model::Policy& policy, int passes);
std::string promise_6_equal_input_gives_an_equal_plan(const model::Observation& seen, const model::Policy& policy,
                                                      const model::Plan& plan);
std::string promise_7_explains_itself(const model::Plan& plan);

}  // namespace trueup::test
