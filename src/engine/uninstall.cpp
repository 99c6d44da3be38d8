#include "engine/uninstall.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "engine/bring_back.h"
#include "engine/choice.h"
#include "engine/look.h"
#include "engine/remove_directory.h"
#include "engine/remove_sections.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Observation;
using model::Source;
using planner::Situation;

/// Other names of the plugin, on evidence: its directory, and what the registry calls it.
std::vector<std::string> names_of(const Observation& observation, const planner::Situations& situations,
                                  const Situation& plugin) {
  std::vector<std::string> names{std::string(plugin.id)};
  const auto add = [&](const std::string& name) {
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    if (situations.resolve(name) != plugin.id) return;  // it is another plugin's
    names.push_back(name);
  };
  for (const model::PluginDirectory* directory : plugin.directories) add(directory->name);
  for (const model::RegistryEntry& entry : observation.registry.entries) {
    if (entry.directory != plugin.id && entry.id != plugin.id) continue;
    add(entry.id);
    add(entry.directory);
    for (const std::string& alias : entry.aliases) add(alias);
  }
  return names;
}

/// An older installation keeps plugins in `plugins/` too, where LEDMatrix's store also looks (failure F53).
Status check_other_directory(const platform::Directory& root, const Observation& observation,
                             const UninstallDecision& decision) {
  constexpr std::string_view kOldPlugins = "plugins";
  if (observation.disk.path == kOldPlugins) return ok();
  const std::string other = fmt::format("{}/{}", kOldPlugins, decision.directory);
  if (!root.info(other, platform::Links::refuse)) return ok();
  return Error{.code = ErrorCode::conflict,
               .message = fmt::format("there are two copies, {}/{} and {}: with one gone the other would take over, so "
                                      "nothing was removed",
                                      observation.disk.path, decision.directory, other),
               .where = decision.plugin_id,
               .hint = fmt::format("move {} away first", other)};
}

void remove_records(const Observation& observation, const planner::Situations& situations,
                    const UninstallDecision& decision, std::vector<DocumentEdit>& edits,
                    std::vector<std::string>& notes) {
  if (observation.web_process != model::Tristate::no) {
    notes.emplace_back(
        "LEDMatrix's web process is running and keeps its own record of the plugin until it is restarted");
    return;
  }
  for (const std::string& name : decision.names) {
    const Situation* known = situations.find(name);
    if (known == nullptr || known->record == nullptr) continue;
    edits.push_back({.document = DocumentName::state, .path = {"states", name}, .expected = known->record->text});
  }
}

Deed deed_of(const Situation& plugin, const UninstallDecision& decision) {
  Deed deed{.verb = "uninstall",
            .plugin_id = decision.plugin_id,
            .reason = "asked_by_owner",
            .result = fmt::format("removed {}", decision.plugin_id),
            .effects = LedgerEffects{.receipts_removed = {decision.directory}, .tombstones_put = {decision.plugin_id}},
            .effects_of_undoing = LedgerEffects{.tombstones_removed = {decision.plugin_id}}};
  if (plugin.past_receipt != nullptr) deed.effects_of_undoing.made().receipts_put = {*plugin.past_receipt};
  return deed;
}

}  // namespace

Result<UninstallDecision> decide_uninstall(const Observation& observation, const std::string& name, Settings settings) {
  RETURN_IF_ERROR(check_plugin_name(name));
  model::SourceSet needs{Source::config, Source::disk, Source::tombstones};
  if (settings == Settings::remove) needs.insert(Source::secrets);
  // A damaged state file holds up no removal: it is made again. One that cannot be read now would keep its record.
  if (observation.reading(Source::state).reason != "syntax") needs.insert(Source::state);
  RETURN_IF_ERROR(require_known(observation, needs, "uninstall"));
  const planner::Situations situations(observation);
  ASSIGN_OR_RETURN(const Situation* plugin, chosen_plugin(observation, situations, name));
  if (plugin->directories.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "nothing of that name is installed, so nothing was removed or recorded",
                 .where = name,
                 .hint = plugin->tombstoned
                             ? fmt::format("`trueup config purge {}` removes the settings that it left", plugin->id)
                             : fmt::format("`trueup disable {}` switches off what config.json asks for", plugin->id)};
  }
  if (plugin->directories.size() > 1) {
    return Error{
        .code = ErrorCode::conflict,
        .message = fmt::format("both {} and {} are this plugin, so nothing was removed", plugin->directories[0]->name,
                               plugin->directories[1]->name),
        .where = name,
        .hint = fmt::format("say which one: `trueup uninstall --dir {}` or `trueup uninstall --dir {}`",
                            shell_word(plugin->directories[0]->name), shell_word(plugin->directories[1]->name))};
  }
  return UninstallDecision{.plugin_id = std::string(plugin->id),
                           .directory = plugin->directory()->name,
                           .names = names_of(observation, situations, *plugin)};
}

Result<UninstallReport> uninstall(World& world, const std::string& name, Settings settings) {
  // Looked at before the lock is taken, too: a name that is refused leaves no trace of trueup behind.
  ASSIGN_OR_RETURN(const SettledLook first, look_when_whole(world, "uninstall", name));
  if (auto possible = decide_uninstall(first.seen.observation, name, settings); !possible) {
    return first.refusal(std::move(possible).error());
  }

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "uninstall"));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(const UninstallDecision decision, decide_uninstall(seen.observation, name, settings));
  RETURN_IF_ERROR(check_other_directory(session->site().root(), seen.observation, decision));
  const planner::Situations situations(seen.observation);
  const Situation& plugin = *situations.find(decision.plugin_id);
  UninstallReport report{
      .plugin_id = decision.plugin_id, .directory = decision.directory, .kept_config = settings == Settings::keep};
  report.notes = first.notes;

  ASSIGN_OR_RETURN(const auto number, session->next_number());
  UndertakingBuilder builder(number);
  builder.begin_deed(deed_of(plugin, decision));
  std::vector<DocumentEdit> tombstone;
  if (!plugin.tombstoned) {
    tombstone.push_back({.document = DocumentName::tombstones, .path = {decision.plugin_id}, .value = "true"});
  }
  builder.add(tombstone);
  ASSIGN_OR_RETURN(auto* plugins, session->site().plugins());
  ASSIGN_OR_RETURN(Operation removal, removal_of(*plugins, decision.directory, decision.plugin_id));
  builder.add(std::move(removal));
  std::vector<DocumentEdit> edits;
  if (settings == Settings::remove) {
    RETURN_IF_ERROR(remove_sections(session->site().root(), world.clock, DocumentName::config, decision.names, edits));
    RETURN_IF_ERROR(remove_sections(session->site().root(), world.clock, DocumentName::secrets, decision.names, edits));
  }
  remove_records(seen.observation, situations, decision, edits, report.notes);
  builder.add(edits);
  builder.all_or_nothing();
  ASSIGN_OR_RETURN([[maybe_unused]] const TransactionReport done, session->run(builder.take(), builder.materials()));
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
