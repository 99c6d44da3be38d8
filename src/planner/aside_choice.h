// What is to become of a copy of a plugin that an interrupted install left beside it: the one decision, asked by the
// rule about interrupted installs and by the rule about missing plugins. Pure.
//
// It says what could be done with the copy, not whether it may be done now: that is make_plan's part. A copy never
// comes back over a plugin that may be complete, under a link, or for a plugin that the owner removed.
#pragma once

#include "planner/rule.h"

namespace trueup::planner {

inline constexpr std::string_view kAsideUnreadable = "aside_unreadable";

enum class AsideVerdict {
  takes_its_place,      // a complete copy, and nothing that is complete under the plugin's name
  plugin_stands,        // the plugin itself is there and complete: the copy is only told of
  removed_by_owner,     // the owner removed the plugin: the copy is only told of
  unknown_suffix,       // nobody knows what made the copy: it is only told of
  cannot_be_read,       // part of the copy could not be read: it may be whole, and then would take its place
  not_complete,         // neither the copy nor what stands there can be shown to be complete
  another_takes_place,  // of several complete copies another one is taken
  name_in_the_way,      // a link or a file has the plugin's name, or the copy's plugin is installed elsewhere
};

AsideVerdict verdict_on(const Context& context, const model::Aside& aside);

/// The plugin that the copy is of, where anything else knows it.
const Situation* owner_of(const Context& context, const model::Aside& aside);

/// What stands under the name that the copy had; nothing when the name is free.
const model::PluginDirectory* standing_beside(const Context& context, const model::Aside& aside);

/// A copy takes the place of this plugin: nothing else needs to be done about it.
bool comes_back_from_aside(const Context& context, const Situation& plugin);
/// The same for a plugin of which nothing else is known.
bool comes_back_from_aside(const Context& context, std::string_view id);

/// The copy that may come back for this plugin and could not be read, or nothing: until it can be, nobody knows that
/// the plugin is to be fetched (promise 1).
const model::Aside* may_come_back_from_aside(const Context& context, const Situation& plugin);
/// The same for a plugin of which nothing else is known.
const model::Aside* may_come_back_from_aside(const Context& context, std::string_view id);

/// "plugin-repos/clock.standalone-backup-preinstall/manager.py". Requires: part of it could not be read.
std::string unread_path(const Context& context, const model::Aside& aside);

/// What would be fetched in the place of that copy is not fetched: the finding stands and says what it waits for.
Found held_for_unread(const Context& context, const model::Aside& aside, model::Inconsistency found);

}  // namespace trueup::planner
