// Plugins in git repositories that the owner named and that no web address has an archive of: the git program brings
// the newest commit, as an archive like any other.
//
// Only a saved repository itself is reached this way, never what some list leads to (is_by_git()).
#pragma once

#include <map>
#include <string>

#include "platform/clock.h"
#include "store/downloads.h"
#include "store/fetcher.h"
#include "store/registry_copy.h"
#include "store/store_directory.h"

namespace trueup::store {

class GitOffers {
 public:
  /// Requires: both outlive this.
  GitOffers(const StoreDirectory& place, Fetcher& fetcher) : place_(place), fetcher_(fetcher) {}
  ~GitOffers();
  GitOffers(const GitOffers&) = delete;
  GitOffers& operator=(const GitOffers&) = delete;

  /// Asks the repository at `request` and keeps what it offers as a registry of one plugin. What came is at hand for
  /// an install that follows. Requires: the store's lock is held.
  Result<RefreshReport> refresh(const RegistryCopy& copy, const CloneRequest& request, const platform::Clock& clock);
  /// The archive that a refresh brought in this pass; or nullptr.
  [[nodiscard]] const Download* at_hand(const std::string& url) const;
  /// The newest commit into `body`. `scratch`: a name in the store for what git needs meanwhile.
  CloneResult bring(platform::WritableDirectory& store, const CloneRequest& request, const std::string& scratch,
                    platform::WritableFile& body) const;

 private:
  const StoreDirectory& place_;
  Fetcher& fetcher_;
  std::map<std::string, Download> at_hand_;  // by address
};

}  // namespace trueup::store
