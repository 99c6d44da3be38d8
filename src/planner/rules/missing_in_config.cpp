// plugin_missing_in_config: a plugin is installed and config.json has no section for it.
// Mended by adding {"enabled": <the recorded choice, else false>}: never switched on by a guess (failures F25, F31).
#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::StepAction;

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (finding.reason != "reserved_name" || plugin == nullptr || plugin->directory() == nullptr) return {};
  const std::string& name = plugin->directory()->name;
  return {{{"remove", fmt::format("takes {} out of {}; it is kept and `trueup undo` brings it back", name,
                                  context.observation.disk.path)},
           model::RemoveDirectories{{name}}}};
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.section != nullptr) return;
  auto found = finding(InconsistencyType::plugin_missing_in_config, plugin.id, "no_section",
                       fmt::format("Plugin {} exists on disk but not in config", plugin.id));
  const bool enabled = enabled_of(plugin).enabled;
  found.current_state = {{"exists_in_config", "false"}};
  found.expected_state = {{"exists_in_config", "true"}, {"enabled", json_bool(enabled)}};
  found.evidence = {{path_of(context, *plugin.directory()), "the plugin is installed"},
                    {path_of(context, model::Source::config), "has no section of that name"}};

  if (plugin.reserved) {
    found.reason = "reserved_name";
    out.push_back(
        for_a_person(std::move(found), fmt::format("`{}` is one of LEDMatrix's own settings, so no plugin can "
                                                   "use it: rename the plugin's id, or remove it with "
                                                   "`trueup uninstall --dir {}`",
                                                   plugin.id, shell_word(plugin.directory()->name))));
    return;
  }
  if (plugin.tombstoned) {
    found.reason = "removed_by_owner";
    out.push_back(
        left_alone(std::move(found), fmt::format("you removed this plugin; `trueup install {}` takes it back, "
                                                 "`trueup uninstall {}` removes the directory again",
                                                 shell_word(plugin.id), shell_word(plugin.id))));
    return;
  }
  if (!plugin.settings_under.empty()) {
    const auto named = [&](const model::PluginDirectory* directory) {
      return directory->name == plugin.settings_under;
    };
    const bool by_directory = std::any_of(plugin.directories.begin(), plugin.directories.end(), named);
    found.reason = by_directory ? "settings_under_directory_name" : "settings_under_other_name";
    found.evidence.push_back({path_of(context, model::Source::config),
                              fmt::format("has a section `{}`, {}", plugin.settings_under,
                                          by_directory ? "the directory's name" : "another name of it")});
    out.push_back(left_alone(std::move(found), "see the finding about its settings"));
    return;
  }
  if (!plugin.followed_by.empty()) {
    found.reason = "settings_under_other_name";
    found.evidence.push_back(
        {path_of(context, *plugin.directory()),
         fmt::format("was {} before, and its secrets or its record stand under that name", plugin.followed_by)});
    out.push_back(left_alone(std::move(found), "see the finding about its settings"));
    return;
  }

  if (context.situations.may_follow_unseen() && plugin.has_no_choice()) {
    found.reason = "registry_unreadable";
    out.push_back(left_alone(std::move(found),
                             "pending: when the registry can be read, it may declare that a recorded plugin of "
                             "another name is this one"));
    return;
  }

  auto step = step_for(found, StepAction::add_section,
                       fmt::format("add \"{}\": {{\"enabled\": {}}} to {}", plugin.id, json_bool(enabled),
                                   path_of(context, model::Source::config)));
  step.edits = {{.document = model::DocumentName::config,
                 .path = {std::string(plugin.id)},
                 .value = fmt::format("{{\"enabled\": {}}}", json_bool(enabled))}};
  if (plugin.record != nullptr && plugin.record->enabled) {
    found.evidence.push_back(
        {path_of(context, model::Source::state), fmt::format("records that it is {}", enabled ? "on" : "off")});
  }
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

const Rule kMissingInConfig{
    .type = InconsistencyType::plugin_missing_in_config,
    .says =
        "A plugin is installed and config.json has no section for it: one is added, switched on only if that is "
        "what was last recorded.",
    .needs = {model::Source::config, model::Source::disk, model::Source::tombstones},
    .step_needs = {model::Source::state, model::Source::ledger},
    .each = check,
    .options = options};

}  // namespace trueup::planner
