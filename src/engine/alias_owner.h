// Whose a name is that entries of the registry declare as an alias: the question that `install` asks before it takes an
// entry for that name, or settings along that stand under it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/observation.h"

namespace trueup::engine {

/// Error: conflict, several entries declare it and nothing here tells which is meant; it names them.
Result<const model::RegistryEntry*> claimant_of(const model::Observation& observation, const std::string& name);

/// The entry declares it, and no other one of the registry may mean it as well.
bool is_alias_of(const model::RegistryEntry& entry, const model::Observation& observation, std::string_view name);

}  // namespace trueup::engine
