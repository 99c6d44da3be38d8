#include "engine/display_time.h"

#include <fmt/core.h>

#include <chrono>

#include "base/time_zone.h"
#include "engine/live_document.h"

namespace trueup::engine {
namespace {

constexpr const char* kZones = "/usr/share/zoneinfo";
constexpr std::size_t kMostZoneBytes = 64U << 10U;  // the largest has 4 KiB

Result<TimeZone> zone_called(const platform::FileSystem& file_system, const std::string& name) {
  if (!is_zone_name(name)) return Error{.code = ErrorCode::invalid, .message = "no time zone is called so"};
  ASSIGN_OR_RETURN(const auto zones, file_system.open_root_for_reading(kZones));
  ASSIGN_OR_RETURN(const auto file, zones->read(name, kMostZoneBytes, platform::Links::follow));
  return TimeZone::parse(file.bytes);
}

model::WallTime wall_time(std::chrono::seconds since_1970) {
  const auto local = std::chrono::sys_seconds(since_1970);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(local - day);
  return {.weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1,
          .minute = static_cast<int>(minute.count())};
}

}  // namespace

std::optional<DisplayTime> display_time(const platform::FileSystem& file_system, const std::string& root,
                                        platform::Clock& clock) {
  const auto directory = file_system.open_root_for_reading(root);
  if (!directory) return std::nullopt;
  const auto config = read_live_document(**directory, model::DocumentName::config, clock);
  if (!config || !*config) return std::nullopt;
  DisplayTime time{.hours = model::display_hours_of((*config)->root()), .now = std::nullopt};
  const auto zone = zone_called(file_system, time.hours.timezone);
  if (!zone) {
    time.hours.problems.push_back(
        fmt::format("\"timezone\" in config.json is \"{}\", which this machine does not know ({})", time.hours.timezone,
                    zone.error().message));
    return time;
  }
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.wall_now().time_since_epoch());
  time.now = wall_time(now + std::chrono::seconds(zone->offset_at(now.count())));
  return time;
}

}  // namespace trueup::engine
