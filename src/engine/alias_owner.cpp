#include "engine/alias_owner.h"

#include <fmt/core.h>

#include <algorithm>

#include "model/installed.h"

namespace trueup::engine {
namespace {

using model::Observation;

bool is_known(const Observation& observation, std::string_view id) {
  const auto stands = [id](const model::PluginDirectory& one) {
    return one.manifest == model::ManifestVerdict::good && one.id == id;
  };
  const auto& receipts = observation.ledger.receipts;
  return std::ranges::any_of(observation.disk.directories, stands) ||
         std::ranges::find(receipts, id, &model::ReceiptIndexEntry::plugin_id) != receipts.end();
}

const model::RegistryEntry* owner_among(const model::AliasClaims& claims, const Observation& observation) {
  return model::claimant(claims, [&observation](std::string_view id) { return is_known(observation, id); });
}

model::AliasClaims claims_on(const Observation& observation, std::string_view name) {
  const auto all = model::alias_claims(observation.registry.entries);
  const auto found = all.find(name);
  return found == all.end() ? model::AliasClaims{} : found->second;
}

}  // namespace

Result<const model::RegistryEntry*> claimant_of(const Observation& observation, const std::string& name) {
  const model::AliasClaims claims = claims_on(observation, name);
  if (const auto* owner = owner_among(claims, observation)) return owner;
  return Error{.code = ErrorCode::conflict,
               .message = fmt::format("the registry declares it another name of {}, so nothing was installed",
                                      model::names_of(claims)),
               .where = name,
               .hint = "say the name of the one that is meant"};
}

bool is_alias_of(const model::RegistryEntry& entry, const Observation& observation, std::string_view name) {
  if (std::ranges::find(entry.aliases, name) == entry.aliases.end()) return false;
  const model::AliasClaims claims = claims_on(observation, name);
  if (claims.empty()) return true;  // the entry is a saved repository's
  const auto* owner = owner_among(claims, observation);
  return owner != nullptr && owner->id == entry.id;
}

}  // namespace trueup::engine
