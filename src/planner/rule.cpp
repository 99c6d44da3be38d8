#include "planner/rule.h"

#include "json/write.h"

namespace trueup::planner {

using model::FixAction;
using model::Inconsistency;
using model::Step;

const std::vector<Rule>& safe_rules() {
  static const std::vector<Rule> rules{kSourceUnreadable, kInstallInterrupted,  kStateCorrupted,
                                       kManifestInvalid,  kIdMismatch,          kRenamed,
                                       kConfigInvalid,    kMissingInConfig,     kMissingOnDisk,
                                       kEnabledMismatch,  kVersionMismatch,     kFilesMissing,
                                       kModified,         kIncompatible,        kRequirements,
                                       kOrphanedState,    kNotRunning,          kRunningUnexpectedly,
                                       kRunningStale,     kDisplayModeConflict, kUnknownSection};
  return rules;
}

Inconsistency finding(model::InconsistencyType type, std::string_view plugin_id, std::string_view reason,
                      std::string description) {
  Inconsistency out;
  out.plugin_id = plugin_id;
  out.inconsistency_type = type;
  out.description = std::move(description);
  out.reason = reason;
  out.finding = model::finding_id(type, plugin_id);
  return out;
}

Found mended_by(Inconsistency finding, std::vector<Step> steps) {
  finding.fix_action = FixAction::auto_fix;
  finding.can_auto_fix = true;
  if (finding.advice.empty()) finding.advice = "`trueup reconcile` mends it";
  return {std::move(finding), std::move(steps)};
}

Found mended_by(Inconsistency finding, Step step) {
  std::vector<Step> steps;  // a list in braces would copy it
  steps.push_back(std::move(step));
  return mended_by(std::move(finding), std::move(steps));
}

Found for_a_person(Inconsistency finding, std::string advice) {
  finding.fix_action = FixAction::manual_fix_required;
  finding.advice = std::move(advice);
  return {std::move(finding), {}};
}

Found left_alone(Inconsistency finding, std::string advice) {
  finding.fix_action = FixAction::no_action;
  finding.advice = std::move(advice);
  return {std::move(finding), {}};
}

Step step_for(const Inconsistency& finding, model::StepAction action, std::string summary) {
  Step step;
  step.action = action;
  step.plugin_id = finding.plugin_id;
  step.reason = finding.reason;
  step.finding = finding.finding;
  step.summary = std::move(summary);
  return step;
}

std::string path_of(const Context& context, model::Source source) { return context.observation.reading(source).path; }

std::string path_of(const Context& context, const model::PluginDirectory& directory) {
  return context.observation.disk.path + "/" + directory.name;
}

std::string json_bool(bool value) { return value ? "true" : "false"; }

std::string json_text(std::string_view text) { return json::quote(text); }

}  // namespace trueup::planner
