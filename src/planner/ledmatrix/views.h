// The original's three views of an installation (formats 9.2), from the facts of an Observation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/observation.h"

namespace trueup::planner::ledmatrix {

/// A section as the original sees it after it merged the template below and the secrets over config.json.
struct ConfigView {
  std::string enabled;                  // JSON text; "true" when nothing states it
  const model::Section* own = nullptr;  // the section of config.json itself, if it has one
};

struct Views {
  std::map<std::string_view, ConfigView> config;
  std::map<std::string_view, const model::PluginDirectory*> disk;  // by directory name
  std::map<std::string_view, const model::StateRecord*> state;
  std::map<std::string_view, const model::PluginDirectory*> damaged;  // names on disk that the original does not see
};

/// A view whose source could not be read is empty; the caller asks the readings before it concludes anything.
Views make_views(const model::Observation& observation);

/// Python's `!=` on two values that a file spells.
bool differ(const std::string& a, const std::string& b);

}  // namespace trueup::planner::ledmatrix
