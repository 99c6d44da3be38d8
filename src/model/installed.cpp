#include "model/installed.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace trueup::model {

std::string_view id_of(const PluginDirectory& directory) {
  return directory.manifest == ManifestVerdict::good ? std::string_view(directory.id)
                                                     : std::string_view(directory.name);
}

std::string_view version_of(const PluginDirectory& directory) {
  if (directory.manifest == ManifestVerdict::good) return directory.version;
  const bool has_receipt = directory.receipt && directory.receipt->plugin_id == directory.name;
  return has_receipt ? std::string_view(directory.receipt->version) : std::string_view();
}

bool is_plain_file(const PluginDirectory& directory) { return directory.kind == EntryKind::other; }

bool counts_before(const PluginDirectory& a, const PluginDirectory& b) {
  const auto rank = [](const PluginDirectory& directory) {
    const bool good = directory.manifest == ManifestVerdict::good;
    return std::tuple{good ? 0 : 1, good && directory.id == directory.name ? 0 : 1, std::string_view(directory.name)};
  };
  return rank(a) < rank(b);
}

std::vector<std::string_view> removed_ids(const Observation& observation, const IsThere& is_there) {
  std::vector<std::string_view> removed(observation.tombstones.begin(), observation.tombstones.end());
  std::sort(removed.begin(), removed.end());
  const bool file_read = observation.reading(Source::tombstones).verdict == Verdict::complete;
  const auto listed = static_cast<std::ptrdiff_t>(removed.size());
  for (const std::string& id : observation.ledger.tombstones) {
    const bool in_file = std::binary_search(removed.begin(), removed.begin() + listed, std::string_view(id));
    const bool cancelled = file_read && !in_file && is_there(id);
    if (!in_file && !cancelled) removed.emplace_back(id);
  }
  std::sort(removed.begin(), removed.end());
  return removed;
}

std::optional<std::string_view> installed_id_of(const RegistryEntry& entry, const IsThere& is_there) {
  for (const std::string_view own : {std::string_view(entry.directory), std::string_view(entry.id)}) {
    if (!own.empty() && is_there(own)) return own;
  }
  return std::nullopt;
}

std::unordered_map<std::string_view, AliasClaims> alias_claims(const std::vector<RegistryEntry>& entries) {
  const auto plugin_of = [](const RegistryEntry& entry) -> const std::string& {
    return entry.directory.empty() ? entry.id : entry.directory;
  };
  std::unordered_map<std::string_view, AliasClaims> all;
  for (const RegistryEntry& entry : entries) {
    for (const std::string& alias : entry.aliases) {
      AliasClaims& claims = all[alias];
      const bool known = std::any_of(claims.begin(), claims.end(), [&](const RegistryEntry* one) {
        return one == &entry || plugin_of(*one) == plugin_of(entry);
      });
      if (!known) claims.push_back(&entry);
    }
  }
  return all;
}

const RegistryEntry* claimant(const AliasClaims& claims, const IsThere& is_there) {
  if (claims.size() == 1) return claims.front();
  const RegistryEntry* only = nullptr;
  for (const RegistryEntry* one : claims) {
    if (!is_there(one->id) && (one->directory.empty() || !is_there(one->directory))) continue;
    if (only != nullptr) return nullptr;
    only = one;
  }
  return only;
}

std::string names_of(const AliasClaims& claims) {
  std::string out;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (i > 0) out += i + 1 == claims.size() ? " and " : ", ";
    out += "`" + claims[i]->id + "`";
  }
  return out;
}

}  // namespace trueup::model
