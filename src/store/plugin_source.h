// The seam to the plugin store: where plugins are listed, and where their files come from.
//
// A local directory stands behind it today (local_source.h); the engine never learns which. What comes through here
// is hostile until the engine has checked it (promise 9): a source copies bytes, it does not judge them.
#pragma once

#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "model/observation.h"
#include "platform/tree.h"
#include "store/tree_digest.h"

namespace trueup::store {

struct FetchLimits {
  platform::TreeLimits tree;
  std::size_t total_bytes = limits::kMaxPluginTreeBytes;
};

struct FetchedPlugin {
  std::string origin;  // the registry it came from: RegistryFacts::origin
  std::string digest;  // tree_digest() of the files as they were fetched
  bool operator==(const FetchedPlugin&) const = default;
};

class PluginSource {
 public:
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
};

}  // namespace trueup::store
