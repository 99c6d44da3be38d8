// When LEDMatrix's display is on, dimmed and off: `schedule`, `dim_schedule` and `timezone` of config.json, decided as
// the display decides it. Pure. What cannot be understood never makes anybody wait: it counts as not there, and is
// told.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace trueup::model {

enum class Panel : std::uint8_t { on, dimmed, off };

/// When plugins may be fetched by itself, `heavy_work` of trueup's settings.
enum class HeavyWork : std::uint8_t { any_time, display_dimmed, display_off };

std::string_view to_string(HeavyWork when);  // "display-dimmed"

/// As the clocks show it where the display hangs.
struct WallTime {
  int weekday = 0;  // 0 is Monday
  int minute = 0;   // of the day
  bool operator==(const WallTime&) const = default;
};

/// Of one day: from the first minute on, before the last; over midnight where that is earlier.
struct Span {
  int from = 0;
  int to = 0;
  [[nodiscard]] bool contains(int minute) const {
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  }
  bool operator==(const Span&) const = default;
};

struct DisplayHours {
  using Week = std::array<std::optional<Span>, 7>;

  std::string timezone = "UTC";
  bool has_schedule = false;  // otherwise it is always on
  Week lit = {};              // nothing: off all day
  Week dimmed = {};           // nothing: not dimmed that day
  std::vector<std::string> problems = {};

  [[nodiscard]] Panel at(const WallTime& time) const;
  bool operator==(const DisplayHours&) const = default;
};

/// `config`: the root of config.json.
DisplayHours display_hours_of(json::Value config);

/// Whether heavy work may be done while the display is like that.
bool allows(HeavyWork when, Panel panel);

/// How many minutes from then until it may be done, 0 when it may be then; nothing: in no week of this schedule.
std::optional<int> minutes_until_allowed(HeavyWork when, const DisplayHours& hours, WallTime from);

}  // namespace trueup::model
