// Each plugin's settings held against its schema: what the plugin_config_invalid rule says rests on this.
//
// A schema is a stranger's and checking costs time: what was found right before is not checked again while schema and
// settings are the same. Reads only; a hostile schema ends at a limit and is a fact, never a failure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/document.h"
#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// How much a look checks besides reading: settings against schemas, and plugins' files against receipts.
enum class SettingsCheck { skip, changed, all };

/// Where each top-level member stands in a file's bytes. Requires: the keys' document is gone before the bytes are.
class SectionSpans {
 public:
  SectionSpans() = default;
  explicit SectionSpans(json::Value root);

  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  [[nodiscard]] const Span* find(const std::string& key) const;

 private:
  std::unordered_map<std::string, Span> spans_;
};

/// A file's text and its sections; both empty when there is no such file.
struct SectionsText {
  std::string_view bytes;
  SectionSpans spans;
};

/// Fills in Observation::settings and Observation::valid_settings for the plugins of Observation::disk.
/// Requires: config, secrets and disk are known.
void check_settings(const platform::Directory& plugins, const SectionsText& config, const SectionsText& secrets,
                    SettingsCheck check, model::Observation& observation);

}  // namespace trueup::sources
