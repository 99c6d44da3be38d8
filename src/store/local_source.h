// A plugin store that is a directory on this machine: `plugins.json` and `plugins/<directory>/` beside it.
//
// Reads beneath that directory only, through no link, and never writes there. Everything is read anew each time, so
// that what the owner puts there counts at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/file_system.h"
#include "store/plugin_source.h"

namespace trueup::store {

class LocalSource final : public PluginSource {
 public:
  /// Requires: `disk` outlives this. `path` may be a link: the owner named it.
  LocalSource(const platform::FileSystem& disk, std::string path) : disk_(disk), path_(std::move(path)) {}

  Result<model::RegistryFacts> registry() const override;
  Result<std::vector<TreeFile>> contents(const model::RegistryEntry& entry, const FetchLimits& limits) const override;
  Result<FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                              const FetchLimits& limits) const override;

 private:
  Result<std::unique_ptr<platform::Directory>> open_plugin(const model::RegistryEntry& entry) const;

  const platform::FileSystem& disk_;
  std::string path_;
};

}  // namespace trueup::store
