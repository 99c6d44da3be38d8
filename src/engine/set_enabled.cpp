#include "engine/set_enabled.h"

#include <fmt/core.h>

#include "base/shell_word.h"
#include "engine/bring_back.h"
#include "engine/choice.h"
#include "engine/live_document.h"
#include "engine/look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "json/write.h"
#include "sources/neighbour.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::EnabledSetting;
using model::Observation;
using model::Source;
using model::Winner;
using planner::Situation;

std::string json_bool(bool value) { return value ? "true" : "false"; }

void choose_in_config(const Situation& plugin, bool enabled, std::vector<DocumentEdit>& edits) {
  const std::string id(plugin.id);
  if (plugin.section == nullptr) {
    edits.push_back({.document = DocumentName::config,
                     .path = {id},
                     .value = fmt::format("{{\"enabled\": {}}}", json_bool(enabled))});
    return;
  }
  const EnabledSetting& now = plugin.section->enabled;
  if (now.choice() == enabled) return;
  edits.push_back({.document = DocumentName::config,
                   .path = {id, "enabled"},
                   .expected = now.kind == EnabledSetting::Kind::absent ? std::nullopt : std::optional(now.text),
                   .value = json_bool(enabled)});
}

void settle_secrets(const Observation& observation, const Situation& plugin, EnabledDecision& decision) {
  if (!observation.reading(Source::secrets).known()) {
    decision.notes.push_back(
        fmt::format("{} could not be read: if it states `enabled` for this plugin, LEDMatrix takes that",
                    observation.reading(Source::secrets).path));
    return;
  }
  if (plugin.secrets == nullptr || plugin.secrets->enabled.kind == EnabledSetting::Kind::absent) return;
  decision.edits.push_back({.document = DocumentName::secrets,
                            .path = {decision.plugin_id, "enabled"},
                            .expected = plugin.secrets->enabled.text});
  decision.notes.emplace_back(
      "`enabled` stood in the secrets file too, where it would have won: it was taken out there");
}

/// Only LEDMatrix itself can change what it keeps in memory.
std::string about_kept_record(const model::StateRecord& record, bool enabled, Winner winner) {
  constexpr std::string_view kKeeps = "LEDMatrix's web process is running and keeps its own record of the plugin";
  if (record.enabled == enabled || winner == Winner::config) return fmt::format("{}; config.json decides", kKeeps);
  const std::string_view said = enabled ? "off" : "on";
  if (winner == Winner::unknown) {
    return fmt::format(
        "{}, which says that it is {}: whether that or config.json counts when it starts next is not known", kKeeps,
        said);
  }
  return fmt::format(
      "{}, which says that it is {} and counts when it starts next: switch the plugin {} on LEDMatrix's own page, or "
      "stop that process (`sudo systemctl stop ledmatrix-web`) and do this once more",
      kKeeps, said, enabled ? "on" : "off");
}

void follow_in_record(const Observation& observation, const Situation& plugin, bool enabled, Winner winner,
                      EnabledDecision& decision) {
  const model::StateRecord* record = plugin.record;
  if (record == nullptr || !record->problem.empty()) return;
  if (observation.web_process != model::Tristate::no) {
    decision.notes.push_back(about_kept_record(*record, enabled, winner));
    return;
  }
  const auto change = [&](const char* key, std::string expected, std::string value) {
    if (expected == value) return;
    decision.edits.push_back({.document = DocumentName::state,
                              .path = {"states", decision.plugin_id, key},
                              .expected = std::move(expected),
                              .value = std::move(value)});
  };
  change("enabled", record->enabled_text, json_bool(enabled));
  change("status", json::quote(record->status), enabled ? "\"enabled\"" : "\"disabled\"");
}

std::string verb_of(bool enabled) { return enabled ? "enable" : "disable"; }

}  // namespace

Deed deed_of(const EnabledDecision& decision) {
  return {.verb = verb_of(decision.enabled),
          .plugin_id = decision.plugin_id,
          .reason = "asked_by_owner",
          .result = fmt::format("switched {} {}", decision.plugin_id, decision.enabled ? "on" : "off")};
}

Winner winner_beside(const World& world, const Observation& observation) {
  if (observation.web_process == model::Tristate::no) return Winner::unknown;
  const auto root = world.file_system.open_root_for_reading(world.root);
  return root ? sources::look_for_neighbour(**root).winner : Winner::unknown;
}

Result<EnabledDecision> decide_enabled(const Observation& observation, const std::string& name, bool enabled,
                                       Winner winner) {
  RETURN_IF_ERROR(check_plugin_name(name));
  RETURN_IF_ERROR(require_known(observation, {Source::config, Source::tombstones}, verb_of(enabled)));
  const planner::Situations situations(observation);
  ASSIGN_OR_RETURN(const Situation* plugin, chosen_plugin(observation, situations, name));
  RETURN_IF_ERROR(may_change(*plugin));
  RETURN_IF_ERROR(may_add_section(observation, situations, *plugin));
  EnabledDecision decision{
      .plugin_id = std::string(plugin->id), .enabled = enabled, .installed = !plugin->directories.empty()};
  choose_in_config(*plugin, enabled, decision.edits);
  settle_secrets(observation, *plugin, decision);
  follow_in_record(observation, *plugin, enabled, winner, decision);
  if (enabled && decision.installed && !plugin->installed()) {
    decision.notes.push_back(fmt::format("what is installed of it cannot run as it is: `trueup explain {}` says why",
                                         shell_word(plugin->id)));
  }
  return decision;
}

Result<EnabledReport> set_enabled(World& world, const std::string& name, bool enabled) {
  // Looked at before the lock is taken, too: a name that is refused leaves no trace of trueup behind.
  const std::string verb = verb_of(enabled);
  ASSIGN_OR_RETURN(const SettledLook first, look_when_whole(world, verb, name));
  const auto possible =
      decide_enabled(first.seen.observation, name, enabled, winner_beside(world, first.seen.observation));
  if (!possible) return first.refusal(possible.error());
  if (possible->edits.empty()) {
    EnabledReport report{.plugin_id = possible->plugin_id,
                         .enabled = enabled,
                         .installed = possible->installed,
                         .notes = possible->notes};
    report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
    return report;
  }

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(EnabledDecision decision,
                   decide_enabled(seen.observation, name, enabled, winner_beside(world, seen.observation)));
  RETURN_IF_ERROR(expect_what_is_hidden(session->site().root(), world.clock, decision.edits));
  EnabledReport report{
      .plugin_id = decision.plugin_id, .enabled = enabled, .installed = decision.installed, .notes = decision.notes};
  if (!decision.edits.empty()) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(deed_of(decision));
    builder.add(decision.edits);
    builder.all_or_nothing();
    // Its notes are the session's, too.
    ASSIGN_OR_RETURN([[maybe_unused]] const TransactionReport done, session->run(builder.take(), builder.materials()));
    report.changed = true;
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
