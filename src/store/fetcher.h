// The port to everything that comes from outside: one download, one archive taken apart. The real one starts the child
// program for each (child_fetcher.h), so that hostile bytes never enter this process; tests hand in their own.
#pragma once

#include <functional>
#include <variant>

#include "platform/file_system.h"
#include "store/fetch_protocol.h"

namespace trueup::store {

using GetResult = std::variant<GotAnswer, FetchFailure>;
using UnpackResult = std::variant<UnpackedAnswer, FetchFailure>;
using CloneResult = std::variant<ClonedAnswer, FetchFailure>;
using PeekResult = std::variant<PeekedAnswer, FetchFailure>;

class Fetcher {
 public:
  using OnProgress = std::function<void(const FetchProgress&)>;

  Fetcher() = default;
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  virtual ~Fetcher() = default;

  /// What `request` names into `body`: an open, empty file, or with GetRequest::offset the first part of it.
  virtual GetResult get(const GetRequest& request, platform::WritableFile& body, const OnProgress& on_progress) = 0;
  /// The plugin in the open file `archive` into the empty directory `into`. `pack`: an empty file, or nullptr.
  virtual UnpackResult unpack(const UnpackRequest& request, const platform::File& archive,
                              platform::WritableDirectory& into, platform::WritableFile* pack) = 0;
  /// The newest commit of a git repository as an archive into the open, empty file `archive`; what git needs meanwhile
  /// goes into the empty directory `scratch`.
  virtual CloneResult clone(const CloneRequest& request, platform::WritableFile& archive,
                            platform::WritableDirectory& scratch) = 0;
  /// Which plugin the open file `archive` holds.
  virtual PeekResult peek(const PeekRequest& request, const platform::File& archive) = 0;
};

/// What an engine is told of a failure. `where`: the address, or the plugin.
Error error_of(const FetchFailure& failure, std::string where);

}  // namespace trueup::store
