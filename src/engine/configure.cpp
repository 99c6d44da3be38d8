#include "engine/configure.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "engine/carry_out.h"
#include "engine/choice.h"
#include "engine/live_document.h"
#include "engine/look.h"
#include "engine/masking.h"
#include "engine/plugin_settings.h"
#include "engine/remove_sections.h"
#include "engine/set_enabled.h"
#include "engine/setting_change.h"
#include "engine/setting_names.h"
#include "engine/settings_save.h"
#include "engine/unfinished.h"
#include "model/plugin_id.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using model::Setting;
using model::SettingPath;
using model::Source;
using planner::Situation;

const SettingPath kEnabled{"enabled"};

Error not_taken_out(const std::string& name) {
  return {.code = ErrorCode::refused,
          .message = "`enabled` says whether the plugin runs, and is not taken out; nothing was changed",
          .where = name,
          .hint = fmt::format("`trueup disable {}` switches it off", name)};
}

/// The settings of the plugin that `name` stands for, when all that they rest on could be read.
Result<PluginSettings> settings_of(const World& world, const Look& seen, const std::string& name,
                                   std::string_view verb) {
  RETURN_IF_ERROR(
      require_known(seen.observation, {Source::config, Source::secrets, Source::disk, Source::tombstones}, verb));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const Situation* plugin, chosen_plugin(seen.observation, situations, name));
  RETURN_IF_ERROR(may_change(*plugin));
  RETURN_IF_ERROR(may_add_section(seen.observation, situations, *plugin));
  ASSIGN_OR_RETURN(auto settings, read_plugin_settings(world, seen.observation, *plugin));
  const auto secrets = settings.section(DocumentName::secrets);
  if (secrets && !secrets->is_object()) {
    return Error{.code = ErrorCode::refused,
                 .message = fmt::format("in the secrets file its settings are no object but {}, which hides all of "
                                        "config.json's; nothing was changed",
                                        json::describe(secrets->kind)),
                 .where = settings.plugin_id,
                 .hint = "mend config/config_secrets.json by hand"};
  }
  return settings;
}

SettingPath meant(const PluginSettings& settings, const SettingPath& path) {
  return SettingNames(settings, settings.merged()).meant_by(path);
}

Result<ConfigureReport> switch_plugin(World& world, const std::string& name, const std::string& text) {
  if (text != "true" && text != "false") {
    return Error{
        .code = ErrorCode::invalid, .message = "`enabled` is true or false; nothing was changed", .where = name};
  }
  ASSIGN_OR_RETURN(auto done, set_enabled(world, name, text == "true"));
  return ConfigureReport{.plugin_id = std::move(done.plugin_id),
                         .changed = done.changed,
                         .enabled = done.enabled,
                         .notes = std::move(done.notes),
                         .history = std::move(done.history)};
}

void show(const Setting& setting, SettingPath& path, const PluginSettings& settings, std::vector<ShownSetting>& out) {
  if (setting.is_object() && !setting.members.empty()) {
    for (const auto& [key, value] : setting.members) {
      path.push_back(key);
      show(value, path, settings, out);
      path.pop_back();
    }
    return;
  }
  const bool told_by_name = setting.kind == json::Kind::boolean || setting.is_container();
  const bool secret = settings.is_secret(path) || (settings.is_hidden(path) && !told_by_name);
  out.push_back({.path = path,
                 .json = secret ? "null" : json_of(masked(setting, path, settings, kHiddenText)),
                 .from = setting.origin,
                 .secret = secret,
                 .is_set = !secret || !model::is_placeholder(setting)});
}

/// Of a plugin that only the registry knows any more secrets may be left; no other section of that file is a plugin's.
bool has_only_secrets(const model::Observation& observation, const std::string& name) {
  if (!observation.reading(Source::registry).known() || model::is_reserved(name)) return false;
  const auto& secrets = observation.config.secrets;
  const auto& entries = observation.registry.entries;
  return std::ranges::find(secrets, name, &model::Section::key) != secrets.end() &&
         std::ranges::find(entries, name, &model::RegistryEntry::id) != entries.end();
}

