// plugin_missing_on_disk: config.json asks for a plugin and nothing of that name is in the plugins directory.
// Fetched again when it is wanted, switched on, and the registry surely has it; otherwise it is a person's, or
// nobody's, business. Never for a key that is no plugin (F01-F03), nor for what was removed (F48).
#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "model/compatibility.h"
#include "model/installed.h"
#include "planner/aside_choice.h"
#include "planner/attempts.h"
#include "planner/choice_text.h"
#include "planner/fit.h"
#include "planner/origin.h"
#include "planner/rename.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Source;
using model::StepAction;

Found fetch(const Context& context, const model::RegistryEntry& entry, std::string_view id, Inconsistency found) {
  auto step =
      step_for(found, StepAction::install_plugin,
               fmt::format("install {} {} from {}", id, entry.latest_version, context.observation.registry.origin));
  step.install = model::InstallOrder{.wanted_id = std::string(id), .candidates = {entry.id}};
  return mended_by(std::move(found), std::move(step));
}

/// What the registry itself says is not for the LEDMatrix that is there is not asked for.
std::optional<Found> does_not_fit(const Context& context, const model::RegistryEntry& entry, Inconsistency found) {
  const std::string& core = context.observation.core_version;
  const model::CoreFit fit = model::core_fit(entry.minimum_core, entry.core_ranges, core);
  if (fit == model::CoreFit::fits) return std::nullopt;
  found.evidence.push_back({"src/__init__.py", fmt::format("says that LEDMatrix is {}", core)});
  found.reason = model::reason_of(fit);
  return for_a_person(
      std::move(found),
      fmt::format("what the registry offers does not fit this LEDMatrix: {}{}",
                  model::why_not_fit(entry.minimum_core, entry.core_ranges, core),
                  fit == model::CoreFit::needs_newer ? "; it is fetched when LEDMatrix is updated" : ""));
}

/// The registry declares that the plugin has another name now. It is fetched as that, and its settings go along; where
/// that name has settings or a history of its own, those decide.
Found under_new_name(const Context& context, const Situation& plugin, Inconsistency found) {
  const model::RegistryEntry& entry = *plugin.entry;
  const std::string_view id = entry.directory.empty() ? std::string_view(entry.id) : std::string_view(entry.directory);
  const Situation* own = context.situations.find(id);
  if (own != nullptr && own->tombstoned) {
    found.reason = "removed_by_owner";
    return left_alone(std::move(found), fmt::format("its name is `{}` now, and you removed that plugin", id));
  }
  if (own != nullptr && own->section != nullptr) {
    found.reason = "settings_under_both_names";
    return left_alone(std::move(found),
                      fmt::format("its name is `{0}` now, and what config.json says of `{0}` counts", id));
  }
  const auto& directories = context.observation.disk.directories;
  if (std::ranges::find(directories, id, &model::PluginDirectory::name) != directories.end()) {
    found.reason = "name_taken";
    return for_a_person(std::move(found), fmt::format("its name is `{0}` now, and a directory of that name holds "
                                                      "something else: rename that one, then it is fetched",
                                                      id));
  }
  if (auto unfit = does_not_fit(context, entry, found)) return *std::move(unfit);
  if (const model::Attempt* attempt = refused_before(context, plugin)) {
    found.reason = "refused_before";
    found.evidence.push_back({"ledger", attempt->detail, "refused"});
    return for_a_person(std::move(found), fmt::format("{}; `trueup reconcile {} --retry` tries again", attempt->detail,
                                                      shell_word(plugin.id)));
  }
  if (comes_back_from_aside(context, id)) {
    found.reason = "set_aside";
    return left_alone(std::move(found), fmt::format("its name is `{}` now, and a copy of that one comes back", id));
  }
  if (const model::Aside* unread = may_come_back_from_aside(context, id)) {
    return held_for_unread(context, *unread, std::move(found));
  }
  Found fetched = fetch(context, entry, id, std::move(found));
  auto rename = rename_behind(context, {.name = std::string(id),
                                        .manifest = model::ManifestVerdict::good,
                                        .manifest_is_object = true,
                                        .id = std::string(id),
                                        .version = entry.latest_version});
  if (rename) go_along(fetched.steps.front(), std::move(*rename));
  return fetched;
}

