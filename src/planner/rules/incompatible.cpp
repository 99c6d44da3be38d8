// plugin_incompatible: a plugin asks for a newer LEDMatrix than the one it is installed on, or names ranges of versions
// and this is in none of them. LEDMatrix loads it all the same and warns; a person updates one of the two, or switches
// the plugin off. `max_ledmatrix_version` is never read: real plugins state ones that LEDMatrix has long passed.
#include <fmt/core.h>

#include "base/shell_word.h"
#include "model/compatibility.h"
#include "planner/aside_choice.h"
#include "planner/choice_text.h"
#include "planner/file_names.h"
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
  options.push_back({{"keep", "changes nothing, and says no more about it until what it rests on changes"},
                     model::LeaveAsItIs{finding.finding}});
  return options;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned) return;
  const model::PluginDirectory& directory = *plugin.directory();
  const std::string& core = context.observation.core_version;
  const model::CoreFit fit = model::core_fit(directory.minimum_core, directory.core_ranges, core);
  if (fit == model::CoreFit::fits || comes_back_from_aside(context, plugin)) return;
  const bool floor = fit == model::CoreFit::needs_newer;
  const std::string wanted = floor ? directory.minimum_core + " or newer" : some_names(directory.core_ranges, " or ");
  auto found = finding(
      InconsistencyType::plugin_incompatible, plugin.id, model::reason_of(fit),
      fmt::format("Plugin {} {} LEDMatrix {}, and this is {}", plugin.id, floor ? "asks for" : "is for", wanted, core));
  found.current_state = {{"ledmatrix_version", json_text(core)}};
  found.expected_state = {{"ledmatrix_version", json_text(floor ? directory.minimum_core : wanted)}};
  found.evidence = {
      {path_of(context, directory), floor ? fmt::format("its manifest asks for {}", directory.minimum_core)
                                          : fmt::format("its manifest's compatible_versions are {}", wanted)},
      {"src/__init__.py", fmt::format("says that LEDMatrix is {}", core)}};
  if (!enabled_of(plugin).enabled) {
    const std::string_view before =
        floor ? "update LEDMatrix before it is used" : "look for another version of it first";
    out.push_back(left_alone(std::move(found), fmt::format("it is off, so nothing goes wrong; {}", before)));
  } else if (floor) {
    out.push_back(for_a_person(std::move(found), "update LEDMatrix, or switch the plugin off until you do"));
  } else {
    out.push_back(for_a_person(std::move(found), fmt::format("`trueup update {}` where there is a version for this "
                                                             "LEDMatrix, or switch the plugin off",
                                                             shell_word(plugin.id))));
  }
}

}  // namespace

const Rule kIncompatible{
    .type = InconsistencyType::plugin_incompatible,
    .says =
        "A plugin that is on asks for a newer LEDMatrix than the one that is there, or none of the ranges that it "
        "names "
        "has that one in it: a person decides. A version that nobody states, a range that cannot be read, and "
        "`max_ledmatrix_version` are no finding.",
    .needs = {Source::config, Source::disk, Source::state, Source::tombstones},
    .each = check,
    .options = options};

}  // namespace trueup::planner
