// Beside a copy that was set aside a plugin may be in the middle of another program's install: what is decided there
// rests on two looks, ten seconds of monotonic time apart. Only while LEDMatrix's web process runs, for nobody else
// leaves such copies behind.
#pragma once

#include <chrono>
#include <string>

#include "model/observation.h"

namespace trueup::engine {

inline constexpr std::chrono::seconds kBetweenLooks{10};

/// A plan of what was seen would bring a copy back, and its program may still be at work.
bool needs_second_look(const model::Observation& observation);

/// What in `later` is not as it was in `earlier`, among plugins beside which a copy lies or lay, is settling.
void mark_settling(const model::Observation& earlier, model::Observation& later);

}  // namespace trueup::engine
