// What `list` and `explain` tell: every plugin with its state, and for one of them the chain from wish to display.
// Pure functions of what was observed and what was found; they decide nothing anew.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/observation.h"
#include "model/step.h"

namespace trueup::planner {

enum class PluginState : std::uint8_t { healthy, damaged, missing, linked, unknown };

std::string_view to_string(PluginState state);

struct RosterEntry {
  std::string id;
  std::string directory;  // empty when nothing is there
  std::string name;
  std::string version;
  bool enabled = false;
  std::string enabled_from;  // "config", "record", "unstated", "invalid"
  PluginState state = PluginState::unknown;
  std::vector<std::string> reasons;  // why it is not simply healthy: one sentence each
  std::vector<std::string> display_modes;
  model::Tristate running = model::Tristate::unknown;
  bool operator==(const RosterEntry&) const = default;
};

/// The plugins that are installed, damaged, or wanted and missing; sorted by id. What the owner removed is not listed.
/// `plan` is the safe plan of the same observation.
std::vector<RosterEntry> make_roster(const model::Observation& observation, const model::Plan& plan);

/// One link of the chain wanted -> installed -> intact -> configured -> running.
struct ChainLink {
  std::string link;
  bool ok = false;
  bool known = true;  // false: nothing tells; `ok` means nothing then
  std::string sentence;
  std::vector<model::Evidence> evidence;
  std::string mend;  // the command that mends it, or empty
  bool operator==(const ChainLink&) const = default;
};

/// A display mode of a plugin, and the other plugins that provide it too.
struct ExplainedMode {
  std::string mode;
  std::vector<std::string> also_by;
  bool operator==(const ExplainedMode&) const = default;
};

struct Explanation {
  std::string id;                              // the plugin's own id, whatever name was asked for
  bool asked_by_mode = false;                  // the name is no plugin's but that of a display mode
  std::vector<ExplainedMode> display_modes;    // of an installed plugin
  std::vector<ChainLink> chain;                // up to and including the first broken link
  std::vector<model::Inconsistency> findings;  // everything found about it
  bool operator==(const Explanation&) const = default;
};

/// `name` is a plugin's id or other name, else a display mode, which stands for the plugin that provides it: one that
/// is on before one that is off. Nothing when no source knows the name; `near_names` then helps.
std::optional<Explanation> explain(const model::Observation& observation, const model::Plan& plan,
                                   std::string_view name);

/// Known ids that a mistyped `name` may have meant, best first, at most three. Never acted on by themselves (F85).
std::vector<std::string> near_names(const model::Observation& observation, std::string_view name);

struct UnknownName {
  std::string says;
  std::string hint;  // what to do, or which name may have been meant
  bool operator==(const UnknownName&) const = default;
};

/// What is to be said of a name that no plugin here has: the registry may list it, or refuse to.
UnknownName about_unknown(const model::Observation& observation, std::string_view name);

}  // namespace trueup::planner
