// What a name that an owner typed stands for, decided in one place for every verb that acts on an installed plugin.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/observation.h"
#include "model/source.h"
#include "planner/situation.h"

namespace trueup::engine {

/// Before any file is looked at: the name could be a plugin's id (failure F141).
Status check_plugin_name(const std::string& name);

/// The plugin that `name` stands for: its own id, its directory's name, or the registry's name of what is installed.
/// not_found names ids that are spelled nearly so, and never acts on one (failure F85); what nothing shows to be a
/// plugin is not found either.
Result<const planner::Situation*> chosen_plugin(const model::Observation& observation,
                                                const planner::Situations& situations, const std::string& name);

/// refused: the owner removed it, or its section is no object, which is never overwritten.
Status may_change(const planner::Situation& plugin);

/// refused: the plugin has no section, and its settings stand under a former name of it; a second section beside them
/// would come to count instead. Says what moves them.
Status may_add_section(const model::Observation& observation, const planner::Situations& situations,
                       const planner::Situation& plugin);

/// "did you mean `a` or `b`?"; empty without names.
std::string did_you_mean(const std::vector<std::string>& names);

/// unreadable, with the source's own reason, when one of `needs` could not be read (promise 1).
Status require_known(const model::Observation& observation, const model::SourceSet& needs, std::string_view verb);

}  // namespace trueup::engine
