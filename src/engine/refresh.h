// Asking the registry itself, before a pass that then only reads the copy on the disk. The one place where the engine
// lets a list be fetched; a pass without a network goes on with the copy that is there.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "store/plugin_source.h"

namespace trueup::engine {

/// That the registry did not answer, or that nothing can be written here, is no error: it stands in the report.
store::RefreshReport refresh_registry(World& world, store::Ask ask, bool anyway = false);
/// The saved repositories; `only`: the address of one, or empty for all.
Result<std::vector<store::SavedRefresh>> refresh_saved(World& world, const std::string& only, store::Ask ask);

/// Those that an update rests on: where plugins came from that are here, and the one that it names. What it is to say
/// of those that did not answer.
std::vector<std::string> refresh_sources(World& world, const std::string& from, store::Ask ask);

/// What an address offers, asked now; nothing of the owner's is changed. Errors as PluginSource::offered_by.
Result<model::RegistryFacts> offered_by(World& world, const std::string& url);

/// What a pass says about it before its own answer; empty when there is nothing to say.
std::string note_of(const store::RefreshReport& report);

}  // namespace trueup::engine
