// What the owner uploaded for a plugin goes along when the plugin gets another id.
#pragma once

#include <optional>

#include "base/result.h"
#include "engine/site.h"
#include "engine/undertaking_builder.h"
#include "model/step.h"

namespace trueup::engine {

/// Their directory, and before it the paths that LEDMatrix noted of the pictures in it. Nothing to move: nothing added.
/// Error: what was noted cannot be read, so it could not be kept right.
Status add_uploads_move(Site& site, const Boxed<model::UploadsMove>& move, UndertakingBuilder& builder);

}  // namespace trueup::engine
