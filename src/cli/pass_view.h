// What the verbs that look at a whole pass share: the policy that was asked for, and the view of what was seen.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/exit_status.h"
#include "cli/verbs.h"
#include "cli/views.h"
#include "engine/look.h"

namespace trueup::cli {

/// Without the settings of an installation: what is only looked at, or comes from a report.
model::Policy policy_of(const Invocation& invocation);
model::Policy policy_of(const Call& call);

/// Requires: `report` outlives the view.
PassView view_of_looking(const engine::PlanReport& report, const Invocation& invocation);

/// What a pass weighs: what stands after it, or, of one that only looked, what stands now.
Outcome outcome_of(const PassView& pass);

/// Steps that a pass made possible: they rest on what could not be read before it, and are the next pass's.
std::size_t steps_now_possible(const PassView& pass);

/// "there is no plugin `wheather`", with what may have been meant (failure F85: never acted on by itself).
Error unknown_plugin(const model::Observation& observation, const std::string& name);

}  // namespace trueup::cli
