// `--rules ledmatrix`: the decisions of the original at the seed, on the same facts (formats section 9).
//
// Its three checks in its order, state over config for `enabled` (absent = true), missing plugins fetched again with
// the string fallback of the prefix, its descriptions and values. None of its damage: what a source that could not be
// read might lack is not decided on, and where its fix would destroy something the step is held
// (docs/ledmatrix-rules.md).
#pragma once

#include "planner/rule.h"

namespace trueup::planner::ledmatrix {

/// Requires: `context.policy.rules` is RuleSet::ledmatrix.
void find(const Context& context, Output& out);

}  // namespace trueup::planner::ledmatrix
