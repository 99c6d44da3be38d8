// Two programs that undo each other's writes for ever: noticed by what trueup itself keeps repairing. A value, fed with
// what unattended passes did; it never makes a pass do more. What it notices becomes a hold in the ledger, so that
// every command leaves the repair alone until a person decides.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/execute.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

/// A repair that another program undid as often as it was made.
struct Fight {
  std::string plugin_id;
  std::string field;  // "plugin_state.json: states.clock.enabled"
  model::Hold hold;   // for the ledger
  bool operator==(const Fight&) const = default;
};

class Fights {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr int kRounds = 3;
  static constexpr std::chrono::minutes kWithin{10};

  /// Takes in what a pass did of its plan at `now`. Fights that began with it; each is counted anew afterwards.
  std::vector<Fight> note(const model::Plan& plan, const std::vector<StepResult>& steps, Time now);

 private:
  /// The same value written to one field again and again. Between two of them somebody else changed it back: had we
  /// done so ourselves, because the owner changed his mind, another value would have been written last.
  struct Repairs {
    std::string what;  // the values, and what they rest on
    std::vector<Time> times;
  };
  std::map<std::string, Repairs> repairs_;  // by field
};

}  // namespace trueup::engine
