#include "planner/ledmatrix/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "json/canonical.h"
#include "json/document.h"
#include "model/plugin_id.h"
#include "model/shown_json.h"
#include "planner/attempts.h"
#include "planner/ledmatrix/views.h"

namespace trueup::planner::ledmatrix {
namespace {

using model::DocumentName;
using model::Inconsistency;
using model::InconsistencyType;
using model::Source;
using model::Step;
using model::StepAction;

struct Pass {
  const Context& context;
  const Views views;
  Output& out;

  [[nodiscard]] bool known(const model::SourceSet& needs) const { return !context.observation.unknown_among(needs); }
  /// The template fills in what config.json does not say: then it has to be known, too (promise 1).
  [[nodiscard]] bool known_but_for(bool said_by_config, const model::SourceSet& needs) const {
    return known(needs) && (said_by_config || known({Source::template_}));
  }
};

/// The value as an f-string of the original prints it.
std::string printed(const std::string& text) {
  if (text == "true") return "True";
  if (text == "false") return "False";
  const auto value = json::Document::parse(text);
  return value ? json::python_repr(value->root()) : text;
}

/// The section of config.json itself, whatever the merged view says.
const model::Section* own_section(const Pass& pass, std::string_view id) {
  const Situation* situation = pass.context.situations.find(id);
  return situation == nullptr ? nullptr : situation->section;
}

/// A scalar of the secrets file replaces the whole section: the original cannot set `enabled` in that.
bool secrets_replace_section(const Pass& pass, std::string_view id) {
  const auto& secrets = pass.context.observation.config.secrets;
  return std::ranges::any_of(secrets, [id](const model::Section& one) { return one.key == id && !one.is_object(); });
}

/// `enabled` of one plugin in config.json. A section that is no object is never overwritten.
Step write_enabled(const Pass& pass, const Inconsistency& found, StepAction action, const std::string& value) {
  const model::Section* own = own_section(pass, found.plugin_id);
  Step step = step_for(
      found, action,
      fmt::format("write `{}.enabled` = {} to {}", found.plugin_id, value, path_of(pass.context, Source::config)));
  if (own == nullptr) {
    step.edits = {{.document = DocumentName::config,
                   .path = {found.plugin_id},
                   .value = fmt::format("{{\"enabled\": {}}}", value)}};
  } else if (own->is_object()) {
    const bool states = own->enabled.kind != model::EnabledSetting::Kind::absent;
    if (states && own->enabled.text == value) {
      step.summary = fmt::format("`{}.enabled` is {} already", found.plugin_id, value);
      return step;
    }
    step.edits = {{.document = DocumentName::config,
                   .path = {found.plugin_id, "enabled"},
                   .expected = states ? std::optional(own->enabled.text) : std::nullopt,
                   .value = value}};
  } else {
    step.held = "section_not_an_object";
  }
  return step;
}

Found auto_fix(Inconsistency found, Step step) {
  found.advice = step.held.empty() ? "`trueup reconcile --rules ledmatrix` does what the original does"
                                   : fmt::format("held, where the original would do damage: {}", step.held);
  return mended_by(std::move(found), std::move(step));
}

void check_missing_in_config(const Pass& pass, std::string_view id, const std::string& final_enabled) {
  auto found = finding(InconsistencyType::plugin_missing_in_config, id, "no_section",
                       fmt::format("Plugin {} exists on disk but not in config", id));
  found.current_state = {{"exists_in_config", "false"}};
  found.expected_state = {{"exists_in_config", "true"}, {"enabled", "false"}};
  found.evidence = {{path_of(pass.context, *pass.views.disk.at(id)), "the plugin is installed"},
                    {path_of(pass.context, Source::config), "has no section of that name"}};
  Step step = write_enabled(pass, found, StepAction::add_section, final_enabled);
  pass.out.push_back(auto_fix(std::move(found), std::move(step)));
}

/// The name under which a fetched candidate would have to be laid is taken by something damaged, which stays.
bool damaged_in_the_way(const Pass& pass, const model::InstallOrder& order) {
  if (pass.views.damaged.contains(order.wanted_id)) return true;
  for (const model::RegistryEntry& entry : pass.context.observation.registry.entries) {
    if (std::ranges::find(order.candidates, entry.id) == order.candidates.end()) continue;
    if (pass.views.damaged.contains(entry.directory.empty() ? entry.id : entry.directory)) return true;
  }
  return false;
}

/// The original tries to install everything that is on and absent, listed or not: what will come of it is said.
std::string install_summary(const model::Observation& observation, const model::InstallOrder& order) {
  const auto& entries = observation.registry.entries;
  const bool listed = std::ranges::any_of(order.candidates, [&entries](const std::string& candidate) {
    return std::ranges::find(entries, candidate, &model::RegistryEntry::id) != entries.end();
  });
  if (listed || !observation.reading(Source::registry).known()) {
    return fmt::format("install {} from {}", order.wanted_id, observation.registry.origin);
  }
  const auto refusal = refusal_of_entry(observation.registry, order.wanted_id);
  return fmt::format("try to install {}; {}", order.wanted_id, refusal.value_or("the registry lists no such plugin"));
}

/// A directory holds this version of the registry, as it was fetched.
bool is_as_fetched(const Pass& pass, const std::string& name, const std::string& version) {
  const auto there = pass.views.disk.find(name);
  if (there == pass.views.disk.end() || !there->second->receipt) return false;
  const model::PluginDirectory& directory = *there->second;
  return directory.id == directory.name && directory.receipt->plugin_id == directory.id &&
         directory.receipt->origin == pass.context.observation.registry.origin &&
         directory.receipt->version == directory.version && directory.version == version &&
         directory.missing_files.empty() && directory.modified_files.empty() && directory.receipt_problem.empty();
}

/// What would be fetched stands there already, under the id of its own manifest, which the registry gives as the
/// entry's id or as the last part of its path. The original fetches it again at every pass.
bool stands_already(const Pass& pass, const model::InstallOrder& order) {
  const auto& entries = pass.context.observation.registry.entries;
  for (const std::string& candidate : order.candidates) {
    const auto entry = std::ranges::find(entries, candidate, &model::RegistryEntry::id);
    if (entry == entries.end()) continue;
    return is_as_fetched(pass, entry->directory, entry->latest_version) ||
           is_as_fetched(pass, entry->id, entry->latest_version);
  }
  return false;
}

void check_missing_on_disk(const Pass& pass, std::string_view id) {
  auto found = finding(InconsistencyType::plugin_missing_on_disk, id, "missing",
                       fmt::format("Plugin {} in config but not on disk", id));
  found.current_state = {{"exists_on_disk", "false"}};
  found.expected_state = {{"exists_on_disk", "true"}};
  found.evidence = {
      {path_of(pass.context, Source::config), "has a section for it"},
      {pass.context.observation.disk.path,
       pass.views.damaged.contains(id) ? "what lies there under that name is damaged" : "has nothing of that name"}};
  if (!pass.context.observation.registry.present) {
    found.reason = "no_registry";
    pass.out.push_back(for_a_person(std::move(found), "give a registry (`--registry`)"));
    return;
  }
  Step step = step_for(found, StepAction::install_plugin, "");
  step.install =
      model::InstallOrder{.wanted_id = std::string(id), .candidates = {std::string(id)}, .accept_any_id = true};
  if (const auto bare = model::without_legacy_prefix(id)) step.install->candidates.emplace_back(*bare);
  step.summary = install_summary(pass.context.observation, *step.install);
  if (!pass.context.observation.reading(Source::registry).known()) step.held = "registry_unreadable";
  if (damaged_in_the_way(pass, *step.install)) step.held = "directory_damaged";
  if (!model::PluginId::well_formed(id)) step.held = "invalid_id";
  if (step.held.empty() && stands_already(pass, *step.install)) {
    step.summary = fmt::format("what the registry offers as {} stands there already", id);
    step.install.reset();
  }
  pass.out.push_back(auto_fix(std::move(found), std::move(step)));
}

bool holds_text(json::Value value) {
  if (value.is_string()) return true;
  if (value.is_array()) {
    for (const json::Value element : value.elements()) {
      if (holds_text(element)) return true;
    }
  }
  if (value.is_object()) {
    for (const json::Member member : value.members()) {
      if (holds_text(member.value)) return true;
    }
  }
  return false;
}

/// A value of `enabled` as it may be repeated: a text inside a list or an object, where none belongs, may be a secret.
std::string told(const std::string& json) {
  const std::string shown = model::shown_json(json);
  if (shown == json) return json;
  const auto value = json::Document::parse(json);
  return value && !value->root().is_string() && !holds_text(value->root()) ? json : shown;
}

/// `with_section`: the step that adds the section already writes the value that this one names.
void check_enabled(const Pass& pass, std::string_view id, const std::string& config, const std::string& state,
                   bool with_section) {
  const std::string said = told(config);
  auto found = finding(
      InconsistencyType::plugin_enabled_mismatch, id, "state_decides",
      fmt::format("Plugin {} enabled state mismatch: config={}, state_manager={}", id, printed(said), printed(state)));
  const bool secret = said.starts_with('(');  // "(not shown)": a value of the secrets file, and no JSON
  found.current_state = {{"enabled", secret ? json_text(said) : said}};
  found.expected_state = {{"enabled", state}};
  found.evidence = {{path_of(pass.context, Source::config), fmt::format("its `enabled` comes to {}", said)},
                    {path_of(pass.context, Source::state), fmt::format("records {}", state)}};
  Step step = write_enabled(pass, found, StepAction::set_enabled, state);
  if (secrets_replace_section(pass, id)) step.held = "section_replaced_by_secrets";
  if (with_section && step.held.empty()) step.edits.clear();
  pass.out.push_back(auto_fix(std::move(found), std::move(step)));
}

void check_plugin(const Pass& pass, std::string_view id) {
  const auto config = pass.views.config.find(id);
  const auto state = pass.views.state.find(id);
  const bool in_config = config != pass.views.config.end();
  const bool on_disk = pass.views.disk.contains(id);
  const std::string config_enabled = in_config ? config->second.enabled : "false";
  const std::string state_enabled = state == pass.views.state.end() ? "null" : state->second->enabled_text;
  const model::Section* own = own_section(pass, id);
  const bool states = own != nullptr && own->enabled.kind != model::EnabledSetting::Kind::absent;
  const bool mismatch = state_enabled != "null" &&
                        pass.known_but_for(states, {Source::config, Source::secrets, Source::state}) &&
                        differ(config_enabled, state_enabled);
  const bool add_section =
      on_disk && !in_config && pass.known_but_for(own != nullptr, {Source::config, Source::disk, Source::secrets});

  const bool record_wins = mismatch && !secrets_replace_section(pass, id);
  if (add_section) check_missing_in_config(pass, id, record_wins ? state_enabled : "false");
  if (in_config && !on_disk && pass.known({Source::config, Source::disk})) check_missing_on_disk(pass, id);
  if (mismatch) check_enabled(pass, id, config_enabled, state_enabled, add_section);
}

}  // namespace

void find(const Context& context, Output& out) {
  kSourceUnreadable.whole(context, out);
  const Pass pass{context, make_views(context.observation), out};
  std::set<std::string_view> ids;
  for (const auto& [id, view] : pass.views.config) ids.insert(id);
  for (const auto& [id, directory] : pass.views.disk) ids.insert(id);
  for (const auto& [id, record] : pass.views.state) ids.insert(id);
  for (const std::string_view id : ids) check_plugin(pass, id);
}

}  // namespace trueup::planner::ledmatrix
