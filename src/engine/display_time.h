// When the display of this installation is on, dimmed and off, and what its clocks show now: read from config.json and
// the system's time zones. Looks only.
#pragma once

#include <optional>
#include <string>

#include "model/display_hours.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct DisplayTime {
  model::DisplayHours hours;
  std::optional<model::WallTime> now;  // nothing: its time zone is not known here, and a problem of `hours` says so
  bool operator==(const DisplayTime&) const = default;
};

/// Nothing: config.json is not there, or cannot be read.
std::optional<DisplayTime> display_time(const platform::FileSystem& file_system, const std::string& root,
                                        platform::Clock& clock);

}  // namespace trueup::engine
