// What a person can do about settings that a plugin's own schema forbids: the words, the command that mends the first
// of them, and the choices. Pure; the rule about settings decides whether there is a finding at all.
//
// No value is ever repeated here: it may be a secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/choice.h"
#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::planner {

/// A key that the schema has no place for; false: a value that is wrong, or one that is missing.
bool is_unknown_key(const model::SettingsObjection& objection);
/// All that is known of are such keys.
bool only_unknown_keys(const model::SettingsVerdict& verdict);

/// "`city` must be text"
std::string in_words(const model::SettingsObjection& objection);

/// The command that mends the first objection, as it can be typed, and what it does.
std::string advice_about(const model::SettingsVerdict& verdict, std::string_view plugin_id);

/// Takes out what is wrong, switches the plugin off (`switches_off` says how), or leaves it so.
std::vector<model::Option> options_about(const model::SettingsVerdict& verdict, const model::Inconsistency& finding,
                                         std::string switches_off);

}  // namespace trueup::planner
