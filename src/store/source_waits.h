// Which hosts of archives failed to answer, and how long each is left in peace: a failure of the network is the host's
// and no plugin's, so that everything that waits for one host waits, and goes on, together. Values and text; pure.
//
// The first waits are short (2 s, then three times as long, at most 5 min), then once an hour. A wait is measured by
// the time since the machine was started; after a new start, or a clock that says nothing sensible, it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "model/observation.h"
#include "platform/clock.h"

namespace trueup::store {

struct SourceWait {
  std::string place;  // "host:port"
  std::int64_t failures = 0;
  std::string boot_id;
  std::int64_t boot_time_ms = 0;  // of the last failure
  std::int64_t wait_ms = 0;
  std::string why;  // what the last failure was, one sentence
  bool operator==(const SourceWait&) const = default;
};

using SourceWaits = std::vector<SourceWait>;  // sorted by place

std::string encode(const SourceWaits& waits);
/// What cannot be read is no wait: asking once too often is all that follows.
SourceWaits decode_source_waits(std::string text);

/// How long to wait behind the n-th failure. `jitter`: 0 to 255, so that not all devices of a house ask at once.
std::chrono::milliseconds wait_after(std::int64_t failures, unsigned jitter);
void note_failure(SourceWaits& waits, const std::string& place, std::string why, const platform::Clock& clock,
                  unsigned jitter);
/// False: nothing was waiting for it.
bool note_answer(SourceWaits& waits, const std::string& place);

/// Those that are not over, and how much of each is left.
struct Waiting {
  std::string place;
  std::string why;
  std::chrono::milliseconds left{0};
  bool operator==(const Waiting&) const = default;
};
std::vector<Waiting> still_waiting(const SourceWaits& waits, const platform::Clock& clock);

/// The host that has the archive of `entry`; empty where none has.
std::string place_of_archive(const model::RegistryEntry& entry);

}  // namespace trueup::store
