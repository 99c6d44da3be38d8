// What a choice does to which files, in words that the owner reads before choosing. Pure: each says every file that
// the verb behind the choice changes.
#pragma once

#include <string>

#include "planner/rename.h"
#include "planner/rule.h"

namespace trueup::planner {

/// "writes false to `clock.enabled` of config/config.json and to its record in data/plugin_state.json"
std::string switch_text(const Context& context, const Situation& plugin, bool on);

/// ", adds its section to config/config.json and its record to data/plugin_state.json", as far as they are missing;
/// empty where nothing but the plugin's directory changes.
std::string additions_of_install(const Context& context, std::string_view id);

/// "config/config.json, config/config_secrets.json and assets/plugins": what a move of settings changes.
std::string files_of_move(const Context& context, const Situation& former, const RenameWork& work);

}  // namespace trueup::planner
