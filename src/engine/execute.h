// The steps of a plan, done: one transaction for all edits of documents, then one for every few dozen plugins that are
// fetched.
//
// It does what the plan says and decides nothing; a step that is held is not done. A step that fails does not stop the
// others; an error of the machinery itself does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/fetch_waits.h"
#include "engine/session.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

struct StepResult {
  enum class Kind : std::uint8_t { done, failed, held };
  Kind kind = Kind::held;
  std::string why;  // one sentence, when it failed
  bool operator==(const StepResult&) const = default;
};

struct Execution {
  std::vector<StepResult> steps;  // one for each step of the plan
  std::optional<Error> stopped;   // what ended the pass before its last step
};

/// Whether it is to be done and changes anything. The rules of the original name again what stands already, and call it
/// fixed.
bool changes_anything(const model::Step& step);

/// `waits`: what fails by itself is left in peace for a while.
Execution execute(Session& session, const model::Observation& observation, const model::Plan& plan, OfferWaits& waits);

}  // namespace trueup::engine
