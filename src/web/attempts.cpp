#include "web/attempts.h"

#include <algorithm>

namespace trueup::web {

std::optional<std::chrono::seconds> Attempts::wait(const std::string& who, Duration now) const {
  const auto found = tried_.find(who);
  if (found == tried_.end() || found->second.free_at <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(found->second.free_at - now);
}

void Attempts::failed(const std::string& who, Duration now) {
  if (tried_.size() >= kMostKept && !tried_.contains(who)) {
    const auto older = [](const auto& a, const auto& b) { return a.second.last < b.second.last; };
    tried_.erase(std::min_element(tried_.begin(), tried_.end(), older));
  }
  Tried& tried = tried_[who];
  ++tried.failures;
  tried.last = now;
  if (tried.failures < kFree) return;
  const int doublings = std::min(tried.failures - kFree, 10);
  const Duration rest = std::chrono::seconds(1LL << static_cast<unsigned>(doublings));
  tried.free_at = now + std::min<Duration>(rest, kLongest);
}

}  // namespace trueup::web
