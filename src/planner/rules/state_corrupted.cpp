// plugin_state_corrupted: plugin_state.json, or one entry of it, cannot serve as a record. It is a cache, so it is
// made again from config.json and the manifests; its damaged bytes are kept (failures F44, F45).
#include <fmt/core.h>

#include <algorithm>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;
using model::StepAction;

std::string record_for(const Situation& plugin) {
  const bool enabled = enabled_of(plugin).enabled;
  const std::string version = plugin.installed() && !plugin.directory()->version.empty()
                                  ? json_text(plugin.directory()->version)
                                  : std::string("null");
  return fmt::format(
      "{{\"plugin_id\": {}, \"status\": \"{}\", \"enabled\": {}, \"version\": {}, \"installed_at\": null, "
      "\"last_updated\": null, \"config_version\": 1, \"metadata\": {{}}}}",
      json_text(plugin.id), enabled ? "enabled" : "disabled", json_bool(enabled), version);
}

/// What can be told of a plugin without its record: that it is there, or that config.json has chosen.
bool can_be_recorded(const Situation& plugin) {
  if (plugin.reserved || plugin.tombstoned || !plugin.installed_as.empty()) return false;
  return !plugin.directories.empty();
}

/// What its record must say cannot be told now: a record made without it would stay wrong.
bool is_unknown(const Situation& plugin) {
  return can_be_recorded(plugin) && plugin.directory()->manifest == model::ManifestVerdict::unreadable;
}

Found held_for(const Context& context, model::Inconsistency found, const Situation& plugin) {
  found.reason = "source_unreadable";
  return left_alone(std::move(found),
                    fmt::format("held until the manifest in {} can be read", path_of(context, *plugin.directory())));
}

bool owned_elsewhere(const Context& context) { return context.observation.web_process != model::Tristate::no; }

constexpr std::string_view kOwnedAdvice =
    "LEDMatrix's web process is running and rewrites that file from memory; it is mended when that program is stopped";

void check_whole(const Context& context, Output& out) {
  const model::SourceReading& reading = context.observation.reading(Source::state);
  if (reading.known() || reading.reason != "syntax") return;
  auto found = finding(InconsistencyType::plugin_state_corrupted, "plugin_state", "whole_file",
                       fmt::format("{} is damaged: {}", reading.path, reading.detail));
  found.current_state = {{"readable", "false"}};
  found.expected_state = {{"readable", "true"}};
  found.evidence = {{reading.path, reading.detail, model::without_numbers(reading.detail)}};
  if (owned_elsewhere(context)) {
    found.reason = "owned_by_running_program";
    out.push_back(left_alone(std::move(found), std::string(kOwnedAdvice)));
    return;
  }
  const auto unknown = std::ranges::find_if(context.situations.all(), is_unknown);
  if (unknown != context.situations.all().end()) {
    out.push_back(held_for(context, std::move(found), *unknown));
    return;
  }
  auto step = step_for(found, StepAction::rebuild_state, "");
  step.rebuild.emplace();
  for (const Situation& plugin : context.situations.all()) {
    if (can_be_recorded(plugin)) step.rebuild->entries.push_back({std::string(plugin.id), record_for(plugin)});
  }
  step.summary =
      fmt::format("make {} again from config.json and the manifests ({} plugins); the damaged bytes are kept",
                  reading.path, step.rebuild->entries.size());
  out.push_back(mended_by(std::move(found), std::move(step)));
}

void check_entry(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.record == nullptr || plugin.record->problem.empty()) return;
  auto found = finding(InconsistencyType::plugin_state_corrupted, plugin.id, "one_entry",
                       fmt::format("The record of plugin {} is damaged: {}", plugin.id, plugin.record->problem));
  found.current_state = {{"readable", "false"}};
  found.expected_state = {{"readable", "true"}};
  found.evidence = {{path_of(context, Source::state), plugin.record->problem,
                     "record " + model::without_numbers(plugin.record->problem)}};
  if (owned_elsewhere(context)) {
    found.reason = "owned_by_running_program";
    out.push_back(left_alone(std::move(found), std::string(kOwnedAdvice)));
    return;
  }
  if (is_unknown(plugin)) {
    out.push_back(held_for(context, std::move(found), plugin));
    return;
  }
  if (!can_be_recorded(plugin) && plugin.section == nullptr) {
    auto step =
        step_for(found, StepAction::remove_record,
                 fmt::format("remove the damaged record of {} from {}", plugin.id, path_of(context, Source::state)));
    step.edits = {{.document = model::DocumentName::state,
                   .path = {"states", std::string(plugin.id)},
                   .expected = plugin.record->text}};
    out.push_back(mended_by(std::move(found), std::move(step)));
    return;
  }
  auto step = step_for(found, StepAction::rebuild_record,
                       fmt::format("make the record of {} in {} again", plugin.id, path_of(context, Source::state)));
  step.edits = {{.document = model::DocumentName::state,
                 .path = {"states", std::string(plugin.id)},
                 .expected = plugin.record->text,
                 .value = record_for(plugin)}};
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

const Rule kStateCorrupted{
    .type = InconsistencyType::plugin_state_corrupted,
    .says =
        "plugin_state.json, or one entry of it, cannot serve as a record: it is made again from config.json and "
        "the manifests, and its bytes are kept.",
    .step_needs = {Source::config, Source::disk, Source::tombstones, Source::ledger},
    .each = check_entry,
    .whole = check_whole};

}  // namespace trueup::planner
