// What failed to be fetched, and how long each is left in peace. Hosts of archives: a failure of the network is the
// host's and no plugin's, so that everything that waits for one host waits, and goes on, together. And single offers,
// whose failure is their own. Values and text; pure.
//
// The first waits are short (2 s, then three times as long, at most 5 min), then once an hour; an offer that failed for
// a day then rests. A wait is measured by the time since the machine was started; after a new start, in another
// network, or where a clock says nothing sensible, it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "model/observation.h"
#include "platform/clock.h"

namespace trueup::store {

struct SourceWait {
  std::string place;  // "host:port", or an offer: whose, of which source, in which state
  std::int64_t failures = 0;
  std::string boot_id;
  std::int64_t boot_time_ms = 0;  // of the last failure
  std::int64_t wait_ms = 0;
  std::string network = {};  // network_identity() then; empty: there was none, or it was not known
  std::string why = {};      // what the last failure was, one sentence
  bool operator==(const SourceWait&) const = default;
};

using SourceWaits = std::vector<SourceWait>;  // sorted by place

inline constexpr std::chrono::milliseconds kLongestHostWait = std::chrono::hours(2);
inline constexpr std::chrono::milliseconds kRests = std::chrono::hours(24 * 365);  // of an offer

std::string encode(const SourceWaits& waits);
/// What cannot be read is no wait: asking once too often is all that follows.
/// None is longer than `longest`, whatever the text says.
SourceWaits decode_source_waits(std::string text, std::chrono::milliseconds longest = kLongestHostWait);

/// How long to wait behind the n-th failure. `jitter`: 0 to 255, so that not all devices of a house ask at once.
std::chrono::milliseconds wait_after(std::int64_t failures, unsigned jitter);
/// Of an offer: as long, but after a day of hours it rests until something changes.
std::chrono::milliseconds offer_wait_after(std::int64_t failures, unsigned jitter);

/// Of work that is heavy for a small machine, and rarely mends itself: none of the short waits.
std::chrono::milliseconds heavy_wait_after(std::int64_t failures, unsigned jitter);

struct WaitMoment {
  const platform::Clock& clock;
  std::string network;  // network_identity()
  unsigned jitter = 0;
};
using WaitAfter = std::chrono::milliseconds (*)(std::int64_t failures, unsigned jitter);
void note_failure(SourceWaits& waits, const std::string& place, std::string why, const WaitMoment& now,
                  WaitAfter wait_after = &store::wait_after);
/// False: nothing was waiting for it.
bool note_answer(SourceWaits& waits, const std::string& place);

/// Those that are not over, and how much of each is left.
struct Waiting {
  std::string place;
  std::string why;
  std::chrono::milliseconds left{0};
  std::int64_t failures = 1;  // one after another
  bool operator==(const Waiting&) const = default;
};
std::vector<Waiting> still_waiting(const SourceWaits& waits, const WaitMoment& now);

/// The host that has the archive of `entry`; empty where none has.
std::string place_of_archive(const model::RegistryEntry& entry);

}  // namespace trueup::store
