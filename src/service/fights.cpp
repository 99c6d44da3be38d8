#include "service/fights.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/unattended.h"
#include "engine/undertaking_builder.h"

namespace trueup::service {
namespace {

const model::Inconsistency* finding_of(const engine::PassReport& report, const std::string& name) {
  for (const auto& finding : report.plan.findings) {
    if (finding.finding == name) return &finding;
  }
  return nullptr;
}

std::string field_of(const model::Step& step) {
  std::string field;
  for (const auto& edit : step.edits) {
    if (!field.empty()) field += ", ";
    field += engine::file_name(edit.document) + ":";
    for (std::size_t i = 0; i < edit.path.size(); ++i) field += fmt::format("{}{}", i == 0 ? " " : ".", edit.path[i]);
  }
  return field;
}

std::string values_of(const model::Step& step) {
  std::string values;
  for (const auto& edit : step.edits) values += edit.value.value_or("-") + "\n";
  return values;
}

std::string sentence(const model::Step& step, const std::string& field, const model::Observation& seen) {
  const std::string_view who = seen.web_process == model::Tristate::yes
                                   ? "another program, most likely LEDMatrix's web interface, which runs,"
                                   : "another program";
  return fmt::format(
      "{} has undone the same repair {} times ({}); it is left alone until you decide: `trueup explain {}` tells what "
      "each side says, `trueup reconcile {}` makes it so once more",
      who, Fights::kRounds, field, step.plugin_id, step.plugin_id);
}

}  // namespace

std::vector<Fight> Fights::note(const engine::PassReport& report, Time now) {
  std::vector<Fight> begun;
  for (auto one = repairs_.begin(); one != repairs_.end();) {
    auto& times = one->second.times;
    std::erase_if(times, [now](Time at) { return now - at > kWithin; });
    one = times.empty() ? repairs_.erase(one) : std::next(one);
  }
  for (std::size_t i = 0; i < report.plan.steps.size() && i < report.steps.size(); ++i) {
    const model::Step& step = report.plan.steps[i];
    // Only a value that both write can be fought over.
    if (report.steps[i].kind != engine::StepResult::Kind::done || step.edits.empty()) continue;
    const auto* finding = finding_of(report, step.finding);
    if (finding == nullptr) continue;
    const std::string digest = model::evidence_digest(*finding);
    const std::string field = field_of(step);
    Repairs& repairs = repairs_[field];
    if (std::string what = values_of(step) + digest; repairs.what != what) repairs = {std::move(what), {}};
    repairs.times.push_back(now);
    if (repairs.times.size() < kRounds) continue;
    repairs_.erase(field);
    begun.push_back({.finding = step.finding,
                     .plugin_id = step.plugin_id,
                     .field = field,
                     .says = sentence(step, field, report.observation),
                     .evidence_digest = digest});
  }
  for (const Fight& fight : begun) {
    std::erase_if(fights_, [&fight](const Fight& old) { return old.finding == fight.finding; });
    fights_.push_back(fight);
  }
  return begun;
}

void Fights::settle(const std::string& plugin_id) {
  std::erase_if(fights_, [&plugin_id](const Fight& fight) { return fight.plugin_id == plugin_id; });
}

std::vector<model::Hold> Fights::holds() const {
  std::vector<model::Hold> holds;
  for (const Fight& fight : fights_) {
    holds.push_back({.finding = fight.finding,
                     .evidence_digest = fight.evidence_digest,
                     .reason = std::string(engine::kFoughtOver),
                     .set_at = 0,
                     .lasts_seconds = 0});
  }
  return holds;
}

}  // namespace trueup::service
