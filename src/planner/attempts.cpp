#include "planner/attempts.h"

#include <fmt/core.h>

#include <algorithm>

#include "model/plugin_id.h"

namespace trueup::planner {

bool asked_by_name(const Context& context, const Situation& plugin) {
  const auto& only = context.policy.only;
  return context.policy.retry || std::find(only.begin(), only.end(), plugin.id) != only.end();
}

const model::Attempt* refused_before(const Context& context, const Situation& plugin) {
  if (asked_by_name(context, plugin)) return nullptr;
  for (const model::Attempt& attempt : context.observation.ledger.attempts) {
    if (attempt.plugin_id == plugin.id && attempt.refuses(context.observation.core_version) &&
        attempt.entry_digest == plugin.entry->digest && attempt.source == context.observation.registry.origin) {
      return &attempt;
    }
  }
  return nullptr;
}

std::optional<std::string> refusal_of_entry(const model::RegistryFacts& registry, std::string_view id) {
  if (model::is_reserved(id)) {
    return fmt::format("`{}` is one of LEDMatrix's own settings, and no plugin of that name is installed", id);
  }
  const auto found = std::ranges::find(registry.refused, id, &model::RefusedEntry::id);
  if (found == registry.refused.end()) return std::nullopt;
  return fmt::format("the registry's entry `{}` is refused, because {}", id, found->problem);
}

}  // namespace trueup::planner
