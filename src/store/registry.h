// Decoding a registry (`plugins.json`): pure text in, model::RegistryFacts out. No I/O.
//
// Whoever publishes a registry is a stranger. One entry that breaks a rule is left out and said so; it never takes a
// good one with it (failure F122). A wrong type of what only describes a plugin is no opinion, not an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/observation.h"

namespace trueup::store {

/// `origin` is where the text comes from, as shown to a person. Error: unreadable, when the text as a whole is none.
Result<model::RegistryFacts> decode_registry(std::string text, std::string origin);

/// "weather" for "plugins/weather/" and the like; nothing for a path that is empty, absolute, contains "..", or ends in
/// what cannot be a plugin's directory (failure F126).
std::optional<std::string> directory_of_plugin_path(std::string_view plugin_path);

/// The entry with exactly this id, or nullptr.
const model::RegistryEntry* find_entry(const model::RegistryFacts& facts, std::string_view id);

/// The first one of the saved repositories with exactly this id, or nullptr: for who names it, and for nobody else.
const model::RegistryEntry* find_saved(const model::RegistryFacts& facts, std::string_view id);

/// The entries that may stand for `name` by what the registry itself says: its id, the last segment of its plugin_path
/// or a declared alias, in this order of strength, none twice. The prefix of older installations is not looked at: it
/// counts only when something else confirms it.
std::vector<const model::RegistryEntry*> entries_for(const model::RegistryFacts& facts, std::string_view name);

}  // namespace trueup::store
