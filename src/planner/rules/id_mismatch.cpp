// plugin_id_mismatch: the directory is not named like the plugin's id (information: the manifest's id counts), or two
// directories claim one id (a person: which of them LEDMatrix loads is a matter of luck; failures F06, F84).
#include <fmt/core.h>

#include "base/shell_word.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::ManifestVerdict;

void check_name(const Context& context, const Situation& plugin, Output& out) {
  const model::PluginDirectory& directory = *plugin.directory();
  if (directory.name == plugin.id) return;
  auto found = finding(InconsistencyType::plugin_id_mismatch, plugin.id, "directory_named_otherwise",
                       fmt::format("Plugin {} lies in a directory named {}", plugin.id, directory.name));
  found.current_state = {{"directory", json_text(directory.name)}};
  found.expected_state = {{"directory", json_text(plugin.id)}};
  found.evidence = {{path_of(context, directory), fmt::format("its manifest says that it is {}", plugin.id)}};
  out.push_back(left_alone(std::move(found), "the manifest's id counts; nothing needs to be done"));
}

void check_claims(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.directories.size() < 2) return;
  std::string others;
  std::string_view other;  // the first of them
  auto found = finding(InconsistencyType::plugin_id_mismatch, plugin.id, "claimed_twice", "");
  found.finding = model::finding_id(found.inconsistency_type, plugin.id, "claims");
  std::size_t claims = 0;
  for (const model::PluginDirectory* directory : plugin.directories) {
    if (directory->manifest != ManifestVerdict::good) continue;
    ++claims;
    found.evidence.push_back(
        {path_of(context, *directory), fmt::format("says that it is {} {}", plugin.id, directory->version)});
    if (directory == plugin.directories.front()) continue;
    if (others.empty()) other = directory->name;
    others += others.empty() ? "" : ", ";
    others += directory->name;
  }
  if (claims < 2) return;
  found.description = fmt::format("Plugin {} is claimed by {} directories: {} and {}", plugin.id, claims,
                                  plugin.directory()->name, others);
  out.push_back(for_a_person(std::move(found),
                             fmt::format("trueup takes {}; `trueup uninstall --dir {}` removes the other (it is kept)",
                                         plugin.directory()->name, shell_word(other))));
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (finding.reason != "claimed_twice" || plugin == nullptr) return {};
  std::vector<std::string> names;
  for (const model::PluginDirectory* directory : plugin->directories) {
    if (directory->manifest == ManifestVerdict::good) names.push_back(directory->name);
  }
  std::vector<model::Option> options;
  for (const std::string& stays : names) {
    model::RemoveDirectories others;
    std::string goes;
    for (const std::string& name : names) {
      if (name == stays) continue;
      goes += fmt::format("{}{}", goes.empty() ? "" : ", ", name);
      others.names.push_back(name);
    }
    options.push_back({{"keep-" + stays, fmt::format("takes {} out of {}; it is kept and `trueup undo` brings it back",
                                                     goes, context.observation.disk.path)},
                       std::move(others)});
  }
  return options;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.tombstoned) return;
  check_name(context, plugin, out);
  check_claims(context, plugin, out);
}

}  // namespace

const Rule kIdMismatch{
    .type = InconsistencyType::plugin_id_mismatch,
    .says = "A directory is not named like the plugin's id (information), or two directories claim one id (a person).",
    .needs = {model::Source::disk},
    .each = check,
    .options = options};

}  // namespace trueup::planner