/// What can be said of a plugin that is wanted, on, and absent.
Found bring_back(const Context& context, const Situation& plugin, Inconsistency found) {
  const model::RegistryFacts& registry = context.observation.registry;
  const auto manual = [&](std::string_view reason, std::string advice) {
    found.reason = reason;
    return for_a_person(std::move(found), std::move(advice));
  };
  if (!registry.present) {
    return manual("no_registry", fmt::format("give a registry (`--registry`), or copy the plugin into {}",
                                             context.observation.disk.path));
  }
  if (!context.observation.reading(Source::registry).known()) {
    found.reason = "registry_unreadable";
    return left_alone(std::move(found), "pending: it is fetched when the registry can be read");
  }
  if (const std::string_view source = saved_source_of(context, plugin); !source.empty()) {
    return manual("of_saved_repository", advice_for_saved_source(plugin, source));
  }
  if (plugin.match == EntryMatch::none) {
    if (const auto refusal = refusal_of_entry(registry, plugin.id)) return manual("registry_entry_refused", *refusal);
    return manual("not_in_registry", fmt::format("the registry does not list it: copy the plugin into {}, install it "
                                                 "from elsewhere, or `trueup disable {}`",
                                                 context.observation.disk.path, shell_word(plugin.id)));
  }
  if (plugin.match == EntryMatch::several) {
    const std::string names = model::names_of(plugin.claimed_by);
    found.evidence.push_back(
        {path_of(context, Source::registry), fmt::format("declares it another name of {}", names)});
    return manual("claimed_by_several",
                  fmt::format("the registry declares it another name of {}, and nothing tells which is meant: give the "
                              "section the name of that one, or `trueup disable {}`",
                              names, shell_word(plugin.id)));
  }
  found.evidence.push_back({path_of(context, Source::registry),
                            fmt::format("lists `{}` {}", plugin.entry->id, plugin.entry->latest_version),
                            fmt::format("lists `{}`", plugin.entry->id)});
  const std::string misfit = why_unfit(context.observation, plugin);
  const std::string but = misfit.empty() ? misfit : "; it does not fit this LEDMatrix: " + misfit;
  if (plugin.match == EntryMatch::prefix_unconfirmed) {
    const std::string take = fmt::format(": `trueup install {}` takes it", shell_word(plugin.entry->id));
    return manual("candidate_unconfirmed", fmt::format("the registry's `{}` may be it, but nothing confirms that{}",
                                                       plugin.entry->id, misfit.empty() ? take : but));
  }
  if (plugin.match == EntryMatch::other_id) {
    const std::string take = fmt::format(": `trueup install {0}` takes it, and its settings then belong under `{0}`",
                                         shell_word(plugin.entry->directory));
    return manual("registry_installs_other_id",
                  fmt::format("the registry's `{}` installs the plugin `{}`{}", plugin.entry->id,
                              plugin.entry->directory, misfit.empty() ? take : but));
  }
  if (const model::Aside* unread = may_come_back_from_aside(context, plugin)) {
    return held_for_unread(context, *unread, std::move(found));
  }
  if (plugin.match == EntryMatch::by_alias) return under_new_name(context, plugin, std::move(found));
  if (auto unfit = does_not_fit(context, *plugin.entry, found)) return *std::move(unfit);
  if (const model::Attempt* attempt = refused_before(context, plugin)) {
    found.evidence.push_back({"ledger", attempt->detail, "refused"});
    return manual("refused_before",
                  fmt::format("{}; `trueup reconcile {} --retry` tries again", attempt->detail, shell_word(plugin.id)));
  }
  return fetch(context, *plugin.entry, plugin.id, std::move(found));
}

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr) return {};
  const std::string id(plugin->id);
  std::vector<model::Option> options;
  if (finding.reason == "refused_before") {
    options.push_back({{"retry", fmt::format("tries once more to fetch {}", id)}, model::RetryPlugin{id}});
  }
  if (plugin->entry != nullptr && (finding.reason == "candidate_unconfirmed" || finding.reason == "legacy_section" ||
                                   finding.reason == "registry_installs_other_id")) {
    const std::string& name =
        finding.reason == "registry_installs_other_id" ? plugin->entry->directory : plugin->entry->id;
    options.push_back({{"install", fmt::format("installs {} {} from {} into {}{}; no setting changes", name,
                                               plugin->entry->latest_version, context.observation.registry.origin,
                                               context.observation.disk.path, additions_of_install(context, name))},
                       model::InstallByName{name}});
  }
  if (plugin->section != nullptr && plugin->section->is_object()) {
    options.push_back(
        {{"off", switch_text(context, *plugin, false) + ": then nothing is missing"}, model::SwitchPlugin{id, false}});
  }
  return options;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  const bool mentioned = plugin.section != nullptr || plugin.past_receipt != nullptr;
  if (!mentioned || !plugin.directories.empty() || !plugin.installed_as.empty()) return;
  if (!plugin.is_plugin()) return;
  if (comes_back_from_aside(context, plugin)) return;  // plugin_install_interrupted speaks
  const EnabledAnswer answer = enabled_of(plugin);
  if (answer.from == EnabledAnswer::From::invalid) return;  // plugin_config_invalid says so; it is off

  const bool in_config = plugin.section != nullptr;
  auto found = finding(InconsistencyType::plugin_missing_on_disk, plugin.id, "missing",
                       in_config ? fmt::format("Plugin {} in config but not on disk", plugin.id)
                                 : fmt::format("Plugin {} was installed and is not on disk", plugin.id));
  found.current_state = {{"exists_on_disk", "false"}};
  found.expected_state = {{"exists_on_disk", "true"}};
  found.evidence.push_back({context.observation.disk.path, "has nothing of that name"});
  if (in_config) {
    found.evidence.push_back({path_of(context, Source::config),
                              answer.from == EnabledAnswer::From::config
                                  ? fmt::format("has a section for it, which is {}", answer.enabled ? "on" : "off")
                                  : "has a section for it, which does not say whether it is on"});
  }
  if (plugin.tombstoned) {
    found.reason = "removed_by_owner";
    out.push_back(left_alone(std::move(found), "you removed it and its settings were kept"));
    return;
  }
  const bool recorded = plugin.record != nullptr && in_config;
  const bool listed_wish = in_config && answer.from == EnabledAnswer::From::config &&
                           (plugin.entry_is_evidence() || plugin.match == EntryMatch::several);
  const bool wanted = plugin.past_receipt != nullptr || recorded || listed_wish;
  if (!wanted) {
    if (!context.observation.reading(Source::state).known()) return;  // it may be recorded: nothing can be said yet
    // Only the registry knows the key, and the section does not say whether it is on.
    found.reason = "legacy_section";
    out.push_back(for_a_person(
        std::move(found),
        fmt::format("the section does not say whether the plugin is on: {}",
                    advise_install(context.observation, plugin, "fetches it",
                                   fmt::format("`trueup disable {}` says that it is off", shell_word(plugin.id))))));
    return;
  }
  if (!answer.enabled) {
    found.reason = "disabled_not_needed";
    out.push_back(
        left_alone(std::move(found), "it is off, so nothing is missing; it is fetched when it is switched on"));
    return;
  }
  out.push_back(bring_back(context, plugin, std::move(found)));
}

}  // namespace

const Rule kMissingOnDisk{
    .type = InconsistencyType::plugin_missing_on_disk,
    .says =
        "config.json asks for a plugin that is not in the plugins directory: it is fetched when it is wanted, "
        "switched on, and the registry surely has it.",
    .needs = {Source::config, Source::disk, Source::tombstones},
    .step_needs = {Source::registry, Source::ledger, Source::state},
    .each = check,
    .options = options};

}  // namespace trueup::planner
