// What the daemon has to tell a monitoring system, in Prometheus' text format, and whether it is well. Pure.
#pragma once

#include <string>

#include "platform/own_process.h"
#include "service/snapshot.h"

namespace trueup::service {

/// `cost`: of this process; what cannot be told is left out.
std::string metrics(const Snapshot& snapshot, const platform::ProcessCost& cost);

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