/// The section that is shown for `name`: of a former name that still has one, that one; else the plugin's own, or where
/// it has none the one under its other name.
std::string section_shown(const planner::Situations& situations, const Situation& plugin, const std::string& name) {
  const Situation* asked = situations.find(name);
  if (asked != nullptr && asked->section != nullptr) return name;
  const bool elsewhere = plugin.section == nullptr && !plugin.settings_under.empty();
  return std::string(elsewhere ? plugin.settings_under : plugin.id);
}

}  // namespace

Result<SettingsReport> get_settings(World& world, const std::string& name, const SettingPath& path) {
  RETURN_IF_ERROR(check_plugin_name(name));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  RETURN_IF_ERROR(require_known(seen.observation, {Source::config, Source::secrets, Source::disk}, "config get"));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const Situation* plugin, chosen_plugin(seen.observation, situations, name));
  ASSIGN_OR_RETURN(PluginSettings settings, read_plugin_settings(world, seen.observation, *plugin));
  settings.plugin_id = section_shown(situations, *plugin, name);
  SettingsReport report{.plugin_id = settings.plugin_id, .settings = {}, .notes = {}};
  if (settings.plugin_id != plugin->id) {
    report.notes.push_back(
        fmt::format("they stand under `{}`, and the plugin is `{}`: LEDMatrix does not give them "
                    "to it. `trueup explain {}` says what moves them",
                    settings.plugin_id, plugin->id, shell_word(settings.plugin_id)));
  }
  if (!settings.schema_problem.empty()) {
    report.notes.push_back(
        fmt::format("{}: no defaults are known, and what is secret is told by its name", settings.schema_problem));
  }
  Setting all = settings.merged();
  if (settings.schema) model::fill_defaults(all, settings.schema->defaults());
  SettingPath at = SettingNames(settings, all).meant_by(path);
  const Setting* wanted = model::find(all, at);
  if (wanted == nullptr) return no_such_setting(settings, path);
  const bool nothing = path.empty() && wanted->is_object() && wanted->members.empty();
  if (!nothing) show(*wanted, at, settings, report.settings);
  return report;
}

Result<SettingsTree> get_settings_tree(World& world, const std::string& name, std::string_view mask) {
  RETURN_IF_ERROR(check_plugin_name(name));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  RETURN_IF_ERROR(require_known(seen.observation, {Source::config, Source::secrets, Source::disk}, "config get"));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const Situation* plugin, chosen_plugin(seen.observation, situations, name));
  ASSIGN_OR_RETURN(const PluginSettings settings, read_plugin_settings(world, seen.observation, *plugin));
  SettingsTree tree{.plugin_id = settings.plugin_id, .settings = settings.merged(), .hidden = {}, .notes = {}};
  if (!settings.schema_problem.empty()) tree.notes.push_back(settings.schema_problem);
  if (settings.schema) {
    tree.defaults = settings.schema->defaults();
    model::fill_defaults(tree.settings, tree.defaults);
  }
  SettingPath at;
  add_hidden(tree.settings, at, settings, tree.hidden);
  tree.settings = masked(tree.settings, at, settings, mask);
  return tree;
}

Result<ConfigureReport> save_settings(World& world, const std::string& name, const SettingsPatch& patch) {
  RETURN_IF_ERROR(check_plugin_name(name));
  SettingsPatch rest = patch;
  std::optional<bool> on;
  std::erase_if(rest.values.members, [&on](const auto& member) {
    if (member.first == "enabled") on = member.second.text == "true";
    return member.first == "enabled";
  });
  std::erase_if(rest.fields, [&on](const auto& field) {
    if (field.first == "enabled") on = field.second == "true" || field.second == "on";
    return field.first == "enabled";
  });
  if (const Setting* enabled = model::find(patch.values, kEnabled);
      enabled != nullptr && enabled->kind != json::Kind::boolean) {
    return Error{
        .code = ErrorCode::invalid, .message = "`enabled` is true or false; nothing was changed", .where = name};
  }
  if (std::ranges::find(patch.remove, kEnabled) != patch.remove.end()) return not_taken_out(name);
  return carry_out(world, "config save", "saved the settings", name, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(const PluginSettings settings, settings_of(world, seen, name, "config save"));
    ASSIGN_OR_RETURN(SettingChange change, decide_save(settings, rest, on));
    Decision decision{.plugin_id = settings.plugin_id, .change = std::move(change)};
    if (!on) return decision;
    ASSIGN_OR_RETURN(decision.switched,
                     decide_enabled(seen.observation, name, *on, winner_beside(world, seen.observation)));
    ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
    RETURN_IF_ERROR(expect_what_is_hidden(*root, world.clock, decision.switched->edits));
    if (!settings.section(DocumentName::config)) {
      // The settings make the section, and say it there.
      std::erase_if(decision.switched->edits, [](const auto& edit) { return edit.document == DocumentName::config; });
    }
    return decision;
  });
}

