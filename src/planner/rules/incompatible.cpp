// plugin_incompatible: a plugin asks for a newer LEDMatrix than the one it is installed on. LEDMatrix loads it all the
// same and warns; a person updates LEDMatrix, or switches the plugin off. An upper bound is never read: real plugins
// state ones that LEDMatrix has long passed.
#include <fmt/core.h>

#include "model/compatibility.h"
#include "planner/aside_choice.h"
#include "planner/choice_text.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Source;

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr) return {};
  std::vector<model::Option> options;
  if (plugin->section != nullptr && plugin->section->is_object()) {
    options.push_back({{"off", switch_text(context, *plugin, false) + ": it is not started any more"},
                       model::SwitchPlugin{std::string(plugin->id), false}});
  }
  options.push_back({{"keep", "changes nothing, and says no more about it while both versions are the same"},
                     model::LeaveAsItIs{finding.finding}});
  return options;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned) return;
  const model::PluginDirectory& directory = *plugin.directory();
  const std::string& core = context.observation.core_version;
  if (!model::needs_newer_core(directory.minimum_core, core) || comes_back_from_aside(context, plugin)) return;
  auto found = finding(
      InconsistencyType::plugin_incompatible, plugin.id, "needs_newer_ledmatrix",
      fmt::format("Plugin {} asks for LEDMatrix {} or newer, and this is {}", plugin.id, directory.minimum_core, core));
  found.current_state = {{"ledmatrix_version", json_text(core)}};
  found.expected_state = {{"ledmatrix_version", json_text(directory.minimum_core)}};
  found.evidence = {{path_of(context, directory), fmt::format("its manifest asks for {}", directory.minimum_core)},
                    {"src/__init__.py", fmt::format("says that LEDMatrix is {}", core)}};
  if (enabled_of(plugin).enabled) {
    out.push_back(for_a_person(std::move(found), "update LEDMatrix, or switch the plugin off until you do"));
  } else {
    out.push_back(left_alone(std::move(found), "it is off, so nothing goes wrong; update LEDMatrix before it is used"));
  }
}

}  // namespace

const Rule kIncompatible{
    .type = InconsistencyType::plugin_incompatible,
    .says =
        "A plugin that is on asks for a newer LEDMatrix than the one that is there: a person decides. A version that "
        "nobody states, and an upper bound, are no finding.",
    .needs = {Source::config, Source::disk, Source::state, Source::tombstones},
    .each = check,
    .options = options};

}  // namespace trueup::planner
