#include "cli/views.h"

#include <fmt/core.h>

namespace trueup::cli {

model::ReconciliationResult result_of_looking(const model::Plan& plan) {
  model::ReconciliationResult result;
  result.inconsistencies_found.add_all(plan.findings);
  std::size_t fixable = 0;
  for (const model::Inconsistency& finding : plan.findings) {
    if (finding.fix_action == model::FixAction::manual_fix_required) result.inconsistencies_manual.add(finding);
    if (finding.fix_action == model::FixAction::auto_fix) ++fixable;
  }
  result.reconciliation_successful = result.inconsistencies_manual.empty();
  result.message =
      fmt::format("Plan: {} inconsistencies found, {} can be fixed automatically, {} require manual attention",
                  plan.findings.size(), fixable, result.inconsistencies_manual.size());
  return result;
}

std::string_view to_string(Check::Verdict verdict) {
  switch (verdict) {
    case Check::Verdict::good: return "good";
    case Check::Verdict::note: return "note";
    case Check::Verdict::warning: return "warning";
    case Check::Verdict::bad: return "bad";
  }
  return "good";
}

}  // namespace trueup::cli
