// What it takes that everything of a plugin goes from a former id to the one it is installed under: settings, secrets,
// the places of config.json that name it, uploads, and the record. A pure function; the rule decides whether.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/choice.h"
#include "model/observation.h"
#include "model/step.h"
#include "planner/situation.h"

namespace trueup::planner {

struct RenameWork {
  std::vector<model::NewValue> removals;  // before the edits; only where a person chose between two sections
  std::vector<model::DocumentEdit> edits;
  std::optional<model::UploadsMove> uploads;
};

enum class Keep { former, present };

/// `keep` counts where a file has a section under both names; where it has one only, that one stays.
RenameWork rename_work(const model::Observation& observation, const Situation& former, const Situation& present,
                       Keep keep);

bool has_uploads(const model::Observation& observation, std::string_view id);

}  // namespace trueup::planner
