// A plugin's config_schema.json as LEDMatrix applies it: with the core's own keys allowed in every section, and with
// defaults filled in before anything counts as missing (formats 6.3, 6.4).
//
// The schema is a stranger's: what is wrong with it is an error, what would take for ever ends at a limit.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/schema.h"
#include "model/settings.h"

namespace trueup::model {

inline constexpr std::string_view kPluginSchemaName = "config_schema.json";

/// Members of a plugin's section that LEDMatrix's core reads. In the secrets file they override config.json unseen.
inline constexpr std::array<std::string_view, 9> kCoreKeys{"enabled",    "display_duration",        "live_priority",
                                                           "vegas_mode", "vegas_width_pct",         "vegas_overflow",
                                                           "skin",       "vegas_max_width_screens", "skin_options"};

bool is_core_key(std::string_view key);

/// One setting that the schema does not allow. It repeats no value.
struct SettingProblem {
  SettingPath path;         // to the value, or to the missing key
  std::string keyword;      // "type", "required", ...
  std::string message;      // goes on from the path: "must be at most 255"
  std::string schema_path;  // where the schema says so
  bool operator==(const SettingProblem&) const = default;
};

class PluginSchema {
 public:
  /// Error: unreadable (no JSON object), or invalid, with line and column where there is one place to blame.
  static Result<PluginSchema> read(std::string bytes);

  /// What is wrong with a plugin's own settings (config.json and secrets, merged). A secret that is still to be filled
  /// in counts as missing; what only a default brings in is the author's and not told.
  /// Error: refused, when checking would take more work than any honest schema needs.
  [[nodiscard]] Result<std::vector<SettingProblem>> check(const Setting& settings) const;

  /// Whether a section that is all there is of the settings is right as it stands, with nothing to fill in: the case of
  /// nearly all, told without putting anything together. Otherwise check() tells.
  [[nodiscard]] bool accepts(json::Value section) const;

  [[nodiscard]] bool is_secret(const SettingPath& path) const { return schema_.is_secret(path); }
  /// Without `enabled`: a default never switches a plugin on (failure F27).
  [[nodiscard]] const Setting& defaults() const { return defaults_; }
  /// What `properties` names, objects within objects; for telling what a mistyped key may have meant.
  [[nodiscard]] std::vector<SettingPath> known_keys() const;

 private:
  PluginSchema(json::Document document, json::Schema schema, Setting defaults)
      : document_(std::move(document)), schema_(std::move(schema)), defaults_(std::move(defaults)) {}

  [[nodiscard]] bool lacks_a_default(json::Value section) const;

  json::Document document_;
  json::Schema schema_;  // on top of the core's
  Setting defaults_;
};

}  // namespace trueup::model
