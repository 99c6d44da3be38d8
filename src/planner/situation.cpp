#include "planner/situation.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "model/installed.h"
#include "model/plugin_id.h"

namespace trueup::planner {

using model::ManifestVerdict;
using model::Observation;
using model::PluginDirectory;
using model::RegistryEntry;

bool Situation::installed() const {
  const PluginDirectory* dir = directory();
  return dir != nullptr && dir->manifest == ManifestVerdict::good;
}

const model::ReceiptFacts* Situation::matching_receipt() const {
  const PluginDirectory* dir = directory();
  if (dir == nullptr || !dir->receipt || dir->manifest != ManifestVerdict::good) return nullptr;
  const bool same = dir->receipt->plugin_id == dir->id && dir->receipt->version == dir->version;
  return same ? &*dir->receipt : nullptr;
}

bool Situation::entry_is_evidence() const {
  return entry != nullptr && match != EntryMatch::prefix_unconfirmed && match != EntryMatch::several;
}

bool Situation::is_plugin() const {
  if (reserved) return false;
  return !directories.empty() || record != nullptr || tombstoned || past_receipt != nullptr || entry_is_evidence() ||
         match == EntryMatch::several || !installed_as.empty();
}

EnabledAnswer enabled_of(const Situation& situation) {
  using From = EnabledAnswer::From;
  if (situation.section != nullptr) {
    if (!situation.section->is_object()) return {false, From::invalid};
    if (const auto choice = situation.section->enabled.choice()) return {*choice, From::config};
    if (situation.section->enabled.kind == model::EnabledSetting::Kind::wrong_type) return {false, From::invalid};
  }
  if (situation.record != nullptr && situation.record->problem.empty() && situation.record->enabled) {
    return {*situation.record->enabled, From::record};
  }
  return {kEnabledWhenUnstated, From::unstated};
}

Situations::Situations(const Observation& observation) {
  // As a rule they name the same plugins, and the core's own sections leave room for a few more.
  const std::size_t expected = std::max(observation.disk.directories.size(), observation.config.sections.size());
  all_.reserve(expected);
  index_.reserve(expected);
  join_directories(observation);
  join_declared_secrets(observation);
  join_records(observation);
  join_tombstones(observation);
  join_registry(observation);
  join_former_ids(observation);
  if (!std::ranges::is_sorted(all_, {}, &Situation::id)) std::ranges::sort(all_, {}, &Situation::id);
  for (std::size_t i = 0; i < all_.size(); ++i) index_[all_[i].id] = i;
  join_renames();
  join_followers();
  const bool unread = observation.registry.present && !observation.reading(model::Source::registry).known();
  may_follow_unseen_ =
      unread && std::ranges::any_of(all_, &Situation::has_only_a_choice) &&
      std::ranges::any_of(all_, [](const Situation& it) { return it.installed() && it.has_no_choice(); });
}

Situation& Situations::at(std::string_view id) {
  const auto [slot, added] = index_.try_emplace(id, all_.size());
  if (added) {
    all_.emplace_back();
    all_.back().id = id;
    all_.back().reserved = model::is_reserved(id);
  }
  return all_[slot->second];
}

const Situation* Situations::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &all_[found->second];
}

std::string_view Situations::resolve(std::string_view name) const {
  const Situation* own = find(name);
  if (own != nullptr && !own->directories.empty()) return own->id;
  if (const auto alias = directory_alias_.find(name); alias != directory_alias_.end()) return alias->second;
  if (own != nullptr && !own->installed_as.empty()) return own->installed_as;
  if (const auto alias = registry_alias_.find(name); alias != registry_alias_.end()) return alias->second;
  if (const auto former = former_.find(name); former != former_.end()) return former->second;
  return own != nullptr ? own->id : name;
}

void Situations::join_directories(const Observation& observation) {
  for (const PluginDirectory& dir : observation.disk.directories) {
    if (model::is_plain_file(dir)) continue;
    const std::string_view id = model::id_of(dir);
    at(id).directories.push_back(&dir);
    if (id != dir.name) directory_alias_.emplace(dir.name, id);
  }
  for (const model::Section& section : observation.config.sections) at(section.key).section = &section;
  for (const model::StateRecord& record : observation.state) at(record.key).record = &record;
  for (const model::ReceiptIndexEntry& receipt : observation.ledger.receipts) {
    at(receipt.plugin_id).past_receipt = &receipt;
  }
  // Where something else names a plain file, it stands in the way of that plugin and counts as damaged.
  for (const PluginDirectory& dir : observation.disk.directories) {
    if (!model::is_plain_file(dir)) continue;
    if (const auto found = index_.find(dir.name); found != index_.end())
      all_[found->second].directories.push_back(&dir);
  }
  for (Situation& situation : all_) {
    std::sort(situation.directories.begin(), situation.directories.end(),
              [](const PluginDirectory* a, const PluginDirectory* b) { return model::counts_before(*a, *b); });
  }
  for (const model::Aside& aside : observation.disk.asides) {
    const auto alias = directory_alias_.find(aside.owner);
    const std::string_view owner = alias != directory_alias_.end() ? alias->second : std::string_view(aside.owner);
    if (const auto found = index_.find(owner); found != index_.end()) all_[found->second].asides.push_back(&aside);
  }
}

