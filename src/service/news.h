// What is new about findings from one pass to the next: each condition is told once when it comes and once when it
// goes, however many passes there are in between (failure F158). One that comes and goes all the time is said to flap,
// and then is quiet. A value without a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "model/inconsistency.h"

namespace trueup::service {

class News {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr std::size_t kFlaps = 6;  // comings and goings ...
  static constexpr std::chrono::hours kWithin{1};

  /// What to log of the findings that stand at `now`.
  std::vector<LogEvent> note(const std::vector<model::Inconsistency>& findings, Time now);
  /// Of the newest note(): findings that were not there before, and do not flap.
  [[nodiscard]] const std::vector<model::Inconsistency>& came() const { return came_; }
  /// Findings that came and went too often of late.
  [[nodiscard]] std::set<std::string> flapping() const;

 private:
  struct Known {
    std::string reason;
    std::string plugin_id;
    bool stands = false;
    bool flaps = false;
    std::vector<Time> changes;  // within kWithin
  };
  std::map<std::string, Known> known_;
  std::vector<model::Inconsistency> came_;
};

}  // namespace trueup::service
