// Which plugin a directory stands for, which of several directories counts, and what the owner removed: the answers
// that the planner and the catalogue must give alike (design section 2, "plugin id"). Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/observation.h"

namespace trueup::model {

/// The id that a directory stands for: its manifest's, or else its own name.
std::string_view id_of(const PluginDirectory& directory);

/// Which version of it stands there: the manifest's, or where that cannot be used its receipt's; empty: neither says.
std::string_view version_of(const PluginDirectory& directory);

/// A plain file is no plugin by itself: a README may lie in the plugins directory.
bool is_plain_file(const PluginDirectory& directory);

/// The one that counts among several that claim one id: a readable one before a damaged one, then the one named like
/// the id, then the first by name. The same answer in any directory order (failure F84).
bool counts_before(const PluginDirectory& a, const PluginDirectory& b);

using IsThere = std::function<bool(std::string_view id)>;

/// What the owner removed and nobody took back. The ledger's record of an id whose directory is there (`is_there`) is
/// cancelled by a file that parses and no longer lists it: somebody installed it again with another program.
std::vector<std::string_view> removed_ids(const Observation& observation, const IsThere& is_there);

/// Under which id an entry of the registry is installed, if it is: the last part of its path before its id.
std::optional<std::string_view> installed_id_of(const RegistryEntry& entry, const IsThere& is_there);

/// The entries that declare a name as an alias, as the registry orders them; of one plugin only the first.
using AliasClaims = std::vector<const RegistryEntry*>;
std::unordered_map<std::string_view, AliasClaims> alias_claims(const std::vector<RegistryEntry>& entries);

/// Whose alias it is: the only claim, or the only one of which the plugin is there; else nothing tells (failure F88).
const RegistryEntry* claimant(const AliasClaims& claims, const IsThere& is_there);

/// "`a`, `b` and `c`"
std::string names_of(const AliasClaims& claims);

}  // namespace trueup::model
