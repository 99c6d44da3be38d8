// The main path: lock, recover, observe, plan, execute, observe again, result.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/execute.h"
#include "engine/fights.h"
#include "engine/world.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

struct PassReport {
  PassReport() = default;
  PassReport(PassReport&&) = default;
  PassReport& operator=(PassReport&&) = default;
  PassReport(const PassReport&) = delete;  // the result speaks of this report's own findings
  PassReport& operator=(const PassReport&) = delete;
  ~PassReport() = default;

  model::Observation observation;  // what the plan rests on; behind changes without settings, records and directories
  model::Plan plan;
  std::vector<StepResult> steps;  // one for each step of the plan
  model::ReconciliationResult result;
  std::optional<model::Plan> after;     // of the second look; nothing when there was none
  std::vector<std::string> unverified;  // findings that count as fixed although the second look still has them
  std::vector<std::string> notes;       // what recovery did, and in which ways things were less safe than usual
  std::vector<std::int64_t> history;    // numbers of the new lines of history
  std::vector<Fight> fights;            // that were noticed in this pass
  std::optional<Error> error;           // what ended the pass early
  // How long the first of what waits to be fetched again waits; nothing where nothing does.
  std::optional<std::chrono::milliseconds> next_try;
};

/// One pass. Error: it never began (another trueup works here, the installation cannot be opened, an interrupted action
/// cannot be finished, the confirmed plan is no longer the plan). Whatever happens later is in the report.
Result<PassReport> reconcile(World& world, const model::Policy& policy);

/// What a pass came to: `result` and `unverified`, from the rest of the report. `second` is the plan of the second
/// look, nothing when there was none. Requires: the plan in `report`, and `second`, outlive the result.
void conclude(PassReport& report, const model::Plan* second, model::RuleSet rules);

}  // namespace trueup::engine