/// Secrets alone make no plugin of a name; of an installed one they are where it is declared that it had that name.
void Situations::join_declared_secrets(const Observation& observation) {
  std::unordered_set<std::string_view> unknown;
  for (const model::Section& section : observation.config.secrets) {
    if (!index_.contains(section.key) && !directory_alias_.contains(section.key)) unknown.insert(section.key);
  }
  if (unknown.empty()) return;
  std::vector<std::string_view> declared;
  const auto declare = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (const auto found = unknown.find(name); found != unknown.end()) declared.push_back(*found);
    }
  };
  for (const PluginDirectory& dir : observation.disk.directories) {
    if (dir.manifest == ManifestVerdict::good) declare(dir.former_ids);
  }
  const auto is_there = [this](std::string_view id) {
    const Situation* found = find(id);
    return found != nullptr && found->installed();
  };
  for (const RegistryEntry& entry : observation.registry.entries) {
    if (is_there(entry.id) || is_there(entry.directory)) declare(entry.aliases);
  }
  for (const std::string_view name : declared) at(name);
}

void Situations::join_records(const Observation& observation) {
  for (const model::Section& section : observation.config.secrets) {
    if (const auto found = index_.find(section.key); found != index_.end()) all_[found->second].secrets = &section;
  }
  // A section or a record under the name of the directory, where the manifest states another id.
  for (Situation& situation : all_) {
    if (!situation.directories.empty()) continue;
    const auto alias = directory_alias_.find(situation.id);
    if (alias != directory_alias_.end()) situation.installed_as = alias->second;
  }
}

/// Ids that an installed plugin's manifest says it had before. Of two plugins that claim one, neither has it; and a
/// manifest says nothing about a plugin that the registry lists.
void Situations::join_former_ids(const Observation& observation) {
  std::unordered_map<std::string_view, std::string_view> claims;
  for (const PluginDirectory& dir : observation.disk.directories) {
    if (dir.manifest != ManifestVerdict::good) continue;
    for (const std::string& former : dir.former_ids) {
      const auto [claim, first] = claims.try_emplace(former, dir.id);
      if (!first && claim->second != dir.id) claim->second = {};
    }
  }
  for (const auto& [former, id] : claims) {
    const auto found = index_.find(former);
    if (id.empty()) continue;
    if (found == index_.end()) {
      former_.emplace(former, id);
      continue;
    }
    Situation& situation = all_[found->second];
    const bool of_another = situation.entry_is_evidence() && situation.match != EntryMatch::by_alias;
    if (!situation.directories.empty() || of_another) continue;
    if (situation.installed_as.empty()) situation.installed_as = id;
    if (situation.installed_as == id) situation.renamed = Situation::Renamed::by_manifest;
  }
}

/// Once everything is known: whether the registry declares a name to be a former one, and which plugins have settings
/// under another name.
void Situations::join_renames() {
  for (Situation& situation : all_) {
    if (situation.installed_as.empty()) continue;
    const RegistryEntry* entry = situation.entry;
    const std::string_view own = situation.installed_as;
    if (situation.match == EntryMatch::by_alias && (entry->id == own || entry->directory == own)) {
      situation.renamed = Situation::Renamed::by_registry;
    }
    if (situation.section == nullptr || situation.reserved) continue;
    const auto installed = index_.find(own);
    if (installed == index_.end()) continue;
    Situation& plugin = all_[installed->second];
    if (plugin.other_sections++ == 0) plugin.settings_under = situation.id;
  }
}

