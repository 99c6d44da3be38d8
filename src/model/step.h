// A plan: an ordered list of steps, each with the facts it rests on, so that it can be refused when they moved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "model/document.h"
#include "model/finding_list.h"
#include "model/inconsistency.h"
#include "model/observation.h"

namespace trueup::model {

/// One value of one document, changed only if it is still what the decision rested on; or, with `new_key`, its key
/// alone: the value and its place in the file stay.
struct DocumentEdit {
  DocumentName document = DocumentName::config;
  std::vector<std::string> path;        // object keys from the top; numbers of elements in lists
  std::optional<std::string> expected;  // the value then, as JSON text; nothing: the key was not there
  std::optional<std::string> value;     // the value to write, as JSON text; nothing: remove the key
  // The key's new name, which must be free. `expected` is then the value in it, or nothing: any; `value` is nothing.
  Boxed<std::string> new_key = {};
  bool operator==(const DocumentEdit&) const = default;
};

/// A state file that could not be read, made again from what the other sources know. Its bytes are kept.
struct StateRebuild {
  struct Entry {
    std::string key;
    std::string record;  // the whole entry, JSON text
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;
  bool operator==(const StateRebuild&) const = default;
};

/// A plugin to fetch from the registry. `wanted_id` is the id that the fetched manifest must state, unless
/// `accept_any_id` (the original's rule set takes what comes).
struct InstallOrder {
  std::string wanted_id;
  std::vector<std::string> candidates;  // registry ids to try, in this order
  bool accept_any_id = false;
  std::string version = {};    // exactly this one; empty: whatever the registry offers
  std::string directory = {};  // what it takes the place of; empty: nothing may stand under its name
  bool operator==(const InstallOrder&) const = default;
};

/// A copy of a plugin that was set aside takes its place again.
struct AsideOrder {
  std::string aside;      // its name in the plugins directory
  std::string directory;  // the name it gets there
  bool replaces = false;  // what stands under that name, which is kept
  bool operator==(const AsideOrder&) const = default;
};

/// What the owner uploaded for a plugin, `assets/plugins/<from>`, under another id.
struct UploadsMove {
  std::string from;
  std::string to;
  bool operator==(const UploadsMove&) const = default;
};

enum class StepAction : std::uint8_t {
  add_section,           // config.json: a section that is missing
  set_enabled,           // config.json (and secrets): `enabled`
  set_recorded,          // plugin_state.json: what is recorded follows what is
  rebuild_record,        // plugin_state.json: one damaged entry made again
  remove_record,         // plugin_state.json: an entry that nothing stands behind
  rebuild_state,         // plugin_state.json: the whole file made again
  rename_plugin,         // settings, secrets, references, uploads and record go to the plugin's new id
  install_plugin,        // fetch a missing plugin
  repair_files,          // a plugin's directory: what is missing from it is fetched at the same version
  take_aside_in,         // a plugin's directory: the copy that an interrupted install set aside takes its place again
  install_requirements,  // the Python packages that a plugin lacks: pip is run
  restart_display,       // LEDMatrix's display process: it loads what is there now
  finish_interrupted,    // finish or take back what an earlier trueup began
};

std::string_view to_string(StepAction action);

struct Step {
  StepAction action = StepAction::add_section;
  std::string plugin_id;
  std::string reason;   // the reason code of the finding
  std::string finding;  // the finding it mends
  std::string summary;  // one sentence: what will be done to which file
  std::vector<DocumentEdit> edits;
  Boxed<StateRebuild> rebuild;
  Boxed<InstallOrder> install;
  Boxed<AsideOrder> aside;
  Boxed<UploadsMove> uploads;
  bool disruptive = false;  // replaces or removes a plugin's bytes or settings, or stops what runs
  std::string held;         // why it is not done now (a reason code), empty when it is to be done
  bool operator==(const Step&) const = default;
};

struct Plan {
  std::vector<Inconsistency> findings;  // sorted by plugin id, then type
  std::vector<Step> steps;              // in the order in which they are done
  std::string digest;                   // plan_digest of findings and steps
  bool operator==(const Plan&) const = default;
};

/// A digest of what the plan decides and rests on: equal plans, equal digests; no clock in it.
std::string plan_digest(const Plan& plan);

enum class RuleSet : std::uint8_t { safe, ledmatrix };

std::string_view to_string(RuleSet rules);

/// Whether trueup may restart the display by itself, `restart_display` of its settings.
enum class RestartDisplay : std::uint8_t { never, ask, quiet_hours, always };

std::string_view to_string(RestartDisplay policy);  // "quiet-hours"

/// Whether trueup may run pip for what a plugin lacks, `python_requirements` of its settings.
enum class PythonRequirements : std::uint8_t { tell, install };

std::string_view to_string(PythonRequirements policy);

/// What the person, and not the installation, says about a pass.
struct Policy {
  RuleSet rules = RuleSet::safe;
  std::vector<std::string> only;  // ids asked for by name: only these, and holds and back-off do not count for them
  std::string confirmed_digest;   // `reconcile --confirm DIGEST`
  bool retry = false;             // forget refused attempts
  RestartDisplay restart_display = RestartDisplay::ask;
  bool quiet_now = false;  // the quiet hours have begun
  PythonRequirements python_requirements = PythonRequirements::tell;
  [[nodiscard]] bool may_restart_display() const {
    return restart_display == RestartDisplay::always || (restart_display == RestartDisplay::quiet_hours && quiet_now);
  }
  bool operator==(const Policy&) const = default;
};

/// What a pass came to. *Fixed* means measured gone. The findings stand in the plans that it was made of.
struct ReconciliationResult {
  FindingList inconsistencies_found;
  FindingList inconsistencies_fixed;
  FindingList inconsistencies_manual;
  bool reconciliation_successful = false;  // nothing manual is left and no error ended the pass
  std::string message;
  bool operator==(const ReconciliationResult&) const = default;
};

}  // namespace trueup::model
