// What a pass came to, from what was found, what was done and what is still there.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "engine/reconcile.h"

namespace trueup::engine {
namespace {

using model::FixAction;
using model::Inconsistency;

bool has(const model::Plan& plan, const std::string& finding) {
  return std::ranges::find(plan.findings, finding, &Inconsistency::finding) != plan.findings.end();
}

/// Whether every step for a finding was done. Of what is gone nobody asks, so thousands of steps are gone through only
/// when somebody does.
class Mended {
 public:
  explicit Mended(const PassReport& report) : report_(report) {}

  [[nodiscard]] bool has(const Inconsistency& finding) {
    if (!done_) done_ = all_done();
    const auto step = done_->find(finding.finding);
    return step != done_->end() && step->second;
  }

 private:
  using Done = std::unordered_map<std::string_view, bool>;

  [[nodiscard]] Done all_done() const {
    Done all;
    all.reserve(report_.plan.steps.size());
    for (std::size_t i = 0; i < report_.plan.steps.size(); ++i) {
      const bool done = i < report_.steps.size() && report_.steps[i].kind == StepResult::Kind::done;
      const auto [step, is_first] = all.emplace(report_.plan.steps[i].finding, done);
      if (!is_first) step->second = step->second && done;
    }
    return all;
  }

  const PassReport& report_;
  std::optional<Done> done_;
};

/// What came up in this very pass.
void add_what_was_displaced_now(const model::Plan& before, const model::Plan& second,
                                model::ReconciliationResult& result) {
  for (const Inconsistency& finding : second.findings) {
    const bool displaced = finding.inconsistency_type == model::InconsistencyType::write_displaced;
    if (!displaced || has(before, finding.finding)) continue;
    result.inconsistencies_found.add(finding);
    result.inconsistencies_manual.add(finding);
  }
}

}  // namespace

void conclude(PassReport& report, const model::Plan* second, model::RuleSet rules) {
  Mended mended(report);
  std::unordered_set<std::string_view> still;
  if (second != nullptr) {
    for (const Inconsistency& finding : second->findings) still.insert(finding.finding);
  }
  report.unverified.clear();
  model::ReconciliationResult& result = report.result = {};
  result.inconsistencies_found.add_all(report.plan.findings);
  for (const Inconsistency& finding : report.plan.findings) {
    if (finding.fix_action == FixAction::no_action) continue;
    const bool mendable = finding.fix_action == FixAction::auto_fix;
    const bool gone = mendable && second != nullptr && !still.contains(finding.finding);
    // The original counts what it did; we count what is measured gone.
    const bool fixed = rules == model::RuleSet::ledmatrix ? mendable && mended.has(finding) : gone;
    (fixed ? result.inconsistencies_fixed : result.inconsistencies_manual).add(finding);
    if (mendable && !gone && mended.has(finding)) report.unverified.push_back(finding.finding);
  }
  if (second != nullptr) add_what_was_displaced_now(report.plan, *second, result);
  result.reconciliation_successful = result.inconsistencies_manual.empty() && !report.error;
  result.message =
      report.error ? fmt::format("Reconciliation failed: {}", report.error->text())
                   : fmt::format(
                         "Reconciliation complete: {} inconsistencies found, {} fixed automatically, {} require manual "
                         "attention",
                         result.inconsistencies_found.size(), result.inconsistencies_fixed.size(),
                         result.inconsistencies_manual.size());
}

}  // namespace trueup::engine
