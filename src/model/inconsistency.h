// What a pass finds, and what it means to do about it. The enum values are the original's vocabulary and appear
// verbatim in JSON (design section 2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/choice.h"

namespace trueup::model {

enum class InconsistencyType : std::uint8_t {
  plugin_missing_in_config,
  plugin_missing_on_disk,
  plugin_enabled_mismatch,
  plugin_version_mismatch,
  plugin_state_corrupted,
  source_unreadable,
  plugin_manifest_invalid,
  plugin_id_mismatch,
  plugin_renamed,
  plugin_files_missing,
  plugin_modified,
  plugin_incompatible,
  plugin_not_running,
  plugin_running_unexpectedly,
  plugin_running_stale,
  plugin_config_invalid,
  plugin_orphaned_state,
  plugin_install_interrupted,
  display_mode_conflict,
  write_displaced,
  edit_overwritten,
  unknown_config_section,
};

std::string_view to_string(InconsistencyType type);

enum class FixAction : std::uint8_t { auto_fix, manual_fix_required, no_action };

std::string_view to_string(FixAction action);

/// Named JSON values: name, and the value as JSON text. Order is meaning for a reader only.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// One fact a finding rests on: where it was read, and what it says.
struct Evidence {
  std::string where;  // path, relative to the root, or the name of a source
  std::string fact;   // one short sentence
  /// What of both counts for a hold, where they tell more than that: a line that moves, a version that the store
  /// offers, a count that rises. Empty: both.
  std::string lasting = {};
  bool operator==(const Evidence&) const = default;
};

struct Inconsistency {
  std::string plugin_id;  // the id, or the name of the source or section concerned
  InconsistencyType inconsistency_type = InconsistencyType::source_unreadable;
  std::string description;
  FixAction fix_action = FixAction::no_action;
  Fields current_state;
  Fields expected_state;
  bool can_auto_fix = false;

  std::string reason;  // the reason code (docs/rules.md lists them)
  std::string advice;  // what happens next, or what the owner can do: one sentence
  std::vector<Evidence> evidence;
  std::string finding;          // stable id: "<type>:<plugin_id>", with ":<detail>" where one pair has several
  std::vector<Choice> choices;  // of a finding that needs a person

  bool operator==(const Inconsistency&) const = default;
};

/// The stable id of a finding, and the digest of what it rests on (for holds: it changes when the evidence does).
std::string finding_id(InconsistencyType type, std::string_view plugin_id, std::string_view detail = {});
std::string evidence_digest(const Inconsistency& finding);

/// A text without its numbers: the same trouble in another line, or once more, is no news.
std::string without_numbers(std::string_view text);

}  // namespace trueup::model
