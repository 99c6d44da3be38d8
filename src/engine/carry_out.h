// A change of settings from the first look to the last record, whatever it is that decides it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/configure.h"
#include "engine/look.h"
#include "engine/set_enabled.h"
#include "engine/setting_change.h"
#include "engine/world.h"

namespace trueup::engine {

/// What a configuring verb is about to do, decided on one look.
struct Decision {
  std::string plugin_id;                         // empty: settings of LEDMatrix itself
  std::optional<EnabledDecision> switched = {};  // in the same transaction, with a line of history of its own
  SettingChange change;
};
using Decide = std::function<Result<Decision>(const Look& seen)>;

/// `done`: the line of history, before "of" the plugin. `name`: the plugin that it is about; empty: none. After an
/// error nothing is changed.
Result<ConfigureReport> carry_out(World& world, const std::string& verb, const std::string& done,
                                  const std::string& name, const Decide& decide);

}  // namespace trueup::engine
