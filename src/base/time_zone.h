// What the clocks on the wall show in a time zone of the world, from the system's own file of it (RFC 8536). A value:
// neither the process's zone nor the environment has a part in it, so that two zones can be asked at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup {

class TimeZone {
 public:
  /// The bytes of a file below /usr/share/zoneinfo. Error: invalid.
  static Result<TimeZone> parse(std::string_view bytes);

  /// Seconds that the clocks there are ahead of UTC at that moment (seconds since 1970).
  [[nodiscard]] std::int64_t offset_at(std::int64_t at) const;

  bool operator==(const TimeZone&) const = default;

 private:
  struct Change {
    std::int64_t at = 0;
    std::int64_t offset = 0;
    bool operator==(const Change&) const = default;
  };
  /// A day of every year: "M3.2.0/2", "J60", "59".
  struct Day {
    enum class Kind : std::uint8_t { weekday_of_month, day_without_leap, day } kind = Kind::day;
    int month = 0;
    int week = 0;
    int weekday = 0;  // 0 is Sunday
    int number = 0;
    std::int64_t seconds = 7200;  // on the clocks of the season that ends
    [[nodiscard]] std::int64_t in_year(int year) const;
    bool operator==(const Day&) const = default;
  };
  /// What holds behind the last change that is listed: "CET-1CEST,M3.5.0,M10.5.0/3".
  struct Rule {
    bool known = false;
    std::int64_t standard = 0;
    bool has_summer = false;
    std::int64_t summer = 0;
    Day begins, ends;
    [[nodiscard]] std::int64_t offset_at(std::int64_t at) const;
    bool operator==(const Rule&) const = default;
  };
  class RuleText;

  std::int64_t before_ = 0;
  std::vector<Change> changes_;
  Rule rule_;
};

/// Whether that can be a zone's name below the system's directory, "Europe/Stockholm": nothing that leads elsewhere.
bool is_zone_name(std::string_view name);

}  // namespace trueup
