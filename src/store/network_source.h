// The plugin store behind an address: a registry whose last good copy lies on this disk, and archives that are
// downloaded when they are needed.
//
// registry() reads the copy and never the network. fetch() takes a plugin that was kept, else downloads its archive
// once for all plugins in it, checks it and takes it apart; all hostile bytes stay in the child program. Nothing of the
// owner's is touched here.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "platform/clock.h"
#include "platform/process_table.h"
#include "platform/random.h"
#include "store/downloads.h"
#include "store/fetcher.h"
#include "store/git_offers.h"
#include "store/packs.h"
#include "store/plugin_source.h"
#include "store/registry_copy.h"
#include "store/saved_repositories.h"
#include "store/store_directory.h"

namespace trueup::store {

struct NetworkSourceParts {
  platform::FileSystem& disk;
  platform::Clock& clock;
  platform::Random& random;
  const platform::ProcessTable& processes;
  std::shared_ptr<Fetcher> fetcher;
  std::string root;                       // of the installation
  std::string url;                        // of the main registry; as the owner named it
  bool is_root = false;                   // see StoreDirectory
  std::function<NetworkAccess()> access;  // asked when the network is
  OnTransfer on_transfer = {};
};

class NetworkSource final : public PluginSource {
 public:
  /// Requires: what `parts` refers to outlives this.
  explicit NetworkSource(NetworkSourceParts parts);

  Result<model::RegistryFacts> registry() const override;
  Result<std::vector<TreeFile>> contents(const model::RegistryEntry& entry, const FetchLimits& limits) const override;
  /// Requires: the installation's lock is held.
  Result<FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                              const FetchLimits& limits) const override;
  [[nodiscard]] std::vector<KeptPlugin> kept() const override;
  Result<FetchedPlugin> fetch_kept(const model::RegistryEntry& entry, const std::string& version,
                                   platform::WritableDirectory& into, const FetchLimits& limits) const override;
  void forget(const model::RegistryEntry& entry) const override;
  void fetch_ahead(const std::vector<const model::RegistryEntry*>& entries) const override;
  [[nodiscard]] std::vector<Waiting> waiting() const override;
  void forget_waits() const override;
  [[nodiscard]] bool asks_network() const override { return true; }
  Result<model::RegistryFacts> offered_by(const std::string& url) const override;
  Result<RefreshReport> refresh(Ask ask, bool anyway) const override;
  Result<std::vector<SavedRefresh>> refresh_saved(const std::string& only, Ask ask) const override;

 private:
  /// What became of asking the host of this entry's archive. Losing the note costs a question too many.
  void note(platform::WritableDirectory& store, const model::RegistryEntry& entry, const Error* failure) const;
  [[nodiscard]] NetworkAccess access_to(const std::string& url) const;
  [[nodiscard]] std::vector<SavedRepository> saved() const;
  Result<RefreshReport> refresh_one(const SavedRepository& repository) const;
  /// Nothing: it is not kept, or what was kept is no longer what it was.
  std::optional<FetchedPlugin> take_kept(platform::WritableDirectory& store, Packs packs, const Pack* found,
                                         platform::WritableDirectory& into, const FetchLimits& limits) const;
  /// Where its archive lies, and how that may be asked for.
  [[nodiscard]] Result<WantedDownload> wanted_of(const model::RegistryEntry& entry) const;
  [[nodiscard]] CloneRequest clone_of(const std::string& url) const;
  [[nodiscard]] WantedDownload wanted_by_git(const model::RegistryEntry& entry) const;
  Result<Download> download(platform::WritableDirectory& store, const model::RegistryEntry& entry) const;
  /// `is_page`: set when what came is a web page instead.
  Result<FetchedPlugin> unpack(platform::WritableDirectory& store, const model::RegistryEntry& entry,
                               const Download& archive, platform::WritableDirectory& into, const FetchLimits& limits,
                               bool& is_page) const;
  void keep(platform::WritableDirectory& store, const model::RegistryEntry& entry, const std::string& file,
            const std::string& tree, const std::string& version) const;
  [[nodiscard]] const std::string& origin_of(const model::RegistryEntry& entry) const;

  NetworkSourceParts parts_;
  StoreDirectory place_;
  std::string origin_;  // the registry's address as it is told
  RegistryCopy copy_;
  mutable GitOffers git_;
  mutable Downloads downloads_;
  mutable std::set<std::string> failed_;  // places that were noted in this pass: one failure each
};

}  // namespace trueup::store
