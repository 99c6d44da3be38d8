// Beside a copy that was set aside a plugin may be in the middle of another program's install: what is decided there
// rests on two looks, ten seconds of monotonic time apart. Only while LEDMatrix's web process runs, for nobody else
// leaves such copies behind.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/world.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

inline constexpr std::chrono::seconds kBetweenLooks{10};

/// Step::held of what a reading verb shows and only a pass that looks twice may do.
inline constexpr std::string_view kSecondLook = "second_look";

/// Says that it waits, and waits.
void wait_for_second_look(World& world);

/// Steps that bring a copy back while its program may be at work are held. The digest stays that of the plan.
void hold_for_second_look(const model::Observation& observation, model::Plan& plan);

/// A plan of what was seen would bring a copy back, and its program may still be at work.
bool needs_second_look(const model::Observation& observation);

/// What in `later` is not as it was in `earlier`, among plugins beside which a copy lies or lay, is settling.
void mark_settling(const model::Observation& earlier, model::Observation& later);

}  // namespace trueup::engine
