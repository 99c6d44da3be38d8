// Everything the daemon knows at one moment, as a value: what its faces (socket, HTTP) show. Made anew with every
// change, handed out whole, never changed afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/catalogue.h"
#include "model/inconsistency.h"
#include "service/gates.h"
#include "service/operation.h"

namespace trueup::service {

enum class Phase : std::uint8_t { starting, ready, stopping };

std::string_view to_string(Phase phase);

/// What was counted since the daemon started.
struct Counters {
  std::uint64_t passes = 0;
  std::uint64_t passes_failed = 0;
  std::chrono::nanoseconds passes_took{};
  std::uint64_t repairs_done = 0;
  std::uint64_t repairs_failed = 0;
  std::uint64_t commands = 0;
  std::uint64_t events = 0;  // times that watching had something to tell
  bool operator==(const Counters&) const = default;
};

struct Snapshot {
  std::uint64_t version = 0;  // grows with every change
  Phase phase = Phase::starting;
  std::string at_work;      // what is done just now: "pass", "operation 3", "`enable clock`"; empty: nothing
  std::size_t waiting = 0;  // names in the work queue
  std::vector<model::Inconsistency> findings;  // that stand, as of the newest pass
  std::set<std::string> flapping;              // those that come and go
  std::vector<std::string> blind;              // what cannot be watched, and what the owner can do about it
  std::vector<Gate> gates;                     // why something waits, or is not done at all
  std::optional<Error> problem;                // why the newest pass failed
  std::vector<Operation> operations;           // by id
  Counters counters;
  bool has_looked = false;   // a pass came to an end
  host::Snapshot catalogue;  // which plugins there are, as of the newest whole scan; null before the first

  /// Whether all that is known can be relied on: there was a pass, and the newest one did not fail.
  [[nodiscard]] bool is_healthy() const { return has_looked && !problem; }
};

/// One JSON object, without a clock. Values of settings are not in it, nor what operations were given as input.
std::string encode(const Snapshot& snapshot);

/// A finding as it stands in there.
std::string encode(const model::Inconsistency& finding, bool flapping);

}  // namespace trueup::service
