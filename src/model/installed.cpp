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

}  // namespace trueup::model
