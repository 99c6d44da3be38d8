// What saving many settings of one plugin at once changes, decided: which bytes of config.json and of the secrets file.
// Pure. Only what is named changes (failures F35, F36, F37); what was wrong before and is not named does not stand in
// the way of the rest (failure F136).
#pragma once

#include <optional>

#include "engine/configure.h"
#include "engine/plugin_settings.h"
#include "engine/setting_change.h"

namespace trueup::engine {

/// Requires: `enabled` is not in `patch`. `on`: what a section that is made says of it. Error: invalid, with one line
/// of context for each thing that is wrong; refused, where a value would push out a whole object that the patch does
/// not name.
Result<SettingChange> decide_save(const PluginSettings& settings, const SettingsPatch& patch, std::optional<bool> on);

/// Adds edits of `document` that make `before`, which stands at `path` in `file`, into `after`: as few bytes as can be.
void add_edits(model::DocumentName document, const json::Document* file, const model::Setting& before,
               const model::Setting& after, json::Path& path, std::vector<model::DocumentEdit>& edits);

}  // namespace trueup::engine
