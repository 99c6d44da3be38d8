// The plugins directory: which names are in it, what their manifests and receipts say, which copies were set aside.
//
// Reads only. For each plugin one open of its manifest and one of its receipt, and nothing is kept but the facts: a
// Raspberry Pi may have thousands. A directory that cannot be listed to its end is unreadable, never half a list.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/observation.h"
#include "platform/file_system.h"
#include "sources/settings_check.h"

namespace trueup::sources {

struct DiskRequest {
  std::string root_path;                          // absolute: where a configured relative path starts
  std::string configured;                         // plugin_system.plugins_directory, or its default
  std::string installation_id;                    // of the ledger; empty: no container is expected yet
  SettingsCheck receipts = SettingsCheck::skip;   // whether files are held against their receipts
  std::vector<std::string> untouched_files = {};  // LedgerFacts::untouched_files
};

struct DiskReading {
  model::SourceReading reading;
  model::DiskFacts facts;
  std::vector<std::string> untouched_files = {};  // Observation::untouched_files
  bool operator==(const DiskReading&) const = default;
};

/// The plugins directory as read_disk opens it.
Result<std::unique_ptr<platform::Directory>> open_plugins(const platform::Directory& root,
                                                          const platform::FileSystem& file_system,
                                                          const DiskRequest& request);

DiskReading read_disk(const platform::Directory& root, const platform::FileSystem& file_system,
                      const DiskRequest& request);

/// One name in the plugins directory, looked at again. Nothing: no plugin stands there (any more). Requires: `name` is
/// one component of a path.
Result<std::optional<model::PluginDirectory>> read_one_plugin(const platform::Directory& plugins,
                                                              const std::string& name);

}  // namespace trueup::sources
