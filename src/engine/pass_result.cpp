// What a pass came to, from what was found, what was done and what is still there.
#include <fmt/core.h>

#include <string_view>
#include <unordered_set>

#include "engine/reconcile.h"

namespace trueup::engine {
namespace {

using model::FixAction;
using model::Inconsistency;

std::unordered_set<std::string_view> findings_of(const model::Plan* plan) {
  std::unordered_set<std::string_view> findings;
  if (plan == nullptr) return findings;
  for (const auto& finding : plan->findings) findings.insert(finding.finding);
  return findings;
}

/// Findings for which every step was done.
std::unordered_set<std::string_view> mended(const PassReport& report) {
  std::unordered_set<std::string_view> done;
  std::unordered_set<std::string_view> not_done;
  for (std::size_t i = 0; i < report.plan.steps.size(); ++i) {
    const bool is_done = i < report.steps.size() && report.steps[i].kind == StepResult::Kind::done;
    (is_done ? done : not_done).insert(report.plan.steps[i].finding);
  }
  for (const auto& finding : not_done) done.erase(finding);
  return done;
}

}  // namespace

std::vector<std::string> unverified_of(const PassReport& report, const model::Plan* second) {
  std::vector<std::string> unverified;
  const auto done = mended(report);
  const auto still = findings_of(second);
  for (const auto& finding : report.plan.findings) {
    if (finding.fix_action != FixAction::auto_fix || !done.contains(finding.finding)) continue;
    if (second == nullptr || still.contains(finding.finding)) unverified.push_back(finding.finding);
  }
  return unverified;
}

model::ReconciliationResult result_of(const PassReport& report, const model::Plan* second, model::RuleSet rules) {
  model::ReconciliationResult result;
  result.inconsistencies_found.add_all(report.plan.findings);
  const auto done = mended(report);
  const auto still = findings_of(second);
  for (const Inconsistency& finding : report.plan.findings) {
    if (finding.fix_action == FixAction::no_action) continue;
    bool fixed = finding.fix_action == FixAction::auto_fix;
    // The original counts what it did; we count what is measured gone.
    if (rules == model::RuleSet::ledmatrix) fixed = fixed && done.contains(finding.finding);
    if (rules == model::RuleSet::safe) fixed = fixed && second != nullptr && !still.contains(finding.finding);
    (fixed ? result.inconsistencies_fixed : result.inconsistencies_manual).add(finding);
  }
  if (second != nullptr) {
    const auto before = findings_of(&report.plan);
    for (const Inconsistency& finding : second->findings) {  // it came up in this very pass
      if (finding.inconsistency_type != model::InconsistencyType::write_displaced) continue;
      if (before.contains(finding.finding)) continue;
      result.inconsistencies_found.add(finding);
      result.inconsistencies_manual.add(finding);
    }
  }
  result.reconciliation_successful = result.inconsistencies_manual.empty() && !report.error;
  result.message =
      report.error ? fmt::format("Reconciliation failed: {}", report.error->text())
                   : fmt::format(
                         "Reconciliation complete: {} inconsistencies found, {} fixed automatically, {} require manual "
                         "attention",
                         result.inconsistencies_found.size(), result.inconsistencies_fixed.size(),
                         result.inconsistencies_manual.size());
  return result;
}

}  // namespace trueup::engine