Result<ConfigureReport> reset_settings(World& world, const std::string& name, bool with_secrets) {
  ASSIGN_OR_RETURN(const SettingsTree tree, get_settings_tree(world, name, ""));
  if (!tree.defaults.is_object()) {
    return Error{
        .code = ErrorCode::refused,
        .message = "the plugin has no schema that can be read, so its defaults are not known; nothing was changed",
        .where = tree.plugin_id};
  }
  SettingsPatch patch{.values = tree.defaults};
  std::erase_if(patch.values.members, [](const auto& member) { return member.first == "enabled"; });
  if (with_secrets) patch.remove = tree.hidden;
  return save_settings(world, name, patch);
}

Result<ConfigureReport> set_setting(World& world, const std::string& name, const SettingPath& path,
                                    const std::string& text) {
  RETURN_IF_ERROR(check_plugin_name(name));
  if (path == kEnabled) return switch_plugin(world, name, text);
  const std::string key = model::setting_key_text(path);
  return carry_out(world, "config set", "set " + key, name, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(const PluginSettings settings, settings_of(world, seen, name, "config set"));
    ASSIGN_OR_RETURN(SettingChange change, decide_set(settings, meant(settings, path), text));
    if (!model::find(settings.merged(), kEnabled)) {
      change.notes.push_back(fmt::format("its section does not say whether it is on: `trueup enable {}` switches it on",
                                         settings.plugin_id));
    }
    return Decision{.plugin_id = settings.plugin_id, .change = std::move(change)};
  });
}

Result<ConfigureReport> unset_setting(World& world, const std::string& name, const SettingPath& path) {
  RETURN_IF_ERROR(check_plugin_name(name));
  if (path == kEnabled) return not_taken_out(name);
  const std::string key = model::setting_key_text(path);
  return carry_out(world, "config unset", "took out " + key, name, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(const PluginSettings settings, settings_of(world, seen, name, "config unset"));
    ASSIGN_OR_RETURN(SettingChange change, decide_unset(settings, meant(settings, path)));
    return Decision{.plugin_id = settings.plugin_id, .change = std::move(change)};
  });
}

Result<ConfigureReport> purge_settings(World& world, const std::string& name) {
  RETURN_IF_ERROR(check_plugin_name(name));
  return carry_out(world, "config purge", "removed the settings", name, [&](const Look& seen) -> Result<Decision> {
    RETURN_IF_ERROR(require_known(seen.observation, {Source::config, Source::secrets, Source::disk}, "config purge"));
    const planner::Situations situations(seen.observation);
    const auto plugin = chosen_plugin(seen.observation, situations, name);
    if (!plugin && !has_only_secrets(seen.observation, name)) return plugin.error();
    Decision decision{.plugin_id = plugin ? std::string((*plugin)->id) : name, .change = {}};
    if (plugin && !(*plugin)->directories.empty()) {
      return Error{.code = ErrorCode::refused,
                   .message = "it is installed and would go on without its settings; nothing was changed",
                   .where = decision.plugin_id,
                   .hint = fmt::format("`trueup uninstall {}` removes it with its settings", decision.plugin_id)};
    }
    ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
    for (const DocumentName file : {DocumentName::config, DocumentName::secrets}) {
      RETURN_IF_ERROR(remove_sections(*root, world.clock, file, {decision.plugin_id}, decision.change.edits));
    }
    return decision;
  });
}

}  // namespace trueup::engine
