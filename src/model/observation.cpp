#include "model/observation.h"

#include <algorithm>

namespace trueup::model {

const RunningPlugin* RuntimeFacts::find(std::string_view id) const {
  const auto at = std::lower_bound(plugins.begin(), plugins.end(), id,
                                   [](const RunningPlugin& plugin, std::string_view name) { return plugin.id < name; });
  return at != plugins.end() && at->id == id ? &*at : nullptr;
}

std::string RuntimeFacts::health_of(std::string_view id) const {
  if (const RunningPlugin* told = find(id)) return told->health;
  const auto at = std::ranges::find(unlisted, id, &HealthRecord::id);
  return at == unlisted.end() ? std::string() : at->health;
}

const MissingRequirements* PythonFacts::find(std::string_view directory) const {
  const auto at = std::ranges::find(missing, directory, &MissingRequirements::directory);
  return at == missing.end() ? nullptr : &*at;
}

std::optional<Source> Observation::unknown_among(const SourceSet& needs) const {
  for (const Source source : kAllSources) {
    if (needs.contains(source) && !reading(source).known()) return source;
  }
  return std::nullopt;
}

}  // namespace trueup::model
