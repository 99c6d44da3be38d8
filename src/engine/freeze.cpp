#include "engine/freeze.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/choice.h"
#include "engine/install.h"
#include "engine/look.h"
#include "planner/file_names.h"
#include "planner/situation.h"
#include "store/locked_source.h"
#include "store/web_address.h"

namespace trueup::engine {
namespace {

using model::EntryKind;
using model::Observation;
using model::RegistryEntry;
using model::Source;
using planner::Situation;
using store::LockedPlugin;

const RegistryEntry* entry_from(const Observation& observation, const Situation& plugin, const std::string& source) {
  if (store::is_same_source(source, observation.registry.origin)) {
    return plugin.entry_is_evidence() ? plugin.entry : nullptr;
  }
  for (const RegistryEntry& entry : observation.registry.saved) {
    const bool it = entry.id == plugin.id || entry.directory == plugin.id;
    if (it && store::is_same_source(entry.source, source)) return &entry;
  }
  return nullptr;
}

LockedPlugin locked(const Observation& observation, const Situation& plugin, const std::string& source,
                    std::string digest) {
  LockedPlugin result{.id = std::string(plugin.id),
                      .entry = std::string(plugin.id),
                      .source = source,
                      .version = plugin.directory()->version,
                      .digest = std::move(digest)};
  const RegistryEntry* entry = entry_from(observation, plugin, source);
  if (entry == nullptr) return result;
  result.entry = entry->id;
  if (entry->latest_version != result.version) return result;  // it lies elsewhere by now
  result.repository = entry->repository;
  result.branch = entry->branch;
  result.plugin_path = entry->plugin_path;
  result.commit = entry->commit;
  result.download_url = entry->download_url;
  result.sha256 = entry->sha256;
  return result;
}

/// Why no store can give it to another device, or nothing.
std::string why_left_out(const Situation& plugin, const DirectoryNature& nature) {
  const model::PluginDirectory& directory = *plugin.directory();
  if (plugin.tombstoned) return "it was removed";
  if (directory.kind != EntryKind::directory) return "it is a link to a directory elsewhere";
  if (!plugin.installed()) return fmt::format("it is damaged: {}", directory.manifest_problem);
  if (nature.local_only) return "its manifest says that it is this device's alone";
  if (nature.git) return fmt::format("it is a git checkout of {}", nature.git->remote);
  if (plugin.matching_receipt() == nullptr && !plugin.entry_is_evidence()) return "no store lists it";
  if (const model::ReceiptFacts* receipt = plugin.matching_receipt(); receipt && model::is_given(receipt->origin)) {
    return fmt::format("it was installed from {} of this device", receipt->origin.substr(model::kGivenSource.size()));
  }
  if (!directory.modified_files.empty())
    return fmt::format("you changed {}", planner::some_names(directory.modified_files));
  return {};
}

UpdateResult begin_result(const LockedPlugin& plugin, const Situation* here) {
  UpdateResult result{.plugin_id = plugin.id, .offered_version = plugin.version, .origin = plugin.source};
  if (here == nullptr || here->directory() == nullptr) return result;
  result.directory = here->directory()->name;
  result.installed_version = result.version = here->directory()->version;
  return result;
}

/// It stands there already, or stands in the way; false: it is to be installed.
bool is_settled(const LockedPlugin& plugin, const Situation* here, UpdateResult& result) {
  if (here == nullptr || !here->installed() || result.installed_version != plugin.version) return false;
  const model::ReceiptFacts* receipt = here->matching_receipt();
  const bool known = receipt != nullptr && !plugin.digest.empty();
  if (known && receipt->digest != plugin.digest) {
    result.reason = "other_files";
    result.says = fmt::format("{} is here with other files than were frozen: `trueup uninstall {} --keep-config` first",
                              plugin.version, plugin.id);
    return true;
  }
  result.kind = UpdateResult::Kind::up_to_date;
  result.reason = "up_to_date";
  result.says = fmt::format("{} is here already", plugin.version);
  return true;
}

void install_one(World& world, const LockedPlugin& plugin, UpdateResult& result) {
  const auto done = install(world, plugin.entry);
  if (!done) {
    result.reason = to_string(done.error().code);
    result.says = done.error().text();
    return;
  }
  result.kind = UpdateResult::Kind::updated;
  result.directory = done->directory;
  result.version = done->version;
  result.says = fmt::format("{} is installed", done->version);
  result.notes = done->notes;
  if (!done->history.empty()) result.n = done->history.back();
}

}  // namespace

Result<store::LockFile> freeze(World& world) {
  ASSIGN_OR_RETURN(const Look seen, look(world, sources::SettingsCheck::changed));
  const Observation& observation = seen.observation;
  RETURN_IF_ERROR(require_known(observation, {Source::disk, Source::tombstones, Source::registry}, "freeze"));
  std::vector<std::string> directories;
  for (const model::PluginDirectory& directory : observation.disk.directories) directories.push_back(directory.name);
  const Natures natures = natures_of(world, observation, directories);
  const planner::Situations situations(observation);
  store::LockFile lock;
  for (const Situation& plugin : situations.all()) {
    if (plugin.directories.empty() || plugin.directory()->kind == EntryKind::other || plugin.reserved) continue;
    const auto nature = natures.find(plugin.directory()->name);
    std::string why = why_left_out(plugin, nature == natures.end() ? DirectoryNature() : nature->second);
    if (!why.empty()) {
      lock.left_out.push_back({.id = std::string(plugin.id), .why = std::move(why)});
      continue;
    }
    const model::ReceiptFacts* receipt = plugin.matching_receipt();
    lock.plugins.push_back(receipt != nullptr ? locked(observation, plugin, receipt->origin, receipt->digest)
                                              : locked(observation, plugin, observation.registry.origin, ""));
  }
  return lock;
}

Result<UpdateReport> install_frozen(World& world, const store::LockFile& lock) {
  if (world.store == nullptr) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no registry to install from",
                 .hint = "name one with --registry"};
  }
  ASSIGN_OR_RETURN(const Look seen, look(world));
  const store::LockedSource source(*world.store, lock);
  World here = world;
  here.store = &source;
  const planner::Situations situations(seen.observation);
  UpdateReport report;
  for (const LockedPlugin& plugin : lock.plugins) {
    const Situation* standing = situations.find(plugin.id);
    UpdateResult result = begin_result(plugin, standing);
    if (world.stop_wanted && world.stop_wanted()) {
      result.reason = "stopped";
      result.says = "it was asked to stop, and did so before this one";
    } else if (!is_settled(plugin, standing, result)) {
      install_one(here, plugin, result);
    }
    report.results.push_back(std::move(result));
  }
  for (const store::LeftOutPlugin& one : lock.left_out) {
    report.notes.push_back(fmt::format("{} was left out when it was frozen: {}", one.id, one.why));
  }
  return report;
}

}  // namespace trueup::engine
