#include "planner/origin.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"

namespace trueup::planner {

std::string_view saved_source_of(const Context& context, const Situation& plugin) {
  std::string_view origin;
  if (plugin.past_receipt != nullptr) origin = plugin.past_receipt->origin;
  if (plugin.directory() != nullptr && plugin.directory()->receipt) origin = plugin.directory()->receipt->origin;
  const model::RegistryFacts& registry = context.observation.registry;
  if (origin.empty() || origin == registry.origin) return {};
  const auto found = std::ranges::find(registry.saved, origin, &model::RegistryEntry::source);
  return found == registry.saved.end() ? std::string_view() : std::string_view(found->source);
}

std::string advice_for_saved_source(const Situation& plugin, std::string_view source) {
  if (plugin.entry_is_evidence()) {
    return fmt::format(
        "it came from {}, and the registry lists one of that id as well: `trueup install {}` takes the "
        "registry's",
        source, shell_word(plugin.id));
  }
  return fmt::format("it came from {}: `trueup install {} --id {}` fetches it from there", source, shell_word(source),
                     shell_word(plugin.id));
}

}  // namespace trueup::planner
