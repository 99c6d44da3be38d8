#include "store/locked_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/digest.h"
#include "store/manifest_version.h"
#include "store/registry.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using model::RegistryEntry;

/// Exactly the locked version, from where the lock file says that it lies.
RegistryEntry entry_of(const LockedPlugin& plugin, const std::string& main_origin) {
  RegistryEntry entry{.id = plugin.entry,
                      .latest_version = plugin.version,
                      .repository = plugin.repository,
                      .branch = plugin.branch,
                      .plugin_path = plugin.plugin_path,
                      .download_url = plugin.download_url,
                      .commit = plugin.commit,
                      .sha256 = plugin.sha256};
  entry.directory = directory_of_plugin_path(plugin.plugin_path).value_or("");
  if (!is_same_source(plugin.source, main_origin)) entry.source = plugin.source;
  entry.digest = fingerprint_hex(
      fmt::format("{}\n{}\n{}\n{}\n{}", plugin.id, plugin.version, plugin.commit, plugin.download_url, plugin.sha256));
  return entry;
}

const RegistryEntry* find(const model::RegistryFacts& facts, const LockedPlugin& plugin) {
  if (is_same_source(plugin.source, facts.origin)) return find_entry(facts, plugin.entry);
  const auto found = std::find_if(facts.saved.begin(), facts.saved.end(), [&](const RegistryEntry& entry) {
    return entry.id == plugin.entry && is_same_source(entry.source, plugin.source);
  });
  return found == facts.saved.end() ? nullptr : &*found;
}

}  // namespace

Result<model::RegistryFacts> LockedSource::registry() const {
  ASSIGN_OR_RETURN(model::RegistryFacts facts, inner_.registry());
  std::vector<RegistryEntry> entries;
  for (const LockedPlugin& plugin : lock_.plugins) {
    const RegistryEntry* listed = find(facts, plugin);
    if (listed != nullptr && listed->latest_version == plugin.version) {
      entries.push_back(*listed);
    } else if (plugin.has_own_place()) {
      entries.push_back(entry_of(plugin, facts.origin));
    } else if (listed != nullptr) {
      entries.push_back(*listed);  // fetch() says what it offers instead
    }
  }
  facts.entries = std::move(entries);
  facts.saved.clear();
  return facts;
}

Result<FetchedPlugin> LockedSource::fetch(const RegistryEntry& entry, platform::WritableDirectory& into,
                                          const FetchLimits& limits) const {
  const auto locked = std::find_if(lock_.plugins.begin(), lock_.plugins.end(),
                                   [&](const LockedPlugin& plugin) { return plugin.entry == entry.id; });
  const auto refuse = [&](std::string message) {
    return Error{.code = ErrorCode::refused,
                 .message = std::move(message),
                 .where = entry.id,
                 .hint = fmt::format("`trueup install {}` takes what the store has now", entry.id)};
  };
  if (locked == lock_.plugins.end()) return refuse("the lock file does not list it");
  if (entry.latest_version != locked->version) {
    return refuse(
        fmt::format("the lock file says {}, and its source offers only {} now", locked->version, entry.latest_version));
  }
  ASSIGN_OR_RETURN(FetchedPlugin fetched, inner_.fetch(entry, into, limits));
  if (!locked->digest.empty() && fetched.digest != locked->digest) {
    return refuse(fmt::format("what came for {} is not what was frozen: other files than then", locked->version));
  }
  if (const std::string version = manifest_version(into); version != locked->version) {
    return refuse(fmt::format("the lock file says {}, and what came is {}", locked->version, version));
  }
  return fetched;
}

}  // namespace trueup::store
