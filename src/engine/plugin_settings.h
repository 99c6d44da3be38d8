// Everything that says what one plugin's settings are: its sections in config.json and in the secrets file, and its
// schema. Read for the configuring verbs; writes nothing.
//
// is_secret() is the one answer to where a value lives (promise 9): secret values in the secrets file, others in
// config.json.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "engine/world.h"
#include "json/document.h"
#include "model/observation.h"
#include "model/plugin_schema.h"
#include "model/settings.h"
#include "model/step.h"
#include "planner/situation.h"

namespace trueup::engine {

struct PluginSettings {
  std::string plugin_id;
  json::Document config;                  // the whole file
  std::optional<json::Document> secrets;  // nothing: there is no such file
  std::optional<model::PluginSchema> schema;
  std::string schema_problem;  // one sentence when a schema is there and cannot be used

  [[nodiscard]] const json::Document* document(model::DocumentName name) const;
  /// What one file says of the plugin.
  [[nodiscard]] std::optional<model::Setting> section(model::DocumentName name) const;
  /// What both say together, as LEDMatrix merges them; an empty object when neither says anything.
  [[nodiscard]] model::Setting merged() const;
  /// Whether the value at `path` belongs in the secrets file: by the schema, by its name where there is no schema, in
  /// an object that only that file has likewise, and when it stands there now, since LEDMatrix keeps out of config.json
  /// whatever that file has. Never a core key.
  [[nodiscard]] bool is_secret(const model::SettingPath& path) const;
  /// Whether a value is not to be shown: secret, or named like one.
  [[nodiscard]] bool is_hidden(const model::SettingPath& path) const;
};

/// Requires: `plugin` is of `observation`, whose config, secrets and disk are known.
Result<PluginSettings> read_plugin_settings(const World& world, const model::Observation& observation,
                                            const planner::Situation& plugin);

}  // namespace trueup::engine
