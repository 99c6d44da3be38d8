// plugin_manifest_invalid: a name stands in the plugins directory and no usable plugin stands behind it. Damaged, never
// absent: it is never replaced from the store by itself (failures F07, F08, F76).
#include <fmt/core.h>

#include "base/shell_word.h"
#include "planner/aside_choice.h"
#include "planner/choice_text.h"
#include "planner/fit.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::EntryKind;
using model::InconsistencyType;
using model::ManifestVerdict;

std::string_view reason_of(const model::PluginDirectory& directory) {
  switch (directory.kind) {
    case EntryKind::dangling_link: return "dangling_link";
    case EntryKind::other: return "not_a_directory";
    case EntryKind::directory:
    case EntryKind::link: break;
  }
  switch (directory.manifest) {
    case ManifestVerdict::missing: return "manifest_missing";
    case ManifestVerdict::unreadable: return "manifest_unreadable";
    case ManifestVerdict::invalid:
    case ManifestVerdict::good: break;
  }
  return "manifest_unusable";
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr) return {};
  std::vector<model::Option> options;
  for (const model::PluginDirectory* directory : plugin->directories) {
    if (directory->manifest == ManifestVerdict::unreadable) continue;  // it may be whole: nothing takes its place
    const bool first = directory == plugin->directories.front();
    const std::string_view detail = first ? std::string_view() : std::string_view(directory->name);
    if (model::finding_id(finding.inconsistency_type, plugin->id, detail) != finding.finding) continue;
    if (first && directory->kind == EntryKind::directory && plugin->entry_is_evidence()) {
      options.push_back(
          {{"reinstall", fmt::format("puts {} {} from {} in the place of {}{}; what is there now is kept", plugin->id,
                                     plugin->entry->latest_version, context.observation.registry.origin,
                                     path_of(context, *directory), additions_of_install(context, plugin->id))},
           model::InstallByName{std::string(plugin->id)}});
    }
    if (directory->kind == EntryKind::other) continue;  // a plain file: nothing of ours touches it
    const bool is_noted = !plugin_gone_with(context.observation, context.situations, directory->name).empty();
    options.push_back(
        {{"remove",
          fmt::format(
              "takes {} out of {}{}; it is kept and `trueup undo` brings it back", directory->name,
              context.observation.disk.path,
              is_noted ? fmt::format(" and notes in {} that you removed the plugin, so that nothing fetches it again",
                                     path_of(context, model::Source::tombstones))
                       : "")},
         model::RemoveDirectories{{directory->name}}});
  }
  return options;
}

/// What the system does not give out may be whole (promise 1).
Found could_not_be_read(const model::PluginDirectory& directory, model::Inconsistency found) {
  found.description = fmt::format("Plugin {} could not be read: {}", found.plugin_id, directory.manifest_problem);
  found.current_state = {{"manifest", json_text("unreadable")}};
  return for_a_person(std::move(found),
                      "nothing was changed, and nobody knows whether it is whole: check its owner and mode, and the "
                      "disk, or run trueup as a user that may read it");
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (comes_back_from_aside(context, plugin)) return;  // plugin_install_interrupted speaks
  for (const model::PluginDirectory* directory : plugin.directories) {
    if (directory->manifest == ManifestVerdict::good) continue;
    const bool receipt_speaks = directory->receipt_proved && plugin.directories.size() == 1 && !plugin.tombstoned;
    if (receipt_speaks) continue;  // plugin_files_missing knows what it was
    auto found = finding(InconsistencyType::plugin_manifest_invalid, plugin.id, reason_of(*directory),
                         fmt::format("Plugin {} is damaged: {}", plugin.id, directory->manifest_problem));
    if (directory != plugin.directories.front()) {
      found.finding = model::finding_id(found.inconsistency_type, plugin.id, directory->name);
    }
    found.current_state = {{"manifest", json_text("unusable")}};
    found.expected_state = {{"manifest", json_text("usable")}};
    found.evidence = {{path_of(context, *directory), directory->manifest_problem,
                       path_of(context, *directory) + " " + model::without_numbers(directory->manifest_problem)}};
    if (plugin.tombstoned) {
      found.reason = "removed_by_owner";
      out.push_back(left_alone(std::move(found), "you removed this plugin; what is left of it was not touched"));
      continue;
    }
    if (directory->manifest == ManifestVerdict::unreadable) {
      out.push_back(could_not_be_read(*directory, std::move(found)));
      continue;
    }
    // `install` replaces a directory that stands for this very id, and nothing else.
    const bool can_be_replaced = directory->kind == EntryKind::directory && directory->name == plugin.id &&
                                 plugin.entry_is_evidence() && plugin.match != EntryMatch::other_id &&
                                 plugin.directories.size() == 1;
    // `uninstall` takes away directories and links.
    const std::string by_hand =
        directory->kind == EntryKind::other
            ? fmt::format("move {} away yourself", path_of(context, *directory))
            : fmt::format("correct it by hand, or `trueup uninstall --dir {}` takes it away (it is kept)",
                          shell_word(directory->name));
    const std::string mend =
        can_be_replaced
            ? advise_install(context.observation, plugin, "puts a new copy in its place and keeps this one", by_hand)
            : by_hand;
    out.push_back(for_a_person(std::move(found), fmt::format("nothing was changed; {}", mend)));
  }
}

}  // namespace

const Rule kManifestInvalid{
    .type = InconsistencyType::plugin_manifest_invalid,
    .says =
        "A name stands in the plugins directory and no usable plugin behind it: damaged, never absent, never "
        "replaced by itself.",
    .needs = {model::Source::disk},
    .each = check,
    .options = options};

}  // namespace trueup::planner
