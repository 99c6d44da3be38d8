#include "engine/fights.h"

#include <algorithm>
#include <utility>

#include "planner/fought_over.h"

namespace trueup::engine {
namespace {

std::string values_of(const model::Step& step) {
  std::string values;
  for (const auto& edit : step.edits) values += edit.value.value_or("-") + "\n";
  return values;
}

}  // namespace

std::vector<Fight> Fights::note(const model::Plan& plan, const std::vector<StepResult>& steps, Time now) {
  std::vector<Fight> begun;
  for (auto one = repairs_.begin(); one != repairs_.end();) {
    auto& times = one->second.times;
    std::erase_if(times, [now](Time at) { return now - at > kWithin; });
    one = times.empty() ? repairs_.erase(one) : std::next(one);
  }
  for (std::size_t i = 0; i < plan.steps.size() && i < steps.size(); ++i) {
    const model::Step& step = plan.steps[i];
    // Only a value that both write can be fought over.
    if (steps[i].kind != StepResult::Kind::done || step.edits.empty()) continue;
    const auto finding = std::ranges::find(plan.findings, step.finding, &model::Inconsistency::finding);
    if (finding == plan.findings.end()) continue;
    std::string digest = model::evidence_digest(*finding);
    const std::string field = planner::field_of(step);
    Repairs& repairs = repairs_[field];
    if (std::string what = values_of(step) + digest; repairs.what != what) repairs = {std::move(what), {}};
    repairs.times.push_back(now);
    if (repairs.times.size() < kRounds) continue;
    repairs_.erase(field);
    begun.push_back({.plugin_id = step.plugin_id,
                     .field = field,
                     .hold = {.finding = step.finding,
                              .evidence_digest = std::move(digest),
                              .reason = std::string(model::kFoughtOver)}});
  }
  return begun;
}

}  // namespace trueup::engine
