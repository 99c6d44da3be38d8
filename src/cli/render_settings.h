// What `config get` shows: every setting with where it comes from. The engine hid what is secret.
#pragma once

#include <string>

#include "cli/console.h"
#include "engine/configure.h"

namespace trueup::cli {

/// In a pipe one line a setting: KEY, FROM and VALUE, with tabs between them.
std::string render_settings(const engine::SettingsReport& report, const Terminal& terminal);
void write_settings_json(const engine::SettingsReport& report, Sink& out);

}  // namespace trueup::cli
