// Time as a port. Wall time is for history only and never decides anything; waits are measured by the monotonic
// clock, stored waits by the time since boot together with the identity of that boot.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

namespace trueup::platform {

class Clock {
 public:
  using Duration = std::chrono::nanoseconds;

  virtual ~Clock() = default;
  [[nodiscard]] virtual std::chrono::system_clock::time_point wall_now() const = 0;
  /// Since an arbitrary start in this process; never goes back.
  [[nodiscard]] virtual Duration monotonic_now() const = 0;
  /// Since the machine was started, sleep included.
  [[nodiscard]] virtual Duration boot_time() const = 0;
  /// Changes with every start of the machine; empty where it cannot be told.
  [[nodiscard]] virtual std::string boot_id() const = 0;
  virtual void sleep(Duration duration) = 0;
};

class RealClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point wall_now() const override;
  [[nodiscard]] Duration monotonic_now() const override;
  [[nodiscard]] Duration boot_time() const override;
  [[nodiscard]] std::string boot_id() const override;
  void sleep(Duration duration) override;
};

/// A clock that a test turns. A sleep turns it too and returns at once.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point wall_now() const override;
  [[nodiscard]] Duration monotonic_now() const override;
  [[nodiscard]] Duration boot_time() const override;
  [[nodiscard]] std::string boot_id() const override;
  void sleep(Duration duration) override;

  void advance(Duration duration);
  /// The owner, or a time server, sets the clock.
  void set_wall(std::chrono::system_clock::time_point now);
  void reboot();
  /// Called in every sleep, after the time has moved: where a test lets the rest of the world act.
  void on_sleep(std::function<void()> action);
  [[nodiscard]] Duration slept() const;

 private:
  mutable std::mutex mutex_;
  std::chrono::system_clock::time_point wall_{std::chrono::seconds(1'700'000'000)};
  Duration monotonic_ = std::chrono::hours(1);
  Duration boot_time_ = std::chrono::hours(1);
  int boots_ = 1;
  Duration slept_{};
  std::function<void()> on_sleep_;
};

}  // namespace trueup::platform
