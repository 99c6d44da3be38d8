// The last good copy of a registry, on the disk: what every plan reads, and the only thing it reads (design: plan never
// uses the network).
//
// A copy is replaced only by a list that parses, has the shape, keeps at least half of the plugins and is not older
// (failure F119). Anything else leaves the old one, marked suspect. When the registry was asked last, and how that
// went, stands beside it, so that all processes together ask seldom (failure F120).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/observation.h"
#include "platform/clock.h"
#include "store/fetcher.h"
#include "store/plugin_source.h"
#include "store/store_directory.h"

namespace trueup::store {

/// What is remembered of asking one registry.
struct AskedRegistry {
  std::string url;
  std::string digest;  // of the copy that etag and modified belong to
  std::string etag;
  std::string modified;
  std::string suspect;            // why the last answer was not believed; or empty
  std::string boot_id;            // the boot in which it was asked last, …
  std::int64_t boot_time_ms = 0;  // … and when in it
  std::int64_t failures = 0;      // since it last answered
  bool operator==(const AskedRegistry&) const = default;
};
std::string encode(const AskedRegistry& asked);
Result<AskedRegistry> decode_asked(std::string text);

/// Whether it may be asked again. Nothing about it is a reason to.
bool is_due(const std::optional<AskedRegistry>& asked, bool has_copy, const platform::Clock& clock);

/// Why `now` is not to take the place of `before`; empty when it may. Pure.
std::string why_not_believed(const model::RegistryFacts& now, const model::RegistryFacts& before);

class RegistryCopy {
 public:
  /// From what was downloaded to the text of a registry; for a repository that is one plugin.
  using Shape = Result<std::string> (*)(std::string text, const std::string& url);

  /// Brings what a request names into an empty file.
  using Bring = std::function<GetResult(const GetRequest& request, platform::WritableFile& body)>;

  /// Requires: what is referred to outlives this.
  RegistryCopy(const StoreDirectory& place, std::string url);

  /// Errors: not_found (never fetched), unreadable.
  [[nodiscard]] Result<model::RegistryFacts> read() const;
  [[nodiscard]] std::optional<AskedRegistry> asked() const;

  /// Fetches by `request`, whose address and conditions are filled in, and keeps what came when it is believed.
  /// `anyway`: also a list that has become much smaller or older, because the owner says so.
  /// Errors: only of our own disk.
  Result<RefreshReport> refresh(const Bring& bring, GetRequest request, const platform::Clock& clock, bool anyway,
                                Shape shape) const;
  /// It is forgotten.
  Status remove() const;

 private:
  [[nodiscard]] Result<RefreshReport> keep(platform::WritableDirectory& store, AskedRegistry& asked,
                                           const GotAnswer& got, bool anyway, Shape shape) const;

  const StoreDirectory& place_;
  std::string url_;
  std::string name_;  // of the copy's file
};

}  // namespace trueup::store
