#include "cli/render_settings.h"

#include <fmt/core.h>

#include "cli/json_output.h"
#include "cli/render_json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "json/document.h"
#include "json/write.h"
#include "model/setting_key.h"

namespace trueup::cli {
namespace {

/// JSON, with text as a person reads it.
std::string value_text(const engine::ShownSetting& setting) {
  if (setting.secret) return setting.is_set ? "(secret, not shown)" : "(secret, still to be filled in)";
  const auto value = json::Document::parse(setting.json);
  if (value && value->root().is_string()) return fmt::format("\"{}\"", shown(value->root().string().value_or("")));
  return shown(setting.json);
}

/// Escapes as every JSON reader takes them.
std::string ascii_json(const std::string& text) {
  const auto value = json::Document::parse(text);
  if (!value) return "null";
  json::Writer out;
  out.value(value->root());
  return std::move(out).text();
}

}  // namespace

std::string render_settings(const engine::SettingsReport& report, const Terminal& terminal) {
  std::string out;
  Table table({"KEY", "FROM", "VALUE"});
  for (const engine::ShownSetting& one : report.settings) {
    table.add({{shown(model::setting_key_text(one.path))},
               {std::string(to_string(one.from)), Colour::dim},
               {value_text(one), one.from == model::SettingOrigin::schema_default ? Colour::dim : Colour::plain}});
  }
  if (!table.empty()) out += table.text(terminal);
  if (table.empty() && terminal.interactive) out += fmt::format("{} has no settings.\n", shown(report.plugin_id));
  if (!terminal.interactive) return out;  // every line of a pipe is a setting
  for (const std::string& note : report.notes) out += hanging(terminal, "", 0, as_sentence(shown(note)), Colour::dim);
  return out;
}

void write_settings_json(const engine::SettingsReport& report, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("notes").begin_array();
  for (const std::string& note : report.notes) json.text(note);
  json.end_array().key("plugin_id").text(report.plugin_id).key("schema").number(kJsonSchema);
  json.key("settings").begin_array();
  for (const engine::ShownSetting& one : report.settings) {
    json.begin_object().key("from").text(to_string(one.from));
    json.key("is_set").boolean(one.is_set).key("key").text(model::setting_key_text(one.path));
    json.key("path").begin_array();
    for (const std::string& step : one.path) json.text(step);
    json.end_array().key("secret").boolean(one.secret).key("value").raw(ascii_json(one.json)).end_object();
  }
  json.end_array().end_object().finish();
}

}  // namespace trueup::cli
