// The settings of a plugin by their names with dots, as forms and people write them. A key may hold dots itself
// ("leagues.eng.1.on" is `on` in "eng.1"), so that only what is there tells the parts (failure F89). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/plugin_settings.h"

namespace trueup::engine {

class SettingNames {
 public:
  /// What the schema names, and what stands in `merged`.
  SettingNames(const PluginSettings& settings, const model::Setting& merged);

  /// Nothing: there is no such setting, or two have that name.
  [[nodiscard]] const model::SettingPath* find(const std::string& name) const;

  /// What was meant by parts that were set apart at every dot: the longest beginning that names a setting is that one.
  [[nodiscard]] model::SettingPath meant_by(const model::SettingPath& parts) const;

 private:
  void add(const model::SettingPath& path);
  void add_all(const model::Setting& setting, model::SettingPath& path);

  std::map<std::string, std::optional<model::SettingPath>> paths_;
};

}  // namespace trueup::engine
