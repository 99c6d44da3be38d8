// trueup's own settings of one installation: config/trueup/settings.json. Every key is optional. Only read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/display_hours.h"
#include "model/step.h"
#include "platform/file_system.h"

namespace trueup::cli {

/// Of each day, in minutes since its beginning; may go over midnight.
struct QuietHours {
  int from = 0;
  int to = 0;
  [[nodiscard]] bool contain(int minute) const {
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  }
  bool operator==(const QuietHours&) const = default;
};

struct OwnSettings {
  std::string registry;       // what --registry takes; relative to the root
  std::string display_cache;  // where LEDMatrix's display leaves its records; empty: the usual places
  model::RestartDisplay restart_display = model::RestartDisplay::ask;
  model::PythonRequirements python_requirements = model::PythonRequirements::tell;
  model::HeavyWork heavy_work = model::HeavyWork::any_time;
  std::string ca_file;                     // certificates to trust besides the system's; relative to the root
  std::vector<std::string> private_hosts;  // "host:port" of the own network that the store may ask
  std::vector<std::string> hosts;          // names by which the page is opened, besides those of this machine
  std::optional<QuietHours> quiet_hours;   // always there when restart_display says quiet-hours
  std::vector<std::string> on_finding;     // a program, by its whole path, and its words: told of what the daemon finds
  std::vector<std::string> unknown;        // keys that are none of these: they do nothing, which `doctor` says
  bool operator==(const OwnSettings&) const = default;
};

/// The keys that there are.
std::vector<std::string> own_setting_names();

/// Error: the file cannot be understood; a value that nobody would mean is never taken for the default.
Result<OwnSettings> read_own_settings(const std::string& root, const platform::FileSystem& file_system);

}  // namespace trueup::cli
