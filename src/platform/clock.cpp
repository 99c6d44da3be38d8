#include "platform/clock.h"

#include <fcntl.h>
#include <fmt/core.h>

#include <ctime>

#include "platform/descriptor.h"

namespace trueup::platform {

namespace {

constexpr std::size_t kBootIdLimit = 256;

Clock::Duration read_clock(clockid_t which) {
  timespec now = {};
  ::clock_gettime(which, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

std::chrono::system_clock::time_point RealClock::wall_now() const { return std::chrono::system_clock::now(); }

Clock::Duration RealClock::monotonic_now() const { return read_clock(CLOCK_MONOTONIC); }

Clock::Duration RealClock::boot_time() const { return read_clock(CLOCK_BOOTTIME); }

std::string RealClock::boot_id() const {
  const std::string path = "/proc/sys/kernel/random/boot_id";
  const Descriptor opened(retry_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!opened.is_open()) return "";
  std::string id = read_to_end(opened.get(), 0, kBootIdLimit, path).value_or("");
  while (id.ends_with('\n')) id.pop_back();
  return id;
}

void RealClock::sleep(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  timespec left = {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
  }
}

std::chrono::system_clock::time_point FakeClock::wall_now() const {
  const std::lock_guard lock(mutex_);
  return wall_;
}

Clock::Duration FakeClock::monotonic_now() const {
  const std::lock_guard lock(mutex_);
  return monotonic_;
}

Clock::Duration FakeClock::boot_time() const {
  const std::lock_guard lock(mutex_);
  return boot_time_;
}

std::string FakeClock::boot_id() const {
  const std::lock_guard lock(mutex_);
  return fmt::format("boot-{}", boots_);
}

void FakeClock::sleep(Duration duration) {
  advance(duration);
  std::function<void()> action;
  {
    const std::lock_guard lock(mutex_);
    slept_ += duration;
    action = on_sleep_;
  }
  if (action) action();
}

void FakeClock::advance(Duration duration) {
  const std::lock_guard lock(mutex_);
  wall_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(duration);
  monotonic_ += duration;
  boot_time_ += duration;
}

void FakeClock::set_wall(std::chrono::system_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  wall_ = now;
}

void FakeClock::reboot() {
  const std::lock_guard lock(mutex_);
  ++boots_;
  boot_time_ = std::chrono::seconds(10);
  monotonic_ = std::chrono::seconds(10);
}

void FakeClock::on_sleep(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  on_sleep_ = std::move(action);
}

Clock::Duration FakeClock::slept() const {
  const std::lock_guard lock(mutex_);
  return slept_;
}

}  // namespace trueup::platform
