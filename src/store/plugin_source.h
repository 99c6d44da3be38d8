// The seam to the plugin store: where plugins are listed, and where their files come from.
//
// A local directory stands behind it (local_source.h) or a network (network_source.h); the engine never learns which.
// What comes through here is hostile until the engine has checked it (promise 9): a source copies bytes, it does not
// judge them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "model/observation.h"
#include "platform/tree.h"
#include "store/fetch_protocol.h"
#include "store/source_waits.h"
#include "store/tree_digest.h"

namespace trueup::store {

struct FetchLimits {
  platform::TreeLimits tree;
  std::size_t total_bytes = limits::kMaxPluginTreeBytes;
};

/// What the child program is asked to keep to.
UnpackRequest unpack_request_of(const FetchLimits& limits);

struct FetchedPlugin {
  std::string origin;  // the registry it came from: RegistryFacts::origin
  std::string digest;  // tree_digest() of the files as they were fetched
  bool operator==(const FetchedPlugin&) const = default;
};

enum class Ask : std::uint8_t {
  when_due,  // a first copy, ten minutes after the last time, or the first time after a failure
  now,       // a person wants it
};

struct RefreshReport {
  enum class Outcome : std::uint8_t {
    not_due,    // nobody was asked
    unchanged,  // the copy is what the registry has
    replaced,   // the copy is new
    kept,       // what came was not believed: the older copy stays
    failed,     // nothing came: the older copy stays, if there is one
  };
  Outcome outcome = Outcome::not_due;
  std::string why;  // for kept and failed, one sentence
  bool has_copy = false;
  bool out_of_reach = false;  // it failed because nobody answered at all
  bool operator==(const RefreshReport&) const = default;
};

/// What became of asking one saved repository.
struct SavedRefresh {
  std::string url;
  RefreshReport report;
  bool operator==(const SavedRefresh&) const = default;
};

/// A plugin whose files lie on this disk, so that no network is needed for it.
struct KeptPlugin {
  std::string entry;         // the registry's id
  std::string source;        // RegistryEntry::source, or the registry's address
  std::string entry_digest;  // of the entry as it was then
  std::string version;       // of its manifest
  bool operator==(const KeptPlugin&) const = default;
};

class PluginSource {
 public:
  PluginSource() = default;
  PluginSource(const PluginSource&) = delete;
  PluginSource& operator=(const PluginSource&) = delete;
  virtual ~PluginSource() = default;
  /// The list of plugins as this source has it now. Uses no network: what is on the disk, with its age.
  /// Errors: not_found, unreadable; never an empty list for one that could not be read.
  virtual Result<model::RegistryFacts> registry() const = 0;
  /// The files that fetch() would bring, where that can be told without fetching them; ErrorCode::unsupported
  /// otherwise.
  virtual Result<std::vector<TreeFile>> contents(const model::RegistryEntry& entry,
                                                 const FetchLimits& limits) const = 0;
  /// Puts the files of `entry` into the empty directory `into`: regular files and directories only, at most what
  /// `limits` allow. After an error `into` may hold a part of them. Not durable.
  /// Errors: refused (what it offers breaks a rule: trying again cannot help), not_found, unreadable, full, io.
  virtual Result<FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                                      const FetchLimits& limits) const = 0;
  [[nodiscard]] virtual std::vector<KeptPlugin> kept() const { return {}; }
  /// The same as fetch(), of a version that kept() names. not_found: it is not kept, or not whole any more.
  virtual Result<FetchedPlugin> fetch_kept(const model::RegistryEntry& entry, const std::string& version,
                                           platform::WritableDirectory& into, const FetchLimits& limits) const;
  /// What fetch() brought for it was not fit: it is not kept for another time.
  virtual void forget(const model::RegistryEntry& /*entry*/) const {}
  /// Downloads together what the fetches of these entries will want; each then has its own result. May do nothing.
  virtual void fetch_ahead(const std::vector<const model::RegistryEntry*>& /*entries*/) const {}
  /// Hosts that failed and are not asked again just now, unless somebody wants it.
  [[nodiscard]] virtual std::vector<Waiting> waiting() const { return {}; }
  /// Somebody wants all of them asked again.
  virtual void forget_waits() const {}
  /// What a repository would offer if the owner saved it: asks the network, and saves nothing of the owner's.
  /// Errors: invalid, refused (no address that is used), not_found, unreadable, unsupported (no network behind this).
  virtual Result<model::RegistryFacts> offered_by(const std::string& url) const {
    return Error{.code = ErrorCode::unsupported,
                 .message = "plugins come from a directory here, and no address is asked",
                 .where = url,
                 .hint = "`trueup serve` without `--registry`, or with an address, asks"};
  }
  /// Whether what registry() gives is a copy on this disk of something that lies elsewhere.
  [[nodiscard]] virtual bool asks_network() const { return false; }
  /// Asks the registry itself and brings the copy on this disk up to date; nothing to do where there is no copy.
  /// `anyway`: believes a list that has become much smaller, or older. Error: only of our own disk.
  /// Requires: `.trueup` is there.
  virtual Result<RefreshReport> refresh(Ask /*ask*/, bool /*anyway*/) const { return RefreshReport{.has_copy = true}; }
  /// The same for the saved repositories, or for the one at the address `only`.
  virtual Result<std::vector<SavedRefresh>> refresh_saved(const std::string& /*only*/, Ask /*ask*/) const {
    return std::vector<SavedRefresh>();
  }
};

}  // namespace trueup::store
