// How often somebody may try a password: after five that were wrong in a row the next ones have to wait, twice as long
// each time. A value without a clock.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace trueup::web {

class Attempts {
 public:
  using Duration = std::chrono::nanoseconds;
  static constexpr int kFree = 5;
  static constexpr std::chrono::minutes kLongest{15};
  static constexpr std::size_t kMostKept = 1000;

  /// How long `who` has to wait from `now` on; nothing: he may try.
  [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& who, Duration now) const;
  void failed(const std::string& who, Duration now);
  void worked(const std::string& who) { tried_.erase(who); }

 private:
  struct Tried {
    int failures = 0;
    Duration last{};
    Duration free_at{};
  };
  std::map<std::string, Tried> tried_;
};

}  // namespace trueup::web
