#include "model/inconsistency.h"

#include "base/digest.h"

namespace trueup::model {

std::string_view to_string(InconsistencyType type) {
  switch (type) {
    case InconsistencyType::plugin_missing_in_config: return "plugin_missing_in_config";
    case InconsistencyType::plugin_missing_on_disk: return "plugin_missing_on_disk";
    case InconsistencyType::plugin_enabled_mismatch: return "plugin_enabled_mismatch";
    case InconsistencyType::plugin_version_mismatch: return "plugin_version_mismatch";
    case InconsistencyType::plugin_state_corrupted: return "plugin_state_corrupted";
    case InconsistencyType::source_unreadable: return "source_unreadable";
    case InconsistencyType::plugin_manifest_invalid: return "plugin_manifest_invalid";
    case InconsistencyType::plugin_id_mismatch: return "plugin_id_mismatch";
    case InconsistencyType::plugin_renamed: return "plugin_renamed";
    case InconsistencyType::plugin_files_missing: return "plugin_files_missing";
    case InconsistencyType::plugin_modified: return "plugin_modified";
    case InconsistencyType::plugin_incompatible: return "plugin_incompatible";
    case InconsistencyType::plugin_not_running: return "plugin_not_running";
    case InconsistencyType::plugin_running_unexpectedly: return "plugin_running_unexpectedly";
    case InconsistencyType::plugin_running_stale: return "plugin_running_stale";
    case InconsistencyType::plugin_config_invalid: return "plugin_config_invalid";
    case InconsistencyType::plugin_orphaned_state: return "plugin_orphaned_state";
    case InconsistencyType::plugin_install_interrupted: return "plugin_install_interrupted";
    case InconsistencyType::display_mode_conflict: return "display_mode_conflict";
    case InconsistencyType::write_displaced: return "write_displaced";
    case InconsistencyType::edit_overwritten: return "edit_overwritten";
    case InconsistencyType::unknown_config_section: return "unknown_config_section";
  }
  return "unknown";
}

std::string_view to_string(FixAction action) {
  switch (action) {
    case FixAction::auto_fix: return "auto_fix";
    case FixAction::manual_fix_required: return "manual_fix_required";
    case FixAction::no_action: return "no_action";
  }
  return "unknown";
}

std::string finding_id(InconsistencyType type, std::string_view plugin_id, std::string_view detail) {
  std::string id(to_string(type));
  id += ':';
  id += plugin_id;
  if (!detail.empty()) {
    id += ':';
    id += detail;
  }
  return id;
}

std::string evidence_digest(const Inconsistency& finding) {
  // Lengths before texts, so that no two different lists read the same.
  std::string all;
  const auto add = [&all](std::string_view text) {
    all += std::to_string(text.size());
    all += ':';
    all += text;
  };
  add(finding.finding);
  add(finding.reason);
  for (const auto& [name, value] : finding.current_state) {
    add(name);
    add(value);
  }
  for (const auto& [name, value] : finding.expected_state) {
    add(name);
    add(value);
  }
  for (const Evidence& evidence : finding.evidence) {
    if (!evidence.lasting.empty()) {
      add(evidence.lasting);
      continue;
    }
    add(evidence.where);
    add(evidence.fact);
  }
  return sha256_hex(all);
}

std::string without_numbers(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) out += c;
    if (digit && !out.ends_with('#')) out += '#';
  }
  return out;
}

}  // namespace trueup::model
