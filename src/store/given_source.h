// One plugin that the owner gives by itself: a directory or an archive of this device. A source that lists it and
// nothing else, so that an install of it is an install like any other, by the same rules.
//
// It promises no version: what its manifest says is what comes. Newer ones are looked for nowhere.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/file_system.h"
#include "store/fetcher.h"
#include "store/plugin_source.h"

namespace trueup::store {

struct GivenPlugin {
  std::string path;  // absolute; may be a link: the owner named it
  bool is_archive = false;
  std::string id;  // as its manifest states it, unchecked
  bool operator==(const GivenPlugin&) const = default;
};

/// The plugin's id is read, and nothing else of it. Errors: not_found, invalid (no plugin lies there), refused (its
/// archive breaks a rule), unreadable.
Result<GivenPlugin> look_at_given(const platform::FileSystem& disk, Fetcher& fetcher, std::string path);

class GivenSource final : public PluginSource {
 public:
  /// Requires: `disk`, `fetcher` and `inner` outlive this. `inner`: the store, which knows the plugin's other names;
  /// may be nullptr.
  GivenSource(const platform::FileSystem& disk, Fetcher& fetcher, const PluginSource* inner, GivenPlugin given)
      : disk_(disk), fetcher_(fetcher), inner_(inner), given_(std::move(given)) {}

  Result<model::RegistryFacts> registry() const override;
  Result<std::vector<TreeFile>> contents(const model::RegistryEntry& entry, const FetchLimits& limits) const override;
  Result<FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                              const FetchLimits& limits) const override;

 private:
  const platform::FileSystem& disk_;
  Fetcher& fetcher_;
  const PluginSource* inner_;
  GivenPlugin given_;
};

}  // namespace trueup::store
