// Each plugin's settings held against its schema: what the plugin_config_invalid rule says rests on this.
//
// A schema is a stranger's and checking costs time: what was found right before is not checked again while schema and
// settings are the same. Reads only; a hostile schema ends at a limit and is a fact, never a failure.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "json/document.h"
#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// How much a look checks besides reading: settings against schemas, and plugins' files against receipts.
enum class SettingsCheck { skip, changed, all };

/// A file's sections by their names; none when there is no such file.
class Sections {
 public:
  explicit Sections(const std::optional<json::Document>& document);

  [[nodiscard]] std::optional<json::Value> find(std::string_view name) const;
  [[nodiscard]] std::string_view bytes() const;

 private:
  std::optional<json::Document> document_;
  std::unordered_map<std::string_view, json::Value> by_name_;
};

/// Fills in Observation::settings and Observation::valid_settings for the plugins of Observation::disk.
/// Requires: config, secrets and disk are known.
void check_settings(const platform::Directory& plugins, const Sections& config, const Sections& secrets,
                    SettingsCheck check, model::Observation& observation);

}  // namespace trueup::sources
