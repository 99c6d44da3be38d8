#include "engine/bring_back.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/execute.h"
#include "engine/fetch_waits.h"
#include "engine/session.h"
#include "planner/situation.h"

namespace trueup::engine {
namespace {

/// Of the safe plan the steps that bring back copies of these plugins; none where the owner held them.
model::Plan plan_to_bring_back(const Look& seen, const Whose& whose) {
  if (seen.observation.disk.asides.empty()) return {};
  model::Plan plan = plan_of(seen, {});
  const planner::Situations situations(seen.observation);
  const auto is_meant = [&](const model::Step& step) {
    return whose.all || std::ranges::any_of(whose.names, [&](const std::string& name) {
             return step.plugin_id == name || step.plugin_id == situations.resolve(name);
           });
  };
  std::erase_if(plan.steps,
                [&](const model::Step& step) { return !step.aside || !step.held.empty() || !is_meant(step); });
  return plan;
}

}  // namespace

Result<std::vector<NotBroughtBack>> bring_back(World& world, const std::string& verb, const Whose& whose,
                                               SettledLook& settled, sources::SettingsCheck settings) {
  std::vector<NotBroughtBack> failed;
  if (plan_to_bring_back(settled.seen, whose).steps.empty()) return failed;
  // Its program may still be at work on that copy: looked at twice, as a pass does.
  ASSIGN_OR_RETURN(const Look before, look_to_plan(world));
  if (plan_to_bring_back(before, whose).steps.empty()) return failed;
  {
    ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
    ASSIGN_OR_RETURN(const Look seen, look_under_lock(world, before));
    const model::Plan plan = plan_to_bring_back(seen, whose);
    OfferWaits waits(world, seen.offer_waits);
    const Execution done = execute(*session, seen.observation, plan, waits);
    ASSIGN_OR_RETURN(const auto history, session->end());
    settled.notes.insert(settled.notes.end(), session->notes().begin(), session->notes().end());
    if (done.stopped) return *done.stopped;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const std::string copy =
          fmt::format("{}, a whole copy of it that an interrupted install left,", plan.steps[i].aside->aside);
      if (done.steps[i].kind == StepResult::Kind::done) {
        settled.notes.push_back(fmt::format("{} was put back first", copy));
      } else {
        failed.push_back(
            {plan.steps[i].plugin_id, fmt::format("{} could not be put back: {}", copy, done.steps[i].why)});
      }
    }
  }
  ASSIGN_OR_RETURN(settled.seen, look(world, settings));
  return failed;
}

Result<SettledLook> look_when_whole(World& world, const std::string& verb, const std::string& name) {
  ASSIGN_OR_RETURN(SettledLook settled, look_when_settled(world, verb));
  ASSIGN_OR_RETURN(const auto failed, bring_back(world, verb, {.names = {name}}, settled));
  if (failed.empty()) return settled;
  return Error{.code = ErrorCode::refused, .message = failed.front().says, .where = failed.front().plugin_id};
}

}  // namespace trueup::engine
