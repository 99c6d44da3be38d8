#include "engine/unattended.h"

#include <algorithm>
#include <set>
#include <utility>

namespace trueup::engine {

std::map<std::string, Settling::Beside> Settling::names_in(const model::Observation& seen) {
  std::map<std::string, Beside> names;
  for (const auto& section : seen.config.sections) names[section.key];
  for (const auto& record : seen.state) names[record.key];
  for (const auto& receipt : seen.ledger.receipts) names[receipt.directory];
  for (const auto& directory : seen.disk.directories) names[directory.name].directories.push_back(directory);
  for (const auto& aside : seen.disk.asides) names[aside.owner].asides.push_back(aside);
  return names;
}

void Unattended::hold(model::Plan& plan) const {
  if (fetching_waits.reason.empty()) return;
  std::set<std::string> waiting;
  for (const model::Step& step : plan.steps) {
    const bool heavy = step.install || step.action == model::StepAction::install_requirements;
    if (heavy && step.held.empty()) waiting.insert(step.finding);
  }
  if (waiting.empty()) return;
  std::erase_if(plan.steps, [&waiting](const model::Step& step) { return waiting.contains(step.finding); });
  for (model::Inconsistency& finding : plan.findings) {
    if (!waiting.contains(finding.finding)) continue;
    finding.fix_action = model::FixAction::no_action;
    finding.can_auto_fix = false;
    finding.reason = fetching_waits.reason;
    finding.advice = "held: " + fetching_waits.says;
  }
  plan.digest = model::plan_digest(plan);
}

void Settling::mark(model::Observation& seen, Time now) {
  const auto& disk = seen.reading(model::Source::disk);
  due_.reset();
  if (disk.verdict != model::Verdict::complete) return;
  auto names = names_in(seen);
  const bool first = !std::exchange(looked_, true);
  // What was there and is not; a name that nothing knows any more is forgotten once it has settled.
  std::erase_if(known_, [&names](const auto& one) {
    return !one.second.since && one.second.gone() && !names.contains(one.first);
  });
  for (const auto& [name, known] : known_) names[name];
  for (auto& [name, beside] : names) {
    const auto known = known_.find(name);
    if (known != known_.end() && known->second.beside == beside) continue;
    const bool absent_now = beside.empty();
    // A name that only config.json brought in a moment ago: its directory was not there before either.
    const bool new_name = known == known_.end() && !first;
    const bool whole = !beside.directories.empty() && beside.asides.empty() &&
                       beside.directories.front().manifest == model::ManifestVerdict::good;
    const bool quiet = first ? whole : new_name && absent_now;
    known_[name] = {std::move(beside), quiet ? std::nullopt : std::optional(now)};
  }
  for (auto& [name, known] : known_) {
    if (!known.since) continue;
    if (now - *known.since >= kQuiet) {
      known.since.reset();
      continue;
    }
    seen.disk.settling.push_back(name);
    due_ = std::max(due_.value_or(Time::min()), *known.since + kQuiet);
  }
}

}  // namespace trueup::engine
