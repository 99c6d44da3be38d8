// For tests of this layer: an observation and a plan with one finding of each kind that rendering treats differently.
#pragma once

#include "cli/views.h"

namespace trueup::cli::sample {

inline model::Inconsistency fixable(const std::string& id) {
  return {.plugin_id = id,
          .inconsistency_type = model::InconsistencyType::plugin_missing_on_disk,
          .description = "Plugin " + id + " in config but not on disk",
          .fix_action = model::FixAction::auto_fix,
          .current_state = {{"exists_on_disk", "false"}},
          .expected_state = {{"exists_on_disk", "true"}},
          .can_auto_fix = true,
          .reason = "missing",
          .evidence = {{"plugin-repos", "has nothing of that name"},
                       {"config/config.json", "has a section for it, which is on"}},
          .finding = "plugin_missing_on_disk:" + id};
}

inline model::Step install(const std::string& id) {
  return {.action = model::StepAction::install_plugin,
          .plugin_id = id,
          .reason = "missing",
          .finding = "plugin_missing_on_disk:" + id,
          .summary = "install " + id + " 2.0.0 from /mnt/registry",
          .install = model::InstallOrder{.wanted_id = id, .candidates = {id}}};
}

inline model::Inconsistency damaged(const std::string& id) {
  return {.plugin_id = id,
          .inconsistency_type = model::InconsistencyType::plugin_manifest_invalid,
          .description = "Plugin " + id + " is damaged: its manifest.json ends in the middle (line 3)",
          .fix_action = model::FixAction::manual_fix_required,
          .reason = "manifest_unusable",
          .advice = "nothing was changed; `trueup install " + id + "` puts a new copy in its place and keeps this one",
          .evidence = {{"plugin-repos/" + id, "its manifest.json ends in the middle (line 3)"}},
          .finding = "plugin_manifest_invalid:" + id};
}

inline model::Inconsistency note(const std::string& id) {
  return {.plugin_id = id,
          .inconsistency_type = model::InconsistencyType::unknown_config_section,
          .description = "config.json has a section " + id + " that no plugin is known for",
          .fix_action = model::FixAction::no_action,
          .reason = "no_evidence",
          .advice = "it is left exactly as it is",
          .evidence = {{"config/config.json", "has a section `" + id + "`"}},
          .finding = "unknown_config_section:" + id};
}

inline model::Inconsistency held(const std::string& id) {
  model::Inconsistency finding = fixable(id);
  finding.fix_action = model::FixAction::no_action;
  finding.can_auto_fix = false;
  finding.reason = "undone_by_owner";
  finding.advice = "held: `trueup reconcile " + id + "` mends it all the same";
  return finding;
}

inline model::Inconsistency unread(const std::string& source, const std::string& path) {
  return {.plugin_id = source,
          .inconsistency_type = model::InconsistencyType::source_unreadable,
          .description = path + " could not be read: it ends in the middle of a value (line 7)",
          .fix_action = model::FixAction::manual_fix_required,
          .reason = "syntax",
          .advice = "nothing was changed. `trueup restore " + path + "` puts back .trueup/kept/3-config.json",
          .evidence = {{path, "it ends in the middle of a value (line 7)"}},
          .finding = "source_unreadable:" + source};
}

inline model::Step record_off(const std::string& id) {
  return {.action = model::StepAction::set_recorded,
          .plugin_id = id,
          .reason = "record_differs",
          .finding = "plugin_enabled_mismatch:" + id,
          .summary = "record " + id + " as off in data/plugin_state.json",
          .edits = {{.document = model::DocumentName::state,
                     .path = {"states", id, "enabled"},
                     .expected = "true",
                     .value = "false"}}};
}

/// Holds what a PassView points to.
struct Pass {
  model::Observation observation;
  model::Plan plan;
  std::vector<planner::RosterEntry> plugins;

  Pass() {
    observation.root = "/home/pi/LEDMatrix";
    for (std::size_t i = 0; i < model::kAllSources.size(); ++i) {
      observation.sources[i].source = model::kAllSources[i];
      observation.sources[i].verdict = model::Verdict::complete;
    }
    observation.reading(model::Source::runtime).verdict = model::Verdict::absent;
    plan.digest = "5f1d000000000000000000000000000000000000000000000000000000000000";
  }
  Pass& finds(model::Inconsistency finding) {
    plan.findings.push_back(std::move(finding));
    return *this;
  }
  Pass& does(model::Step step) {
    plan.steps.push_back(std::move(step));
    return *this;
  }
  Pass& has(const std::string& id, bool enabled = true, std::vector<std::string> reasons = {}) {
    plugins.push_back({.id = id,
                       .directory = id,
                       .name = id,
                       .version = "1.0.0",
                       .enabled = enabled,
                       .enabled_from = "config",
                       .state = planner::PluginState::healthy,
                       .reasons = std::move(reasons)});
    return *this;
  }
  [[nodiscard]] PassView view() const {
    return {.observation = &observation, .plan = &plan, .result = result_of_looking(plan), .plugins = plugins};
  }
};

}  // namespace trueup::cli::sample
