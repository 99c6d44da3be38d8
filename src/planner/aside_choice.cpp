#include "planner/aside_choice.h"

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

/// The plugin of the copy lies in another directory, be it under a newer name, or the directory of that name is another
/// plugin's.
bool is_another_plugins(const Context& context, const Aside& aside, const PluginDirectory* standing) {
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
  if (!is_usable(aside)) {
    return link && standing->manifest == model::ManifestVerdict::good ? AsideVerdict::plugin_stands
                                                                      : AsideVerdict::not_complete;
  }
  if (link || is_another_plugins(context, aside, standing)) return AsideVerdict::name_in_the_way;
  return another_is_taken(context, aside) ? AsideVerdict::another_takes_place : AsideVerdict::takes_its_place;
}

bool comes_back_from_aside(const Context& context, std::string_view id) {
  return std::ranges::any_of(context.observation.disk.asides, [&](const Aside& aside) {
    return (aside.owner == id || aside.id == id) && verdict_on(context, aside) == AsideVerdict::takes_its_place;
  });
}

bool comes_back_from_aside(const Context& context, const Situation& plugin) {
  const auto& asides = context.observation.disk.asides;
  return std::any_of(asides.begin(), asides.end(), [&](const Aside& aside) {
    const bool of_it = aside.owner == plugin.id || aside.id == plugin.id || owner_of(context, aside) == &plugin ||
                       was_its_name(aside, plugin);
    return of_it && verdict_on(context, aside) == AsideVerdict::takes_its_place;
  });
}

}  // namespace trueup::planner
