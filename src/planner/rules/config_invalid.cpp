// plugin_config_invalid: a section that is not an object, an `enabled` that is not a boolean, a core key in the secrets
// file, where it silently overrides config.json, or settings that the plugin's own schema forbids. A person's words are
// never rewritten: manual, and off where nobody can tell whether it is on.
#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "model/plugin_schema.h"
#include "model/setting_key.h"
#include "model/shown_json.h"
#include "planner/choice_text.h"
#include "planner/rule.h"
#include "planner/schema_objection.h"

namespace trueup::planner {
namespace {

using model::EnabledSetting;
using model::InconsistencyType;
using model::Source;

void check_types(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.section == nullptr) return;
  const std::string path = path_of(context, Source::config);
  if (!plugin.section->is_object()) {
    auto found =
        finding(InconsistencyType::plugin_config_invalid, plugin.id, "section_not_an_object",
                fmt::format("The settings of plugin {} are no object but of type {}", plugin.id, plugin.section->type));
    const std::string finding_of_section = found.finding;
    found.current_state = {{"type", json_text(plugin.section->type)}};
    found.expected_state = {{"type", json_text("object")}};
    found.evidence = {{path, fmt::format("`{}` is of type {}", plugin.id, plugin.section->type)}};
    out.push_back(for_a_person(std::move(found),
                               fmt::format("the plugin counts as off and nothing was changed: `trueup resolve {} "
                                           "--choose replace` puts `{{\"enabled\": false}}` there and keeps "
                                           "what stands there now",
                                           shell_word(finding_of_section))));
    return;
  }
  if (plugin.section->enabled.kind != EnabledSetting::Kind::wrong_type) return;
  auto found = finding(InconsistencyType::plugin_config_invalid, plugin.id, "enabled_not_a_boolean",
                       fmt::format("`enabled` of plugin {} is neither true nor false", plugin.id));
  found.finding = model::finding_id(found.inconsistency_type, plugin.id, "enabled");
  found.current_state = {{"enabled", model::shown_as_json(plugin.section->enabled.text)}};
  found.expected_state = {{"enabled", "false"}};
  found.evidence = {
      {path, fmt::format("`{}.enabled` is {}", plugin.id, model::shown_json(plugin.section->enabled.text))}};
  out.push_back(for_a_person(std::move(found), fmt::format("the plugin counts as off: `trueup enable {0}` or "
                                                           "`trueup disable {0}` settles it",
                                                           shell_word(plugin.id))));
}

/// What stands there takes the place of all that config.json says, as LEDMatrix merges the two files (formats 2.2).
void check_secrets_type(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.secrets->is_object() || (plugin.section == nullptr && plugin.directories.empty())) return;
  const std::string path = path_of(context, Source::secrets);
  auto found = finding(InconsistencyType::plugin_config_invalid, plugin.id, "secrets_not_an_object",
                       fmt::format("In the secrets file the settings of plugin {} are no object but of type {}",
                                   plugin.id, plugin.secrets->type));
  found.finding = model::finding_id(found.inconsistency_type, plugin.id, "secrets");
  found.current_state = {{"type", json_text(plugin.secrets->type)}};
  found.expected_state = {{"type", json_text("object")}};
  found.evidence = {{path, fmt::format("`{}` is of type {}, and hides all that config.json says of it", plugin.id,
                                       plugin.secrets->type)}};
  out.push_back(for_a_person(std::move(found), fmt::format("LEDMatrix takes that for all of its settings: mend or "
                                                           "remove `{}` in {} by hand",
                                                           plugin.id, path)));
}

/// A value can be put into it: it is an object, or there is none yet.
bool is_object_or_absent(const model::Section* section) { return section == nullptr || section->is_object(); }

void check_secrets(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.secrets == nullptr) return;
  check_secrets_type(context, plugin, out);
  for (const model::CoreKeyInSecrets& core : context.observation.config.core_keys_in_secrets) {
    if (core.section != plugin.id) continue;
    const std::string configured = core.config_text.empty() ? "not stated" : model::shown_json(core.config_text);
    auto found = finding(InconsistencyType::plugin_config_invalid, plugin.id, "core_key_in_secrets",
                         fmt::format("`{}` of plugin {} stands in the secrets file: {} there, {} in config.json",
                                     core.key, plugin.id, core.secrets_text, configured));
    found.finding = model::finding_id(found.inconsistency_type, plugin.id, "secrets." + core.key);
    found.current_state = {{core.key, json_text(core.secrets_text)}};
    found.expected_state = {
        {core.key, json_text(core.config_text.empty() ? core.config_text : model::shown_json(core.config_text))}};
    found.evidence = {
        {path_of(context, Source::secrets), fmt::format("`{}.{}` is {}", plugin.id, core.key, core.secrets_text)},
        {path_of(context, Source::config), fmt::format("`{}.{}` is {}", plugin.id, core.key, configured)}};
    std::string advice = "config.json counts, LEDMatrix takes the secrets file: remove the key there by hand";
    if (core.key == "enabled" && is_object_or_absent(plugin.section)) {
      advice = fmt::format(
          "config.json counts, LEDMatrix takes the secrets file: `trueup enable {0}` or `trueup disable "
          "{0}` settles both",
          shell_word(plugin.id));
    }
    out.push_back(for_a_person(std::move(found), std::move(advice)));
  }
}

