#include "planner/attempts.h"

#include <algorithm>

namespace trueup::planner {
namespace {

bool asked_by_name(const Context& context, const Situation& plugin) {
  const auto& only = context.policy.only;
  return context.policy.retry || std::find(only.begin(), only.end(), plugin.id) != only.end();
}

}  // namespace

const model::Attempt* refused_before(const Context& context, const Situation& plugin) {
  if (asked_by_name(context, plugin)) return nullptr;
  for (const model::Attempt& attempt : context.observation.ledger.attempts) {
    if (attempt.plugin_id == plugin.id && attempt.terminal && attempt.entry_digest == plugin.entry->digest &&
        attempt.source == context.observation.registry.origin) {
      return &attempt;
    }
  }
  return nullptr;
}

}  // namespace trueup::planner
