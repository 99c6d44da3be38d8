#include "planner/fit.h"

#include <fmt/core.h>

#include "base/shell_word.h"
#include "model/compatibility.h"
#include "model/installed.h"

namespace trueup::planner {

std::string why_unfit(const model::Observation& observation, const Situation& plugin) {
  const model::RegistryEntry& entry = *plugin.entry;
  const std::string_view standing =
      plugin.directories.empty() ? std::string_view() : model::version_of(*plugin.directory());
  if (!standing.empty() && standing == entry.latest_version) return {};
  return model::why_not_fit(entry.minimum_core, entry.core_ranges, observation.core_version);
}

std::string advise_install(const model::Observation& observation, const Situation& plugin, std::string_view says,
                           std::string_view else_do) {
  if (plugin.entry == nullptr) return std::string(else_do);
  if (const std::string unfit = why_unfit(observation, plugin); !unfit.empty()) {
    return fmt::format("what the registry offers does not fit this LEDMatrix: {}; {}", unfit, else_do);
  }
  return fmt::format("`trueup install {}` {}", shell_word(plugin.id), says);
}

}  // namespace trueup::planner
