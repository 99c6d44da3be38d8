// What the renderers show, as values: they know these and nothing of how a verb came by them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/execute.h"
#include "model/inconsistency.h"
#include "model/neighbour.h"
#include "model/observation.h"
#include "model/step.h"
#include "planner/neighbour.h"
#include "planner/roster.h"

namespace trueup::cli {

/// What status, plan and reconcile show. Requires: what it points to outlives it.
struct PassView {
  const model::Observation* observation = nullptr;
  const model::Plan* plan = nullptr;
  model::RuleSet rules = model::RuleSet::safe;
  model::ReconciliationResult result;              // for status and plan: nothing fixed
  bool reconciled = false;                         // a pass was made; false: it was only looked at
  std::vector<std::int64_t> history;               // numbers of what was done, of a pass that did something
  std::vector<std::string> notes = {};             // said aloud: degraded modes, what recovery did, ledger rebuilt
  std::vector<planner::RosterEntry> plugins = {};  // what `status` counts
  std::vector<engine::StepResult> steps = {};      // one for each step of the plan, once reconciled
  std::vector<std::string> unverified = {};        // findings called fixed that a second look still has (ledmatrix)
  const model::Plan* after = nullptr;              // what the second look of a pass found
};

/// `result` for a pass that only looked.
model::ReconciliationResult result_of_looking(const model::Plan& plan);

/// One thing that `doctor` looked at.
struct Check {
  enum class Verdict : std::uint8_t { good, note, warning, bad };
  enum class Needs : std::uint8_t { nothing, reconcile, person, source };  // what has to happen: for the exit status
  std::string name;                                                        // "config", "lock", "free space", …
  Verdict verdict = Verdict::good;
  std::string says;
  std::string advice = {};
  Needs needs = Needs::nothing;
  bool operator==(const Check&) const = default;
};
std::string_view to_string(Check::Verdict verdict);

struct DoctorReport {
  std::string root;
  std::vector<Check> checks;
  model::Neighbour ledmatrix = {};                  // the LEDMatrix beside which trueup stands
  std::vector<planner::NextStart> next_start = {};  // what that one will make of each finding
  std::size_t findings = 0;                         // that a pass or a person would mend
  bool operator==(const DoctorReport&) const = default;
};

/// What a verb that changes one thing came to: enable, disable, install, uninstall, restore, undo.
struct ChangeReport {
  std::string verb;
  std::string plugin_id;  // or the file concerned
  bool changed = false;
  std::string says;                        // one sentence: what was done, or why nothing was
  std::vector<std::string> details;        // what was kept, where; what was not touched
  std::optional<std::int64_t> n;           // its number in history; the last one of several
  std::optional<std::int64_t> first = {};  // the first one of several
  bool operator==(const ChangeReport&) const = default;
};

}  // namespace trueup::cli
