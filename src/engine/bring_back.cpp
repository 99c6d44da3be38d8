#include "engine/bring_back.h"

#include <fmt/core.h>

#include <utility>

#include "engine/execute.h"
#include "engine/fetch_waits.h"
#include "engine/session.h"
#include "planner/situation.h"

namespace trueup::engine {
namespace {

/// Of the safe plan the steps that bring back a copy of this plugin; none where the owner held them.
model::Plan plan_to_bring_back(const Look& seen, const std::string& name) {
  if (seen.observation.disk.asides.empty()) return {};
  model::Plan plan = plan_of(seen, {});
  const planner::Situations situations(seen.observation);
  const std::string_view id = situations.resolve(name);
  std::erase_if(plan.steps, [&](const model::Step& step) {
    return !step.aside || !step.held.empty() || (step.plugin_id != id && step.plugin_id != name);
  });
  return plan;
}

}  // namespace

Result<SettledLook> look_when_whole(World& world, const std::string& verb, const std::string& name) {
  ASSIGN_OR_RETURN(SettledLook settled, look_when_settled(world, verb));
  if (plan_to_bring_back(settled.seen, name).steps.empty()) return settled;
  // Its program may still be at work on that copy: looked at twice, as a pass does.
  ASSIGN_OR_RETURN(const Look before, look_to_plan(world));
  if (plan_to_bring_back(before, name).steps.empty()) return settled;
  {
    ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
    ASSIGN_OR_RETURN(const Look seen, look_under_lock(world, before));
    const model::Plan plan = plan_to_bring_back(seen, name);
    OfferWaits waits(world, seen.offer_waits);
    const Execution done = execute(*session, seen.observation, plan, waits);
    ASSIGN_OR_RETURN(const auto history, session->end());
    settled.notes.insert(settled.notes.end(), session->notes().begin(), session->notes().end());
    if (done.stopped) return *done.stopped;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const std::string& copy = plan.steps[i].aside->aside;
      if (done.steps[i].kind != StepResult::Kind::done) {
        return Error{.code = ErrorCode::refused,
                     .message = fmt::format("{}, a whole copy of it that an interrupted install left, could not be put "
                                            "back: {}",
                                            copy, done.steps[i].why),
                     .where = plan.steps[i].plugin_id};
      }
      settled.notes.push_back(
          fmt::format("{}, a whole copy of it that an interrupted install left, was put back first", copy));
    }
  }
  ASSIGN_OR_RETURN(settled.seen, look(world));
  return settled;
}

}  // namespace trueup::engine
