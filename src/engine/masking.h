// The one place where a plugin's values are hidden before anybody sees them (promise 9): every face of trueup shows
// settings through here. And the way back: what a client that was shown a mask means by sending it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/plugin_settings.h"
#include "model/settings.h"

namespace trueup::engine {

/// Every text and number in `setting`, which stands at `path`, that is not to be shown, replaced by `mask`.
model::Setting masked(const model::Setting& setting, model::SettingPath& path, const PluginSettings& settings,
                      std::string_view mask);

/// The same for values that belong to no plugin, by their names alone.
model::Setting masked_by_name(const model::Setting& setting, model::SettingPath& path, std::string_view mask);
/// Everything that holds a value, whatever it is called: for the secrets file.
model::Setting masked_wholly(const model::Setting& setting, std::string_view mask);

/// The places of what masked() replaces.
void add_hidden(const model::Setting& setting, model::SettingPath& path, const PluginSettings& settings,
                std::vector<model::SettingPath>& hidden);

/// A text that stands for a value that was not shown: blank, bullets, or kHiddenText; or null.
bool is_mask(const model::Setting& setting);

/// `sent` with every mask replaced by the value that it stands for in `known`. In a list an element is recognised by
/// all that was shown of it, wherever it stands now; what was not shown of it and is not sent either stays.
/// Error: invalid, where no element can be meant with certainty (failure F99). Nothing: it says nothing at all.
Result<std::optional<model::Setting>> unmasked(const model::Setting& sent, const model::Setting* known,
                                               model::SettingPath& path, const PluginSettings& settings);

}  // namespace trueup::engine
