// plugin_renamed: settings stand under another name of an installed plugin: its directory's name, or the registry's
// short name. They do nothing there. Moving them is a person's decision (failure F88: never merged by a guess).
#include <fmt/core.h>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.installed_as.empty() || plugin.section == nullptr || plugin.reserved) return;
  const Situation* installed = context.situations.find(plugin.installed_as);
  if (installed == nullptr || !installed->installed() || installed->tombstoned) return;
  auto found = finding(
      InconsistencyType::plugin_renamed, plugin.id,
      installed->section == nullptr ? "settings_under_other_name" : "settings_under_both_names",
      fmt::format("Settings stand under {}, but the plugin is installed as {}", plugin.id, plugin.installed_as));
  found.current_state = {{"section", json_text(plugin.id)}};
  found.expected_state = {{"section", json_text(plugin.installed_as)}};
  found.evidence = {
      {path_of(context, Source::config), fmt::format("has a section `{}`", plugin.id)},
      {path_of(context, *installed->directory()), fmt::format("says that it is {}", plugin.installed_as)}};
  out.push_back(for_a_person(
      std::move(found), fmt::format("LEDMatrix reads `{}` only: move the settings there by hand, nothing was changed",
                                    plugin.installed_as)));
}

}  // namespace

const Rule kRenamed{
    .type = InconsistencyType::plugin_renamed,
    .says = "Settings stand under another name of an installed plugin: a person decides whether they move.",
    .needs = {Source::config, Source::disk},
    .each = check};

}  // namespace trueup::planner
