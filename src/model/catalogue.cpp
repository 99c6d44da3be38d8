#include "model/catalogue.h"

#include <algorithm>

#include "model/installed.h"
#include "model/plugin_id.h"

namespace trueup::model {
namespace {

/// Directories with a usable manifest, those of one id together, the one that counts first.
std::vector<const PluginDirectory*> good_directories(const DiskFacts& disk) {
  std::vector<const PluginDirectory*> good;
  for (const PluginDirectory& directory : disk.directories) {
    if (directory.manifest == ManifestVerdict::good && !is_plain_file(directory)) good.push_back(&directory);
  }
  std::sort(good.begin(), good.end(), [](const PluginDirectory* a, const PluginDirectory* b) {
    return a->id != b->id ? a->id < b->id : counts_before(*a, *b);
  });
  return good;
}

CataloguePlugin plugin_from(const PluginDirectory& directory) {
  return {.id = directory.id,
          .directory = directory.name,
          .name = directory.display_name,
          .version = directory.version,
          .linked = directory.kind == EntryKind::link,
          .display_modes = effective_modes(directory.id, directory.display_modes)};
}

std::vector<std::string_view> removed_from(const Observation& observation) {
  std::vector<std::string_view> there;
  for (const PluginDirectory& directory : observation.disk.directories) {
    if (!is_plain_file(directory)) there.push_back(id_of(directory));
  }
  std::sort(there.begin(), there.end());
  return removed_ids(observation,
                     [&there](std::string_view id) { return std::binary_search(there.begin(), there.end(), id); });
}

std::vector<DamagedDirectory> damaged_directories(const DiskFacts& disk) {
  std::vector<DamagedDirectory> damaged;
  for (const PluginDirectory& directory : disk.directories) {
    if (directory.manifest == ManifestVerdict::good || is_plain_file(directory)) continue;
    damaged.push_back({.directory = directory.name, .problem = directory.manifest_problem});
  }
  std::sort(damaged.begin(), damaged.end(), [](const auto& a, const auto& b) { return a.directory < b.directory; });
  return damaged;
}

/// Ids that LEDMatrix cannot keep apart from another section of config.json.
std::vector<KeyCollision> collisions_of(const DiskFacts& disk, const std::vector<CataloguePlugin>& plugins) {
  std::vector<KeyCollision> found;
  for (const PluginDirectory& directory : disk.directories) {
    if (PluginId::well_formed(directory.id) && is_reserved(directory.id)) {
      found.push_back({KeyCollision::Kind::reserved_key, directory.id, mode_key(directory.id)});
    }
  }
  std::vector<std::pair<std::string, const CataloguePlugin*>> folded;
  for (const CataloguePlugin& plugin : plugins) folded.emplace_back(mode_key(plugin.id), &plugin);
  std::sort(folded.begin(), folded.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->id < b.second->id;
  });
  for (std::size_t i = 1; i < folded.size(); ++i) {
    if (folded[i].first != folded[i - 1].first) continue;
    found.push_back({KeyCollision::Kind::letter_case, folded[i - 1].second->id, folded[i].second->id});
  }
  return found;
}

const CataloguePlugin* find_in(const std::vector<CataloguePlugin>& plugins, std::string_view id) {
  const auto at = std::lower_bound(plugins.begin(), plugins.end(), id,
                                   [](const CataloguePlugin& one, std::string_view wanted) { return one.id < wanted; });
  return at != plugins.end() && at->id == id ? &*at : nullptr;
}

}  // namespace

Catalogue make_catalogue(const Observation& observation) {
  Catalogue made;
  const auto removed = removed_from(observation);
  for (const PluginDirectory* directory : good_directories(observation.disk)) {
    if (std::binary_search(removed.begin(), removed.end(), std::string_view(directory->id))) continue;
    if (!made.plugins_.empty() && made.plugins_.back().id == directory->id) {
      made.plugins_.back().other_directories.push_back(directory->name);
    } else {
      made.plugins_.push_back(plugin_from(*directory));
    }
    if (directory->name != directory->id) made.aliases_.try_emplace(directory->name, directory->id);
  }
  const IsThere is_installed = [&](std::string_view id) { return find_in(made.plugins_, id) != nullptr; };
  for (const RegistryEntry& entry : observation.registry.entries) {
    const auto own = installed_id_of(entry, is_installed);
    if (!own) continue;
    made.aliases_.try_emplace(entry.id, *own);
  }
  const IsThere was_installed = [&](std::string_view id) {
    return is_installed(id) || std::ranges::find(observation.ledger.receipts, id, &ReceiptIndexEntry::plugin_id) !=
                                   observation.ledger.receipts.end();
  };
  for (const auto& [alias, claims] : alias_claims(observation.registry.entries)) {
    const RegistryEntry* entry = claimant(claims, was_installed);
    const auto own = entry == nullptr ? std::nullopt : installed_id_of(*entry, is_installed);
    if (own) made.aliases_.try_emplace(std::string(alias), *own);
  }
  made.damaged_ = damaged_directories(observation.disk);
  for (const CataloguePlugin& plugin : made.plugins_) made.modes_.add(plugin.id, plugin.display_modes);
  made.modes_.finish();
  made.collisions_ = collisions_of(observation.disk, made.plugins_);
  return made;
}

const CataloguePlugin* Catalogue::find(std::string_view id) const { return find_in(plugins_, id); }

const CataloguePlugin* Catalogue::find_by_name(std::string_view name) const {
  if (const CataloguePlugin* own = find(name)) return own;
  const auto alias = aliases_.find(name);
  return alias == aliases_.end() ? nullptr : find(alias->second);
}

std::optional<std::string_view> Catalogue::directory_of(std::string_view id) const {
  const CataloguePlugin* plugin = find(id);
  if (plugin == nullptr) return std::nullopt;
  return plugin->directory;
}

const std::vector<std::string>* Catalogue::display_modes_of(std::string_view id) const {
  const CataloguePlugin* plugin = find(id);
  return plugin == nullptr ? nullptr : &plugin->display_modes;
}

std::vector<const CataloguePlugin*> Catalogue::providers_of(std::string_view mode) const {
  std::vector<const CataloguePlugin*> plugins;
  for (const std::string_view id : modes_.providers(mode)) plugins.push_back(find(id));
  return plugins;
}

}  // namespace trueup::model
