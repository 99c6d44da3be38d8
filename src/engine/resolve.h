// `trueup resolve FINDING --choose NAME` and `trueup ignore FINDING`: what a person decides about a finding.
//
// A choice is another verb, or values of our files, done because the finding offers it; what it displaces is kept and
// undo takes it back. Ignoring changes no file: it is a note in the ledger that ends when the evidence changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::engine {

struct ResolveReport {
  model::Inconsistency finding;
  model::Choice choice;
  bool settled = false;  // a second look no longer finds it
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const ResolveReport&) const = default;
};

/// The finding of the safe plan that goes by that name now. Reads only; not_found names those of the same plugin.
Result<model::Inconsistency> find_finding(World& world, const std::string& name);

/// Error: not_found (no such finding now), invalid (it offers no such choice; the message lists those it does), or that
/// of the verb which the choice comes to. After an error nothing is changed.
Result<ResolveReport> resolve(World& world, const std::string& name, const std::string& choice);

struct IgnoreReport {
  model::Inconsistency finding;
  bool already = false;  // it was ignored before, on the same evidence and for the same time: nothing was written
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const IgnoreReport&) const = default;
};

/// Without `lasts`: until the evidence changes. Error: not_found, refused (what could not be read is never ignored, and
/// what nothing would be done about needs no ignoring), busy.
Result<IgnoreReport> ignore(World& world, const std::string& name, std::optional<std::chrono::seconds> lasts);

/// A hold that was given an end counts until then. A moment in the future is none: the clock was wrong (design: time).
bool is_over(const model::Hold& hold, std::chrono::system_clock::time_point now);

}  // namespace trueup::engine
