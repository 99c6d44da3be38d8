// How one edit of a file is shown, to people and to programs: what may be shown of it is decided here alone.
#pragma once

#include <string>

#include "model/step.h"

namespace trueup::cli {

/// Whether a value of this edit may be shown: never one of the secrets file, and of config.json nothing but switches
/// and numbers, since owners keep keys there too (promise 9).
bool may_show(const model::DocumentEdit& edit, const std::string& json_text);

/// The value as JSON text, or "(not shown)" for what must not be.
std::string shown_value(const model::DocumentEdit& edit, const std::string& json_text);

/// "weather.enabled: false -> true", "adds weather: {"enabled": false}", "removes states.old-clock".
std::string edit_text(const model::DocumentEdit& edit);

}  // namespace trueup::cli
