#include "model/step.h"

#include "base/digest.h"

namespace trueup::model {

std::string_view to_string(StepAction action) {
  switch (action) {
    case StepAction::add_section: return "add_section";
    case StepAction::set_enabled: return "set_enabled";
    case StepAction::set_recorded: return "set_recorded";
    case StepAction::rebuild_record: return "rebuild_record";
    case StepAction::remove_record: return "remove_record";
    case StepAction::rebuild_state: return "rebuild_state";
    case StepAction::rename_plugin: return "rename_plugin";
    case StepAction::install_plugin: return "install_plugin";
    case StepAction::repair_files: return "repair_files";
    case StepAction::take_aside_in: return "take_aside_in";
    case StepAction::install_requirements: return "install_requirements";
    case StepAction::restart_display: return "restart_display";
    case StepAction::finish_interrupted: return "finish_interrupted";
  }
  return "unknown";
}

std::string_view to_string(RestartDisplay policy) {
  switch (policy) {
    case RestartDisplay::never: return "never";
    case RestartDisplay::ask: return "ask";
    case RestartDisplay::quiet_hours: return "quiet-hours";
    case RestartDisplay::always: return "always";
  }
  return "";
}

std::string_view to_string(PythonRequirements policy) {
  switch (policy) {
    case PythonRequirements::tell: return "tell";
    case PythonRequirements::install: return "install";
  }
  return "";
}

std::string_view to_string(RuleSet rules) {
  switch (rules) {
    case RuleSet::safe: return "safe";
    case RuleSet::ledmatrix: return "ledmatrix";
  }
  return "unknown";
}

namespace {

// Every text is preceded by its length, so that no two different plans feed the hash the same bytes.
class Canonical {
 public:
  void text(std::string_view value) {
    buffer_ += std::to_string(value.size());
    buffer_ += ':';
    buffer_ += value;
    if (buffer_.size() > kChunk) flush();
  }
  void optional(const std::optional<std::string>& value) {
    text(value ? "some" : "none");
    if (value) text(*value);
  }
  std::string hex() {
    flush();
    return hash_.hex();
  }

 private:
  static constexpr std::size_t kChunk = 1U << 16U;
  void flush() {
    hash_.update(buffer_);
    buffer_.clear();
  }
  Sha256 hash_;
  std::string buffer_;
};

void add_step(Canonical& out, const Step& step) {
  out.text(to_string(step.action));
  out.text(step.plugin_id);
  out.text(step.reason);
  out.text(step.finding);
  // Not `held`: confirming a plan must not change the digest that was confirmed.
  for (const DocumentEdit& edit : step.edits) {
    out.text(to_string(edit.document));
    for (const std::string& key : edit.path) out.text(key);
    out.optional(edit.expected);
    out.optional(edit.value);
    if (edit.new_key) out.text(*edit.new_key);
  }
  if (step.rebuild) {
    for (const auto& entry : step.rebuild->entries) {
      out.text(entry.key);
      out.text(entry.record);
    }
  }
  if (step.install) {
    out.text(step.install->wanted_id);
    for (const std::string& candidate : step.install->candidates) out.text(candidate);
    out.text(step.install->version);
    out.text(step.install->directory);
  }
  if (step.aside) {
    out.text(step.aside->aside);
    out.text(step.aside->directory);
  }
  if (step.uploads) {
    out.text(step.uploads->from);
    out.text(step.uploads->to);
  }
}

}  // namespace

std::string plan_digest(const Plan& plan) {
  Canonical out;
  for (const Inconsistency& finding : plan.findings) {
    out.text(finding.finding);
    out.text(finding.reason);
    out.text(finding.description);
  }
  for (const Step& step : plan.steps) add_step(out, step);
  return out.hex();
}

}  // namespace trueup::model
