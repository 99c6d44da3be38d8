#include "cli/exit_status.h"

namespace trueup::cli {

int exit_status(const Outcome& outcome) {
  if (outcome.wrong_usage) return kExitUsage;
  if (outcome.another_works) return kExitBusy;
  if (outcome.failed) return kExitFailed;
  if (outcome.source_unreadable) return kExitUnreadable;
  if (outcome.person_needed) return kExitPerson;
  if (outcome.fixable) return kExitFixable;
  return kExitAgreement;
}

void weigh(const model::Inconsistency& finding, model::FixAction action, Outcome& outcome) {
  switch (action) {
    case model::FixAction::auto_fix: outcome.fixable = true; break;
    case model::FixAction::manual_fix_required:
      (finding.inconsistency_type == model::InconsistencyType::source_unreadable ? outcome.source_unreadable
                                                                                 : outcome.person_needed) = true;
      break;
    case model::FixAction::no_action: break;
  }
}

Outcome outcome_of(const std::vector<model::Inconsistency>& findings) {
  Outcome outcome;
  for (const model::Inconsistency& finding : findings) weigh(finding, finding.fix_action, outcome);
  return outcome;
}

Outcome outcome_of(const Error& error) { return {.another_works = error.code == ErrorCode::busy, .failed = true}; }

}  // namespace trueup::cli
