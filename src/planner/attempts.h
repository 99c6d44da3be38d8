// What became of earlier tries to fetch a plugin from the registry. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "planner/rule.h"

namespace trueup::planner {

/// The refusal of what the registry offers now, which trying again cannot change; nothing when it may be tried: it
/// never was, the entry changed since or LEDMatrix did where that was the reason, or the owner asks for the plugin by
/// name. Requires: the plugin has an entry.
const model::Attempt* refused_before(const Context& context, const Situation& plugin);

/// By name, or with `--retry`: what failed before does not count.
bool asked_by_name(const Context& context, const Situation& plugin);

/// Why the entry of this id counts for nothing although the registry has one; nothing where there is none.
std::optional<std::string> refusal_of_entry(const model::RegistryFacts& registry, std::string_view id);

}  // namespace trueup::planner