std::vector<model::Option> options_for_secret(const Context& context, const model::Inconsistency& finding) {
  const std::string& id = finding.plugin_id;
  std::vector<model::Option> options;
  for (const model::CoreKeyInSecrets& core : context.observation.config.core_keys_in_secrets) {
    if (core.section != id ||
        model::finding_id(finding.inconsistency_type, id, "secrets." + core.key) != finding.finding) {
      continue;
    }
    const std::string secrets = path_of(context, Source::secrets);
    const model::NewValue gone{.document = model::DocumentName::secrets, .path = {id, core.key}, .value = {}};
    options.push_back(
        {{"config", fmt::format("takes `{}.{}` out of {}; config/config.json stays as it is", id, core.key, secrets)},
         model::ReplaceValues{{gone}}});
    const Situation* plugin = context.situations.find(id);
    if (core.secrets_text == model::kNotShown || plugin == nullptr || !is_object_or_absent(plugin->section)) continue;
    options.push_back(
        {{"secrets", fmt::format("writes {} to `{}.{}` of config/config.json and takes it out of {}", core.secrets_text,
                                 id, core.key, secrets)},
         model::ReplaceValues{
             {{.document = model::DocumentName::config, .path = {id, core.key}, .value = core.secrets_text}, gone}}});
  }
  return options;
}

const model::SettingsVerdict* verdict_of(const Context& context, const Situation& plugin) {
  if (plugin.directory() == nullptr) return nullptr;
  const auto& all = context.observation.settings;
  const auto at =
      std::lower_bound(all.begin(), all.end(), plugin.directory()->name,
                       [](const model::SettingsVerdict& one, const std::string& name) { return one.directory < name; });
  return at != all.end() && at->directory == plugin.directory()->name ? &*at : nullptr;
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  const std::string& id = finding.plugin_id;
  if (finding.reason == "core_key_in_secrets") return options_for_secret(context, finding);
  if (finding.reason == "enabled_not_a_boolean") {
    const Situation* plugin = context.situations.find(id);
    if (plugin == nullptr) return {};
    return {{{"on", switch_text(context, *plugin, true)}, model::SwitchPlugin{id, true}},
            {{"off", switch_text(context, *plugin, false)}, model::SwitchPlugin{id, false}}};
  }
  if (finding.reason == "section_not_an_object") {
    return {{{"replace",
              fmt::format("puts `{{\"enabled\": false}}` in the place of `{}` of config/config.json; `trueup undo` "
                          "brings back what stood there",
                          id)},
             model::ReplaceValues{
                 {{.document = model::DocumentName::config, .path = {id}, .value = R"({"enabled": false})"}}}}};
  }
  const Situation* plugin = context.situations.find(id);
  const model::SettingsVerdict* verdict = plugin == nullptr ? nullptr : verdict_of(context, *plugin);
  if (verdict == nullptr || verdict->objections.empty()) return {};
  return options_about(*verdict, finding, switch_text(context, *plugin, false));
}

void check_schema(const Context& context, const Situation& plugin, Output& out) {
  const model::SettingsVerdict* verdict = verdict_of(context, plugin);
  if (verdict == nullptr || plugin.section == nullptr || !plugin.section->is_object()) return;
  const std::string schema = fmt::format("{}/{}", path_of(context, *plugin.directory()), model::kPluginSchemaName);
  if (!verdict->problem.empty()) {
    auto found =
        finding(InconsistencyType::plugin_config_invalid, plugin.id, "schema_unusable",
                fmt::format("The settings of plugin {} are not checked: its schema cannot be used", plugin.id));
    found.finding = model::finding_id(found.inconsistency_type, plugin.id, "schema");
    found.evidence = {{schema, verdict->problem}};
    out.push_back(left_alone(std::move(found), "the plugin works all the same; only its author can mend the schema"));
    return;
  }
  auto found = finding(InconsistencyType::plugin_config_invalid, plugin.id,
                       only_unknown_keys(*verdict) ? "setting_unknown" : "schema_forbids",
                       fmt::format("The settings of plugin {} are not what it asks for: {}", plugin.id,
                                   in_words(verdict->objections.front())));
  if (verdict->all > 1) found.description += fmt::format(", and {} more", verdict->all - 1);
  found.finding = model::finding_id(found.inconsistency_type, plugin.id, "schema");
  found.current_state = {{"objections", std::to_string(verdict->all)}};
  found.expected_state = {{"objections", "0"}};
  for (const model::SettingsObjection& one : verdict->objections) {
    found.evidence.push_back({fmt::format("{}, line {}, column {}", path_of(context, one.source), one.line, one.column),
                              fmt::format("{} ({} of {})", in_words(one), one.schema_path, schema),
                              fmt::format("{} {} {} {}", path_of(context, one.source),
                                          model::setting_key_text(one.path), one.schema_path, one.value_key)});
  }
  const std::string mend = advice_about(*verdict, plugin.id);
  if (enabled_of(plugin).enabled) {
    out.push_back(for_a_person(std::move(found), mend));
  } else {
    out.push_back(left_alone(std::move(found), "the plugin is off, so nothing comes of it; " + mend));
  }
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.is_plugin()) return;
  check_types(context, plugin, out);
  check_secrets(context, plugin, out);
  check_schema(context, plugin, out);
}

}  // namespace

const Rule kConfigInvalid{
    .type = InconsistencyType::plugin_config_invalid,
    .says =
        "A plugin's settings have the wrong type, or a core key stands in the secrets file: a person decides; the "
        "plugin counts as off. Or the plugin's own schema forbids what it is set to: a person decides, where it is on.",
    .needs = {Source::config},
    .each = check,
    .options = options};

}  // namespace trueup::planner
