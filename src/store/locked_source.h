// A source that gives exactly what a lock file says: another one, seen through it. It lists the locked plugins and
// nothing else, and what was fetched for one must be what was locked.
#pragma once

#include <string>
#include <vector>

#include "store/lock_file.h"
#include "store/plugin_source.h"

namespace trueup::store {

class LockedSource final : public PluginSource {
 public:
  /// Requires: both outlive this.
  LockedSource(const PluginSource& inner, const LockFile& lock) : inner_(inner), lock_(lock) {}

  Result<model::RegistryFacts> registry() const override;
  Result<std::vector<TreeFile>> contents(const model::RegistryEntry& entry, const FetchLimits& limits) const override {
    return inner_.contents(entry, limits);
  }
  Result<FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                              const FetchLimits& limits) const override;
  void forget(const model::RegistryEntry& entry) const override { inner_.forget(entry); }

 private:
  const PluginSource& inner_;
  const LockFile& lock_;
};

}  // namespace trueup::store
