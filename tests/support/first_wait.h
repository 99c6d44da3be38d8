// For tests of what is left in peace after a failure: real time passes in them, and on a slow machine too much of it.
#pragma once

#include <chrono>

namespace trueup::test {

/// Since a first failure, after which nothing is asked for two seconds. Where a pass takes longer than that, it asks
/// again, and rightly.
class FirstWait {
 public:
  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() - begun_ > std::chrono::seconds(2); }
  static constexpr const char* kTooSlow = "one pass takes more than two seconds here, and the wait is over by then";

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace trueup::test
