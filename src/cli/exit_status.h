// What the command tells the shell: one pure function for every verb (design section 6).
#pragma once

#include "base/result.h"
#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::cli {

inline constexpr int kExitAgreement = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitFixable = 2;
inline constexpr int kExitPerson = 3;
inline constexpr int kExitBusy = 4;
inline constexpr int kExitUnreadable = 5;
inline constexpr int kExitUsage = 64;

/// Everything that can weigh on the exit status of a verb.
struct Outcome {
  bool wrong_usage = false;
  bool another_works = false;      // another trueup holds the lock
  bool failed = false;             // the verb did not do what it is for
  bool source_unreadable = false;  // so nothing was decided on it
  bool person_needed = false;
  bool fixable = false;  // reconcile would mend something

  bool operator==(const Outcome&) const = default;
};

/// The first of 64, 4, 1, 5, 3, 2 that applies, else 0.
int exit_status(const Outcome& outcome);

/// Adds what a finding that stands now weighs when this is what is to be done about it. `no_action` never counts.
void weigh(const model::Inconsistency& finding, model::FixAction action, Outcome& outcome);
/// What findings that stand now weigh.
Outcome outcome_of(const std::vector<model::Inconsistency>& findings);

/// The same for an error that ended a verb.
Outcome outcome_of(const Error& error);

}  // namespace trueup::cli
