// pip, run for what plugins lack of the Python that runs the display, where the owner's settings allow that: it runs
// other people's code. In a pass for the steps that ask for it and for plugins that the pass put in place, and behind
// the verbs that put one in place.
//
// A plugin's directory stands whole before pip is begun and is not touched by what becomes of it. What pip said is kept
// in `.trueup/pip/<plugin>.txt`; a failure is an attempt like any other, and left in peace for a while.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/execute.h"
#include "engine/fetch_waits.h"
#include "engine/session.h"
#include "engine/world.h"
#include "model/step.h"

namespace trueup::engine {

/// Then pip is killed, with all that it started.
inline constexpr std::chrono::minutes kPipPatience{10};
/// Likewise when it says more than that.
inline constexpr std::size_t kMostPipSays = 16U << 20U;
/// The last that it said, as kept.
inline constexpr std::size_t kMostPipKept = 64U << 10U;

/// Fills in the results of the steps that ask for it.
void install_requirements(Session& session, const model::Plan& plan, const model::Policy& policy, OfferWaits& waits,
                          Execution& execution);

/// For plugins that `verb` put in place, on or off. What came of it, one sentence each; none where nothing is missing,
/// or it is not allowed. Error: it could not be begun; the plugins stand all the same.
Result<std::vector<std::string>> install_requirements_of(World& world, const model::Policy& policy,
                                                         const std::string& verb,
                                                         const std::vector<std::string>& plugin_ids);

}  // namespace trueup::engine
