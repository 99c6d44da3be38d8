#include "planner/aside_choice.h"

#include <fmt/core.h>

#include <algorithm>

#include "model/plugin_id.h"
#include "model/version.h"

namespace trueup::planner {
namespace {

using model::Aside;
using model::EntryKind;
using model::PluginDirectory;

bool is_usable(const Aside& aside) {
  return aside.known_suffix && aside.complete && model::PluginId::parse(aside.id).has_value();
}

/// Usable, or not read through: what was read of it, be it nothing, does not speak against it.
bool may_be_usable(const Aside& aside) {
  if (aside.unread.empty() || !aside.known_suffix) return is_usable(aside);
  return aside.id.empty() || model::PluginId::parse(aside.id).has_value();
}

/// The newer version before the older one, then by name: the same answer in any order of the directory.
bool taken_before(const Aside& a, const Aside& b) {
  const auto order = model::compare_versions(a.version, b.version);
  if (order == model::VersionOrder::newer) return true;
  if (order == model::VersionOrder::older) return false;
  return a.name < b.name;
}

bool another_is_taken(const Context& context, const Aside& aside) {
  const auto& asides = context.observation.disk.asides;
  return std::any_of(asides.begin(), asides.end(), [&aside](const Aside& other) {
    return other.owner == aside.owner && is_usable(other) && taken_before(other, aside);
  });
}

bool another_is_usable(const Context& context, const Aside& aside) {
  return std::ranges::any_of(context.observation.disk.asides,
                             [&aside](const Aside& other) { return other.owner == aside.owner && is_usable(other); });
}

/// The plugin of the copy lies in another directory, be it under a newer name, or the directory of that name is another
/// plugin's.
bool is_another_plugins(const Context& context, const Aside& aside, const PluginDirectory* standing) {
  if (aside.id.empty()) return false;  // nobody knows whose it is but by its name
  if (standing != nullptr && standing->manifest == model::ManifestVerdict::good && standing->id != aside.id)
    return true;
  const Situation* same = context.situations.find(context.situations.resolve(aside.id));
  if (same == nullptr) return false;
  return std::any_of(same->directories.begin(), same->directories.end(),
                     [&aside](const PluginDirectory* directory) { return directory->name != aside.owner; });
}

/// A manifest says nothing about a plugin that the registry lists.
bool was_its_name(const Aside& aside, const Situation& plugin) {
  const bool of_another = plugin.entry_is_evidence() && plugin.match != EntryMatch::by_alias;
  return !of_another && std::ranges::find(aside.former_ids, plugin.id) != aside.former_ids.end();
}

/// Its manifest says which plugin the copy is of; where that could not be read, the name of its directory does.
bool is_named(const Aside& aside, std::string_view id) {
  if (aside.owner == id || aside.id == id) return true;
  return aside.id.empty() && !aside.unread.empty() && model::without_legacy_prefix(aside.owner) == id;
}

bool is_of(const Context& context, const Aside& aside, const Situation& plugin) {
  return is_named(aside, plugin.id) || owner_of(context, aside) == &plugin || was_its_name(aside, plugin);
}

const Aside* first_with(const Context& context, const Situation& plugin, AsideVerdict verdict) {
  const auto& asides = context.observation.disk.asides;
  const auto found = std::ranges::find_if(asides, [&](const Aside& aside) {
    return is_of(context, aside, plugin) && verdict_on(context, aside) == verdict;
  });
  return found == asides.end() ? nullptr : &*found;
}

const Aside* first_with(const Context& context, std::string_view id, AsideVerdict verdict) {
  const auto& asides = context.observation.disk.asides;
  const auto found = std::ranges::find_if(
      asides, [&](const Aside& aside) { return is_named(aside, id) && verdict_on(context, aside) == verdict; });
  return found == asides.end() ? nullptr : &*found;
}

}  // namespace

const Situation* owner_of(const Context& context, const Aside& aside) {
  if (const Situation* owner = context.situations.find(context.situations.resolve(aside.owner))) return owner;
  return context.situations.find(aside.id);
}

const PluginDirectory* standing_beside(const Context& context, const Aside& aside) {
  const auto& directories = context.observation.disk.directories;
  const auto found = std::find_if(directories.begin(), directories.end(),
                                  [&aside](const PluginDirectory& one) { return one.name == aside.owner; });
  return found == directories.end() ? nullptr : &*found;
}

AsideVerdict verdict_on(const Context& context, const Aside& aside) {
  if (!aside.known_suffix) return AsideVerdict::unknown_suffix;
  const PluginDirectory* standing = standing_beside(context, aside);
  const bool link = standing != nullptr && standing->kind != EntryKind::directory;
  if (standing != nullptr && !link && standing->incomplete.empty()) return AsideVerdict::plugin_stands;
  for (const std::string_view name : {std::string_view(aside.owner), std::string_view(aside.id)}) {
    const Situation* named = context.situations.find(name);
    if (named != nullptr && named->tombstoned) return AsideVerdict::removed_by_owner;
  }
  if (!may_be_usable(aside)) {
    return link && standing->manifest == model::ManifestVerdict::good ? AsideVerdict::plugin_stands
                                                                      : AsideVerdict::not_complete;
  }
  if (link || is_another_plugins(context, aside, standing)) return AsideVerdict::name_in_the_way;
  if (!is_usable(aside)) {
    return another_is_usable(context, aside) ? AsideVerdict::another_takes_place : AsideVerdict::cannot_be_read;
  }
  return another_is_taken(context, aside) ? AsideVerdict::another_takes_place : AsideVerdict::takes_its_place;
}

bool comes_back_from_aside(const Context& context, std::string_view id) {
  return first_with(context, id, AsideVerdict::takes_its_place) != nullptr;
}

bool comes_back_from_aside(const Context& context, const Situation& plugin) {
  return first_with(context, plugin, AsideVerdict::takes_its_place) != nullptr;
}

const Aside* may_come_back_from_aside(const Context& context, std::string_view id) {
  return first_with(context, id, AsideVerdict::cannot_be_read);
}

const Aside* may_come_back_from_aside(const Context& context, const Situation& plugin) {
  return first_with(context, plugin, AsideVerdict::cannot_be_read);
}

std::string unread_path(const Context& context, const Aside& aside) {
  return context.observation.disk.path + "/" + aside.unread;
}

Found held_for_unread(const Context& context, const Aside& aside, model::Inconsistency found) {
  found.reason = kAsideUnreadable;
  found.evidence.push_back({context.observation.disk.path + "/" + aside.name, "could not be read: " + aside.problem});
  return left_alone(std::move(found),
                    fmt::format("held until {} can be read: a copy of the plugin lies there and may be whole",
                                unread_path(context, aside)));
}

}  // namespace trueup::planner
