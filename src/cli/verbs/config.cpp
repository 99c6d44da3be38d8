// `trueup config get|set|unset|apply|reset|purge ID [KEY [VALUE]]`.
#include <fmt/core.h>

#include <utility>

#include "base/limits.h"
#include "base/shell_word.h"
#include "cli/change.h"
#include "cli/render_settings.h"
#include "cli/text.h"
#include "engine/configure.h"
#include "engine/core_settings.h"
#include "json/document.h"
#include "model/setting_key.h"

namespace trueup::cli {
namespace {

std::string key_of(const ConfigWords& words) { return model::setting_key_text(words.setting); }

/// A pipe that broke gives nothing, which nobody means as a value: a secret would be lost for it.
Result<std::string> something(std::string text, const ConfigWords& words) {
  if (!text.empty()) return text;
  return Error{.code = ErrorCode::invalid,
               .message = "nothing came in, so nothing was changed",
               .where = key_of(words),
               .hint = fmt::format("`trueup config unset {} {}` takes it out; an empty text is written as '\"\"'",
                                   shell_word(words.id), shell_word(key_of(words)))};
}

}  // namespace

Result<std::string> setting_from_input(const ConfigWords& words, platform::Input& input, Console& console) {
  if (!input.is_terminal()) {
    ASSIGN_OR_RETURN(auto text, input.read_all(limits::kMaxSettingValueBytes));
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return something(std::move(text), words);
  }
  console.err.write(fmt::format("{} of {} (does not show): ", shown(key_of(words)), shown(words.id)));
  auto line = input.read_hidden_line(limits::kMaxSettingValueBytes);
  console.err.write("\n");
  if (!line) return line;
  return something(std::move(*line), words);
}

namespace {

void add_details(const engine::ConfigureReport& done, ChangeReport& report) {
  for (const std::string& file : done.files) report.details.push_back(fmt::format("changed: {}", file));
  report.details.insert(report.details.end(), done.notes.begin(), done.notes.end());
  report.n = last_number(done.history);
}

std::string what_was_set(const ConfigWords& words, const engine::ConfigureReport& done) {
  if (done.enabled) {
    const char* state = *done.enabled ? "on" : "off";
    return done.changed ? fmt::format("{} is switched {}", done.plugin_id, state)
                        : fmt::format("{} was {} already, so nothing was written", done.plugin_id, state);
  }
  if (!done.changed)
    return fmt::format("{} of {} was so already, so nothing was written", key_of(words), done.plugin_id);
  return done.secret ? fmt::format("{} of {} is set, in the secrets file", key_of(words), done.plugin_id)
                     : fmt::format("{} of {} is set", key_of(words), done.plugin_id);
}

Result<Outcome> run_set(Call& call) {
  const ConfigWords& words = call.invocation.config;
  std::string value;
  if (words.value) {
    value = *words.value;
  } else {
    ASSIGN_OR_RETURN(value, setting_from_input(words, call.machine.input, call.console));
  }
  ASSIGN_OR_RETURN(const auto done, engine::set_setting(call.world, words.id, words.setting, value));
  ChangeReport report{.verb = "config set",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = what_was_set(words, done),
                      .details = {},
                      .n = {}};
  add_details(done, report);
  if (done.secret && words.value) {
    report.details.emplace_back(
        "it stood on the command line, where others can see it and the shell remembers it: "
        "next time write `-` for it");
  }
  return show_change(call, report);
}

Result<Outcome> run_unset(Call& call) {
  const ConfigWords& words = call.invocation.config;
  ASSIGN_OR_RETURN(const auto done, engine::unset_setting(call.world, words.id, words.setting));
  ChangeReport report{.verb = "config unset",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = fmt::format("{} of {} is taken out", key_of(words), done.plugin_id),
                      .details = {},
                      .n = {}};
  add_details(done, report);
  return show_change(call, report);
}

/// Many settings at once, as a page or a program sends them.
Result<Outcome> run_apply(Call& call) {
  ASSIGN_OR_RETURN(std::string text, call.machine.input.read_all(limits::kMaxSettingsPatchBytes));
  ASSIGN_OR_RETURN(const engine::SettingsPatch patch, engine::decode_patch(std::move(text)));
  ASSIGN_OR_RETURN(const auto done, engine::save_settings(call.world, call.invocation.config.id, patch));
  const char* secrets = done.secret ? "; secrets are in the secrets file" : "";
  ChangeReport report{.verb = "config apply",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = done.changed ? fmt::format("the settings of {} are saved{}", done.plugin_id, secrets)
                                           : fmt::format("the settings of {} were so already", done.plugin_id),
                      .details = {},
                      .n = {}};
  add_details(done, report);
  return show_change(call, report);
}

/// Settings of LEDMatrix itself, or a whole file of settings.
Result<Outcome> run_whole(Call& call) {
  ASSIGN_OR_RETURN(std::string text, call.machine.input.read_all(limits::kMaxSettingsPatchBytes));
  const auto document = json::Document::parse(std::move(text), json::Dialect::strict);
  if (!document) return Error{.code = ErrorCode::invalid, .message = "what was sent is no JSON", .context = {}};
  if (!document->root().is_object()) {
    return Error{.code = ErrorCode::invalid,
                 .message = fmt::format("what was sent is {}, not an object", json::describe(document->root().kind()))};
  }
  const ConfigAction action = call.invocation.config.action;
  const auto sent = model::setting_of(
      document->root(), action == ConfigAction::secrets ? model::SettingOrigin::secrets : model::SettingOrigin::config);
  ASSIGN_OR_RETURN(const auto done, action == ConfigAction::core ? engine::save_core_settings(call.world, sent)
                                    : action == ConfigAction::replace
                                        ? engine::replace_config(call.world, sent, call.invocation.drop)
                                        : engine::merge_secret_values(call.world, sent));
  ChangeReport report{.verb = fmt::format("config {}", to_string(action)),
                      .plugin_id = "",
                      .changed = done.changed,
                      .says = done.changed ? "the settings are saved" : "the settings were so already",
                      .details = {},
                      .n = {}};
  add_details(done, report);
  return show_change(call, report);
}

Result<Outcome> run_reset(Call& call) {
  const std::string& id = call.invocation.config.id;
  ASSIGN_OR_RETURN(const auto done, engine::reset_settings(call.world, id, call.invocation.with_secrets));
  ChangeReport report{.verb = "config reset",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = fmt::format("the settings of {} are those of its schema again", done.plugin_id),
                      .details = {},
                      .n = {}};
  add_details(done, report);
  return show_change(call, report);
}

Result<Outcome> run_purge(Call& call) {
  ASSIGN_OR_RETURN(const auto done, engine::purge_settings(call.world, call.invocation.config.id));
  ChangeReport report{.verb = "config purge",
                      .plugin_id = done.plugin_id,
                      .changed = done.changed,
                      .says = done.changed ? fmt::format("the settings of {} are removed, and kept", done.plugin_id)
                                           : fmt::format("{} has no settings, so nothing was written", done.plugin_id),
                      .details = {},
                      .n = {}};
  add_details(done, report);
  return show_change(call, report);
}

Result<Outcome> run_get(Call& call) {
  const ConfigWords& words = call.invocation.config;
  ASSIGN_OR_RETURN(const auto report, engine::get_settings(call.world, words.id, words.setting));
  if (call.invocation.json) {
    write_settings_json(report, call.console.out);
  } else {
    call.console.out.write(render_settings(report, call.console.terminal));
  }
  return Outcome{};
}

}  // namespace

Result<Outcome> run_config(Call& call) {
  switch (call.invocation.config.action) {
    case ConfigAction::get: return run_get(call);
    case ConfigAction::set: return run_set(call);
    case ConfigAction::unset: return run_unset(call);
    case ConfigAction::purge: return run_purge(call);
    case ConfigAction::apply: return run_apply(call);
    case ConfigAction::reset: return run_reset(call);
    case ConfigAction::core:
    case ConfigAction::replace:
    case ConfigAction::secrets: return run_whole(call);
  }
  return Error{.message = "an action without a function"};
}

}  // namespace trueup::cli
