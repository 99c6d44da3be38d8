// plugin_modified: files of a plugin are not as trueup unpacked them. That is the owner's edit, or another program's:
// nothing is ever put back by itself, for nobody but a person can tell whether the change was meant (promise 3).
#include <fmt/core.h>

#include "planner/aside_choice.h"
#include "planner/file_names.h"
#include "planner/origin.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Source;

bool can_be_put_back(const Situation& plugin) {
  return !model::is_given(plugin.matching_receipt()->origin) && plugin.entry_is_evidence() &&
         plugin.match != EntryMatch::other_id && plugin.entry->latest_version == plugin.directory()->version;
}

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr || plugin->matching_receipt() == nullptr) return {};
  std::vector<model::Option> options{{{"keep", "changes nothing: your files stay, and no more is said about them"},
                                      model::LeaveAsItIs{finding.finding}}};
  if (saved_source_of(context, *plugin).empty() && can_be_put_back(*plugin)) {
    options.push_back(
        {{"reinstall", fmt::format("puts the files of {} {} from {} back as they were; the changed ones are kept and "
                                   "`trueup undo` brings them back",
                                   plugin->id, plugin->directory()->version, context.observation.registry.origin)},
         model::ReinstallAsShipped{std::string(plugin->id), plugin->directory()->version}});
  }
  return options;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.directories.size() != 1 || plugin.reserved || plugin.tombstoned) return;
  const model::PluginDirectory& directory = *plugin.directory();
  if (plugin.matching_receipt() == nullptr || directory.modified_files.empty()) return;
  if (comes_back_from_aside(context, plugin)) return;
  auto found = finding(
      InconsistencyType::plugin_modified, plugin.id, "files_changed",
      fmt::format("Plugin {} was changed since it was installed: {}", plugin.id, some_names(directory.modified_files)));
  found.current_state = {{"files_changed", std::to_string(directory.modified_files.size())}};
  found.expected_state = {{"files_changed", "0"}};
  found.evidence = {{path_of(context, directory) + "/.trueup-receipt.json",
                     fmt::format("says what trueup installed as {}", directory.version)}};
  if (!directory.modified_content.empty()) {  // whoever ignored one change did not ignore the next
    found.evidence.push_back(
        {path_of(context, directory), "what was changed holds " + directory.modified_content + " now"});
  }
  for (const std::string& file : directory.modified_files) {
    if (found.evidence.size() > kMostNames) break;
    found.evidence.push_back({path_of(context, directory) + "/" + file, "is not as it was installed"});
  }
  out.push_back(for_a_person(std::move(found),
                             "nothing was changed: if that was you, keep it; an update carries your change over"));
}

}  // namespace

const Rule kModified{
    .type = InconsistencyType::plugin_modified,
    .says = "Files of a plugin are not as trueup installed them: somebody's edit, which only a person can judge.",
    .needs = {Source::disk, Source::tombstones},
    .each = check,
    .options = options};

}  // namespace trueup::planner