/// Which names without a section plugin_renamed speaks of: their secrets go along, and a choice that is recorded
/// nowhere else stands.
void Situations::join_followers() {
  for (Situation& situation : all_) {
    const bool declared = situation.renamed != Situation::Renamed::no;
    if (!declared || situation.section != nullptr || situation.reserved || situation.tombstoned) continue;
    const auto found = index_.find(situation.installed_as);
    if (found == index_.end()) continue;
    Situation& plugin = all_[found->second];
    if (!plugin.installed() || plugin.reserved || plugin.tombstoned) continue;
    const bool only_choice = plugin.has_no_choice() && situation.has_only_a_choice();
    if (situation.secrets == nullptr && !only_choice) continue;
    situation.follows = true;
    if (plugin.followers++ == 0) plugin.followed_by = situation.id;
  }
}

void Situations::join_tombstones(const Observation& observation) {
  const auto is_there = [this](std::string_view id) {
    const Situation* found = find(id);
    return found != nullptr && !found->directories.empty();
  };
  for (const std::string_view id : model::removed_ids(observation, is_there)) at(id).tombstoned = true;
}

/// A name of the registry that stands for a plugin which is installed under its own id.
void Situations::name_installed(const RegistryEntry& entry, std::string_view name) {
  const auto own = model::installed_id_of(entry, [this](std::string_view id) {
    const Situation* found = find(id);
    return found != nullptr && !found->directories.empty();
  });
  if (own) registry_alias_.try_emplace(name, *own);
}

void Situations::join_registry(const Observation& observation) {
  struct Match {
    const RegistryEntry* entry;
    EntryMatch how;
  };
  std::unordered_map<std::string_view, Match> names;
  names.reserve(observation.registry.entries.size() * 2);
  // Exact evidence first, so that one entry's alias never takes another entry's own name.
  for (const RegistryEntry& entry : observation.registry.entries) {
    const bool other = !entry.directory.empty() && entry.directory != entry.id;
    names.try_emplace(entry.id, Match{&entry, other ? EntryMatch::other_id : EntryMatch::by_id});
  }
  for (const RegistryEntry& entry : observation.registry.entries) {
    if (!entry.directory.empty()) names.try_emplace(entry.directory, Match{&entry, EntryMatch::by_directory});
  }
  for (const RegistryEntry& entry : observation.registry.entries) name_installed(entry, entry.id);
  const auto is_known = [this](std::string_view id) {
    const Situation* found = find(id);
    return found != nullptr && (found->installed() || found->past_receipt != nullptr);
  };
  const auto all_claims = model::alias_claims(observation.registry.entries);
  for (const auto& [alias, claims] : all_claims) {
    const RegistryEntry* entry = model::claimant(claims, is_known);
    const EntryMatch how = entry != nullptr ? EntryMatch::by_alias : EntryMatch::several;
    names.try_emplace(alias, Match{entry != nullptr ? entry : claims.front(), how});
    if (entry != nullptr) name_installed(*entry, alias);
  }
  for (Situation& situation : all_) {
    if (situation.reserved) continue;
    if (const auto found = names.find(situation.id); found != names.end()) {
      situation.entry = found->second.entry;
      situation.match = found->second.how;
      if (situation.match == EntryMatch::several) situation.claimed_by = all_claims.at(situation.id);
    } else if (const auto bare = model::without_legacy_prefix(situation.id)) {
      if (const auto guess = names.find(*bare); guess != names.end()) {
        situation.entry = guess->second.entry;
        situation.match = EntryMatch::prefix_unconfirmed;
      }
    }
    // The registry's short name of a plugin that is installed under its own id (formats 0.2: `weather`).
    const bool names_another = situation.match == EntryMatch::other_id || situation.match == EntryMatch::by_alias;
    if (names_another && situation.directories.empty() && situation.installed_as.empty()) {
      for (const std::string_view own :
           {std::string_view(situation.entry->directory), std::string_view(situation.entry->id)}) {
        const auto installed = index_.find(own);
        if (own.empty() || own == situation.id || installed == index_.end()) continue;
        if (!all_[installed->second].directories.empty()) situation.installed_as = all_[installed->second].id;
      }
    }
  }
}

std::string plugin_gone_with(const model::Observation& observation, const Situations& situations,
                             std::string_view directory) {
  for (const Situation& plugin : situations.all()) {
    if (plugin.directories.size() != 1 || plugin.directories.front()->name != directory) continue;
    const bool is_named =
        plugin.section != nullptr || plugin.record != nullptr || plugin.past_receipt != nullptr ||
        observation.unknown_among({model::Source::config, model::Source::state, model::Source::ledger});
    if (plugin.tombstoned || plugin.reserved || !is_named || !model::PluginId::parse(plugin.id)) return {};
    return std::string(plugin.id);
  }
  return {};
}

}  // namespace trueup::planner
