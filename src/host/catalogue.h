// Publishes the catalogue: every reader sees one whole scan or the next, never half of one, and no ghost of a plugin
// that is gone (failure family "the map was replaced while it was read").
//
// One writer at a time builds a new Catalogue aside and swaps a pointer. A scan that could not be read to its end is
// refused and what was published stays. Nothing here looks at the disk: `sources` reads, this publishes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/result.h"
#include "model/catalogue.h"
#include "model/observation.h"

namespace trueup::host {

using Snapshot = std::shared_ptr<const model::Catalogue>;

class CataloguePublisher {
 public:
  CataloguePublisher();
  CataloguePublisher(const CataloguePublisher&) = delete;
  CataloguePublisher& operator=(const CataloguePublisher&) = delete;

  /// The newest snapshot, never null; empty before the first scan. Any thread.
  [[nodiscard]] Snapshot current() const;
  /// Grows with each snapshot.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

  /// A whole scan. Error: unreadable, when the plugins directory was not read to its end; the old snapshot stays.
  Status publish(const model::Observation& observation);
  /// One plugin directory, looked at again. Error: refused, before the first whole scan.
  Status replace(model::PluginDirectory directory);
  /// One name that is gone.
  Status remove(std::string_view directory_name);

 private:
  void swap_in(model::Observation facts);
  Result<model::Observation> facts_to_change() const;

  std::mutex writing_;          // one writer at a time
  model::Observation facts_;    // what the newest snapshot was made of; only for writers
  mutable std::mutex pointer_;  // held for the copy of a pointer
  Snapshot snapshot_;
  std::atomic<std::uint64_t> version_{0};
};

/// One thread's view: asks for the pointer only when there is a newer one, so that readers never wait for each other.
class CatalogueReader {
 public:
  /// Requires: `publisher` outlives the reader.
  explicit CatalogueReader(const CataloguePublisher& publisher) : publisher_(publisher) {}

  /// The newest catalogue. Good until the next call on this reader.
  const model::Catalogue& now();

 private:
  const CataloguePublisher& publisher_;
  Snapshot snapshot_;
  std::uint64_t version_ = 0;
};

}  // namespace trueup::host
