// plugin_files_missing: files that trueup unpacked are gone from a plugin's directory, or its manifest is damaged and
// nothing else was touched. The same version is fetched again where the registry offers exactly that one (failure F71);
// another version is a person's choice. What the owner added or changed stays as it is.
#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "planner/aside_choice.h"
#include "planner/attempts.h"
#include "planner/choice_text.h"
#include "planner/file_names.h"
#include "planner/fit.h"
#include "planner/origin.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::PluginDirectory;
using model::Source;

bool may_be_fetched(const Situation& plugin) {
  return plugin.entry_is_evidence() && plugin.match != EntryMatch::other_id;
}

Found mend(const Context& context, const Situation& plugin, Inconsistency found) {
  const PluginDirectory& directory = *plugin.directory();
  const std::string& version = directory.receipt->version;
  const model::RegistryFacts& registry = context.observation.registry;
  const auto manual = [&](std::string_view reason, std::string advice) {
    found.reason = reason;
    return for_a_person(std::move(found), std::move(advice));
  };
  if (model::is_given(directory.receipt->origin)) {
    const std::string given = directory.receipt->origin.substr(model::kGivenSource.size());
    return manual("local_copy", fmt::format("it was installed from {}, which no store has: put the files back, or "
                                            "`trueup install {}` once more",
                                            given, shell_word(given)));
  }
  if (!registry.present) {
    return manual("no_registry", "give a registry (`--registry`), or put the files back yourself");
  }
  if (!context.observation.reading(Source::registry).known()) {
    found.reason = "registry_unreadable";
    return left_alone(std::move(found), "pending: it is repaired when the registry can be read");
  }
  if (const std::string_view source = saved_source_of(context, plugin); !source.empty()) {
    return manual("of_saved_repository", advice_for_saved_source(plugin, source));
  }
  if (!may_be_fetched(plugin)) {
    if (const auto refusal = refusal_of_entry(registry, plugin.id); refusal && plugin.match == EntryMatch::none) {
      return manual("registry_entry_refused", *refusal);
    }
    return manual("not_in_registry",
                  "the registry does not list it: put the files back yourself, or install the "
                  "plugin again from where you have it");
  }
  const std::string& offered = plugin.entry->latest_version;
  found.evidence.push_back({path_of(context, Source::registry), fmt::format("offers {}", offered), "offers another"});
  if (offered != version) {
    return manual("version_not_offered", fmt::format("the registry offers {} and not {} any more: {}", offered, version,
                                                     advise_install(context.observation, plugin, "takes that one",
                                                                    "put the missing files back yourself")));
  }
  if (const model::Attempt* attempt = refused_before(context, plugin)) {
    found.evidence.push_back({"ledger", attempt->detail, "refused"});
    return manual("refused_before",
                  fmt::format("{}; `trueup reconcile {} --retry` tries again", attempt->detail, shell_word(plugin.id)));
  }
  if (const model::Aside* unread = may_come_back_from_aside(context, plugin)) {
    return held_for_unread(context, *unread, std::move(found));
  }
  auto step = step_for(found, model::StepAction::repair_files,
                       fmt::format("put what is missing of {} {} back from {}; what is there now is kept", plugin.id,
                                   version, registry.origin));
  step.install = model::InstallOrder{.wanted_id = directory.receipt->plugin_id,
                                     .candidates = {plugin.entry->id},
                                     .version = version,
                                     .directory = directory.name};
  step.disruptive = true;
  return mended_by(std::move(found), std::move(step));
}

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr) return {};
  std::vector<model::Option> options;
  if (finding.reason == "refused_before") {
    options.push_back({{"retry", fmt::format("tries once more to fetch {}", plugin->id)},
                       model::RetryPlugin{std::string(plugin->id)}});
  }
  if (finding.reason == "version_not_offered") {
    options.push_back(
        {{"install", fmt::format("puts {} {} from {} in the place of {}{}; what is there now is kept", plugin->id,
                                 plugin->entry->latest_version, context.observation.registry.origin,
                                 path_of(context, *plugin->directory()), additions_of_install(context, plugin->id))},
         model::InstallByName{std::string(plugin->id)}});
  }
  options.push_back({{"keep", "changes nothing, and says no more about it until something else is missing"},
                     model::LeaveAsItIs{finding.finding}});
  return options;
}

/// Promise 1: what cannot be read does not say that all of it is there.
Found not_known_any_more(const Context& context, const Situation& plugin, const PluginDirectory& directory) {
  auto found = finding(InconsistencyType::plugin_files_missing, plugin.id, kReceiptUnreadable,
                       fmt::format("Whether files of plugin {} are missing or changed is not known: {}", plugin.id,
                                   directory.receipt_problem));
  found.finding = model::finding_id(found.inconsistency_type, plugin.id, "receipt");
  found.current_state = {{"receipt", json_text("unreadable")}};
  found.expected_state = {{"receipt", json_text("readable")}};
  found.evidence = {{path_of(context, directory) + "/.trueup-receipt.json", directory.receipt_problem}};
  return left_alone(std::move(found),
                    plugin.entry_is_evidence()
                        ? advise_install(context.observation, plugin, "installs it anew, and keeps what is there",
                                         "nothing needs to be done while it runs well")
                        : "nothing needs to be done while it runs well");
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.directories.size() != 1 || plugin.reserved || plugin.tombstoned) return;
  const PluginDirectory& directory = *plugin.directory();
  if (directory.manifest == model::ManifestVerdict::good && !directory.receipt_problem.empty()) {
    out.push_back(not_known_any_more(context, plugin, directory));
  }
  if (!directory.receipt || (directory.missing_files.empty() && !directory.receipt_proved)) return;
  if (comes_back_from_aside(context, plugin)) return;
  auto found = finding(InconsistencyType::plugin_files_missing, plugin.id, "files_missing",
                       directory.missing_files.empty()
                           ? fmt::format("Plugin {} is damaged: {}", plugin.id, directory.manifest_problem)
                           : fmt::format("Plugin {} lacks files that were installed: {}", plugin.id,
                                         some_names(directory.missing_files)));
  const bool manifest_is_gone = std::find(directory.missing_files.begin(), directory.missing_files.end(),
                                          "manifest.json") != directory.missing_files.end();
  const bool manifest_is_damaged = directory.receipt_proved && !manifest_is_gone;
  found.current_state = {
      {"files_missing", std::to_string(directory.missing_files.size() + (manifest_is_damaged ? 1 : 0))}};
  found.expected_state = {{"files_missing", "0"}};
  found.evidence = {{path_of(context, directory) + "/.trueup-receipt.json",
                     fmt::format("says what trueup installed as {}", directory.receipt->version)}};
  for (const std::string& file : directory.missing_files) {
    if (found.evidence.size() > kMostNames) break;
    found.evidence.push_back({path_of(context, directory) + "/" + file, "is not there"});
  }
  if (manifest_is_damaged) {
    found.evidence.push_back({path_of(context, directory) + "/manifest.json", directory.manifest_problem,
                              "manifest " + model::without_numbers(directory.manifest_problem)});
  }
  out.push_back(mend(context, plugin, std::move(found)));
}

}  // namespace

const Rule kFilesMissing{
    .type = InconsistencyType::plugin_files_missing,
    .says =
        "Files that trueup installed are gone: they are fetched again where the registry offers exactly that version, "
        "and what the owner added or changed stays.",
    .needs = {Source::disk, Source::tombstones},
    .step_needs = {Source::config, Source::registry, Source::ledger},  // config.json says where plugins are
    .each = check,
    .options = options};

}  // namespace trueup::planner
