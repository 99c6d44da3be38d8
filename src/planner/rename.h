// What it takes that everything of a plugin goes from a former id to the one it is installed under: settings, secrets,
// the places of config.json that name it, uploads, and the record. A pure function; the rule decides whether.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/document.h"
#include "model/inconsistency.h"
#include "model/observation.h"
#include "model/step.h"
#include "planner/situation.h"

namespace trueup::planner {

struct RenameWork {
  // In this order, and each may be done once more where all are done: recovery does so after a crash.
  std::vector<model::DocumentEdit> edits;
  std::vector<model::DocumentName> both;  // have a section under both names; one has to go, and `edits` leaves them
  Boxed<model::UploadsMove> uploads;
};

/// Whose settings count in the end, where config.json has a section under both names.
enum class Keep { former, present };

RenameWork rename_work(const model::Observation& observation, const Situation& former, const Situation& present,
                       Keep keep);

/// The same for a plugin that gets its id, directory and version in the same transaction.
RenameWork rename_to_new_id(const model::Observation& observation, const Situation& former,
                            const model::PluginDirectory& present);

/// The finding about the settings of `present` that stand under another name of it, while it has none of its own.
std::optional<model::Inconsistency> pending_rename(const model::Observation& observation, const Situations& situations,
                                                   const Situation& present);

struct Context;

/// What plugin_renamed would do by itself once this directory stands in the plugins directory: the step that brings it
/// does that as well, so that one pass is enough and the plan says all of it. Nothing where it would do nothing.
std::optional<model::Step> rename_behind(const Context& context, model::PluginDirectory arriving);
/// Puts that into the step.
void go_along(model::Step& step, model::Step rename);

bool has_uploads(const model::Observation& observation, std::string_view id);

}  // namespace trueup::planner
