// plugin_version_mismatch: the recorded version is not the manifest's (the record follows), or what stands there is
// older than what trueup installed (failure F24: a core update laid an older copy over it; a person decides).
#include <fmt/core.h>

#include "model/version.h"
#include "planner/choice_text.h"
#include "planner/fit.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check_record(const Context& context, const Situation& plugin, Output& out) {
  const model::StateRecord* record = plugin.record;
  const std::string& version = plugin.directory()->version;
  if (record == nullptr || !record->problem.empty() || record->version.empty() || version.empty()) return;
  if (record->version == version) return;
  auto found = finding(InconsistencyType::plugin_version_mismatch, plugin.id, "record_differs",
                       fmt::format("Plugin {} is version {} and recorded as {}", plugin.id, version, record->version));
  found.current_state = {{"version", json_text(record->version)}};
  found.expected_state = {{"version", json_text(version)}};
  found.evidence = {{path_of(context, *plugin.directory()), fmt::format("its manifest says {}", version)},
                    {path_of(context, Source::state), fmt::format("records {}", record->version)}};
  if (context.observation.web_process != model::Tristate::no) {
    found.reason = "owned_by_running_program";
    out.push_back(
        left_alone(std::move(found), "LEDMatrix's web process is running and rewrites that file from memory"));
    return;
  }
  auto step =
      step_for(found, model::StepAction::set_recorded,
               fmt::format("record {} as version {} in {}", plugin.id, version, path_of(context, Source::state)));
  step.edits = {{.document = model::DocumentName::state,
                 .path = {"states", std::string(plugin.id), "version"},
                 .expected = json_text(record->version),
                 .value = json_text(version)}};
  out.push_back(mended_by(std::move(found), std::move(step)));
}

void check_receipt(const Context& context, const Situation& plugin, Output& out) {
  const model::PluginDirectory& directory = *plugin.directory();
  if (!directory.receipt || directory.receipt->plugin_id != directory.id) return;
  const auto order = model::compare_versions(directory.version, directory.receipt->version);
  if (order != model::VersionOrder::older) return;
  auto found = finding(InconsistencyType::plugin_version_mismatch, plugin.id, "older_than_receipt",
                       fmt::format("Plugin {} was installed as version {} and is now {}", plugin.id,
                                   directory.receipt->version, directory.version));
  found.finding = model::finding_id(InconsistencyType::plugin_version_mismatch, plugin.id, "receipt");
  found.current_state = {{"version", json_text(directory.version)}};
  found.expected_state = {{"version", json_text(directory.receipt->version)}};
  found.evidence = {{path_of(context, directory), fmt::format("its manifest says {}", directory.version)},
                    {path_of(context, directory) + "/.trueup-receipt.json",
                     fmt::format("trueup installed {} here", directory.receipt->version)}};
  const std::string_view elsewhere = "put the newer one back from where you have it";
  out.push_back(for_a_person(
      std::move(found), fmt::format("something put an older copy over it: {}",
                                    plugin.entry_is_evidence() ? advise_install(context.observation, plugin,
                                                                                "brings the newer one back", elsewhere)
                                                               : elsewhere)));
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr || !plugin->entry_is_evidence()) return {};
  return {
      {{"reinstall", fmt::format("puts {} {} from {} in the place of {}{}; what is there now is kept", plugin->id,
                                 plugin->entry->latest_version, context.observation.registry.origin,
                                 path_of(context, *plugin->directory()), additions_of_install(context, plugin->id))},
       model::InstallByName{std::string(plugin->id)}}};
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned) return;
  check_record(context, plugin, out);
  check_receipt(context, plugin, out);
}

}  // namespace

const Rule kVersionMismatch{
    .type = InconsistencyType::plugin_version_mismatch,
    .says =
        "The recorded version is not the manifest's: the record follows. What stands there is older than what "
        "trueup installed: a person decides.",
    .needs = {Source::disk, Source::state},
    .step_needs = {Source::tombstones, Source::ledger},
    .each = check,
    .options = options};

}  // namespace trueup::planner
