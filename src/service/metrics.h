// What the daemon has to tell a monitoring system, in Prometheus' text format, and whether it is well. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/snapshot.h"

namespace trueup::service {

/// Of this process; what cannot be told is left out.
struct OwnCost {
  std::optional<std::uint64_t> anonymous_bytes;  // memory that is its alone
  std::optional<std::uint64_t> resident_bytes;
  std::optional<std::uint64_t> written_bytes;  // caused to be written to the disk
  bool operator==(const OwnCost&) const = default;
};

std::string metrics(const Snapshot& snapshot, const OwnCost& cost);

struct Health {
  bool good = false;
  std::string says;  // one sentence
  bool operator==(const Health&) const = default;
};

/// Whether it works at all: false is a reason to start it anew.
Health liveness(const Snapshot& snapshot);
/// Whether what it says can be relied on.
Health readiness(const Snapshot& snapshot);

}  // namespace trueup::service
