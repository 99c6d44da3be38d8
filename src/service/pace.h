// When a pass that nobody asked for is made again. Pure: no clock, no timer.
#pragma once

#include <algorithm>
#include <chrono>

namespace trueup::service {

using Duration = std::chrono::nanoseconds;

inline constexpr std::chrono::hours kFullPassEvery{1};         // the net below all watching
inline constexpr std::chrono::minutes kLookWhenBlindEvery{1};  // where something cannot be watched
inline constexpr std::chrono::milliseconds kSettle{30};        // events of one write belong together
inline constexpr std::chrono::seconds kNetworkSettles{3};
inline constexpr int kMostSettleRounds = 10;  // then a pass is made although more comes in
inline constexpr std::chrono::seconds kFirstRetry{30};
inline constexpr std::chrono::hours kLongestRetry{1};
inline constexpr std::chrono::seconds kFirstRetryWhenBusy{2};  // another trueup is at work: it ends soon

/// How long to wait after `failures` passes in a row that failed or left something undone that they tried.
constexpr Duration retry_after(int failures, bool busy = false) {
  Duration wait = busy ? Duration(kFirstRetryWhenBusy) : Duration(kFirstRetry);
  for (int i = 1; i < failures && wait < kLongestRetry; ++i) wait *= 2;
  return std::min<Duration>(wait, kLongestRetry);
}

}  // namespace trueup::service
