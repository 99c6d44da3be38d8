#include "model/observation.h"

namespace trueup::model {

std::optional<Source> Observation::unknown_among(const SourceSet& needs) const {
  for (const Source source : kAllSources) {
    if (needs.contains(source) && !reading(source).known()) return source;
  }
  return std::nullopt;
}

}  // namespace trueup::model
