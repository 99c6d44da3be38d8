// What the renderers show, as values: they know these and nothing of how a verb came by them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/inconsistency.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::cli {

enum class PluginState : std::uint8_t { healthy, damaged, missing, linked, unknown };
std::string_view to_string(PluginState state);

/// Where the answer "is it enabled?" comes from.
enum class EnabledFrom : std::uint8_t { config, recorded, unstated, invalid };
std::string_view to_string(EnabledFrom from);

/// One line of `list`.
struct PluginRow {
  std::string id;
  std::string directory;  // empty when there is none
  std::string name;
  std::string version;
  bool enabled = false;
  EnabledFrom enabled_from = EnabledFrom::unstated;
  PluginState state = PluginState::unknown;
  std::vector<std::string> reasons;  // reason codes of its findings
  model::Tristate running = model::Tristate::unknown;
  bool operator==(const PluginRow&) const = default;
};

/// What status, plan and reconcile show. Requires: what it points to outlives it.
struct PassView {
  const model::Observation* observation = nullptr;
  const model::Plan* plan = nullptr;
  model::RuleSet rules = model::RuleSet::safe;
  model::ReconciliationResult result;   // for status and plan: nothing fixed
  bool reconciled = false;              // a pass was made; false: it was only looked at
  std::vector<std::string> notes = {};  // said aloud: degraded modes, what recovery did, ledger rebuilt
  std::vector<PluginRow> plugins = {};  // what `status` counts
};

/// `result` for a pass that only looked.
model::ReconciliationResult result_of_looking(const model::Plan& plan);

/// One link of the chain from "somebody wants it" to "it runs".
struct Link {
  std::string link;  // wanted, installed, intact, configured, running
  model::Tristate ok = model::Tristate::unknown;
  std::vector<model::Evidence> evidence;
  std::string mend;  // the command or deed that mends it; empty when nothing is to be mended
  bool operator==(const Link&) const = default;
};

struct Explanation {
  std::string plugin_id;
  std::string asked_for;  // the name that was given, when it is another
  std::vector<Link> chain;
  std::vector<model::Inconsistency> findings;  // everything that is said of the plugin
  bool operator==(const Explanation&) const = default;
};

/// One line of `history`.
struct HistoryRow {
  std::int64_t n = 0;
  std::int64_t at = 0;  // seconds since 1970, wall clock: shown, never compared
  std::string verb;
  std::string plugin_id;
  std::string reason;
  std::string result;
  std::optional<std::int64_t> undone_by;
  bool operator==(const HistoryRow&) const = default;
};

/// One thing that `doctor` looked at.
struct Check {
  enum class Verdict : std::uint8_t { good, note, warning, bad };
  std::string name;  // "config", "lock", "free space", …
  Verdict verdict = Verdict::good;
  std::string says;
  std::string advice;
  bool operator==(const Check&) const = default;
};
std::string_view to_string(Check::Verdict verdict);

struct DoctorReport {
  std::string root;
  std::vector<Check> checks;
  bool operator==(const DoctorReport&) const = default;
};

/// What a verb that changes one thing came to: enable, disable, install, uninstall, restore, undo.
struct ChangeReport {
  std::string verb;
  std::string plugin_id;  // or the file concerned
  bool changed = false;
  std::string says;                  // one sentence: what was done, or why nothing was
  std::vector<std::string> details;  // what was kept, where; what was not touched
  std::optional<std::int64_t> n;     // its number in history
  bool operator==(const ChangeReport&) const = default;
};

}  // namespace trueup::cli
