#include "cli/own_settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/limits.h"
#include "json/document.h"

namespace trueup::cli {
namespace {

using model::PythonRequirements;
using model::RestartDisplay;

constexpr const char* kSettings = "config/trueup/settings.json";

Error invalid(std::string message) {
  return Error{.code = ErrorCode::invalid, .message = std::move(message), .where = kSettings};
}

/// Empty when there is none.
Result<std::string> text_under(json::Value settings, std::string_view key) {
  const auto value = settings.find(key);
  if (!value) return std::string();
  auto text = value->string();
  if (text) return std::move(*text);
  return invalid(fmt::format("\"{}\" is {}, not text", key, json::describe(value->kind())));
}

Result<RestartDisplay> restart_display_in(json::Value settings) {
  ASSIGN_OR_RETURN(const std::string text, text_under(settings, "restart_display"));
  if (text.empty()) return RestartDisplay::ask;
  for (const auto policy :
       {RestartDisplay::never, RestartDisplay::ask, RestartDisplay::quiet_hours, RestartDisplay::always}) {
    if (text == to_string(policy)) return policy;
  }
  return invalid(fmt::format("\"restart_display\" is \"{}\": it can be never, ask, quiet-hours or always", text));
}

Result<PythonRequirements> python_requirements_in(json::Value settings) {
  ASSIGN_OR_RETURN(const std::string text, text_under(settings, "python_requirements"));
  if (text.empty()) return PythonRequirements::tell;
  for (const auto policy : {PythonRequirements::tell, PythonRequirements::install}) {
    if (text == to_string(policy)) return policy;
  }
  return invalid(fmt::format("\"python_requirements\" is \"{}\": it can be tell or install", text));
}

Result<model::HeavyWork> heavy_work_in(json::Value settings) {
  ASSIGN_OR_RETURN(const std::string text, text_under(settings, "heavy_work"));
  if (text.empty()) return model::HeavyWork::any_time;
  for (const auto when :
       {model::HeavyWork::any_time, model::HeavyWork::display_dimmed, model::HeavyWork::display_off}) {
    if (text == to_string(when)) return when;
  }
  return invalid(fmt::format("\"heavy_work\" is \"{}\": it can be any-time, display-dimmed or display-off", text));
}

/// "23:30"
std::optional<int> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<int> {
    int value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc() || end != digits.data() + digits.size() || value < 0) return std::nullopt;
    return value;
  };
  const auto hour = number(text.substr(0, 2));
  const auto minute = number(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

Result<std::optional<QuietHours>> quiet_hours_in(json::Value settings) {
  ASSIGN_OR_RETURN(const std::string text, text_under(settings, "quiet_hours"));
  if (text.empty()) return std::optional<QuietHours>();
  const std::string_view both = text;
  const auto from = minute_of_day(both.substr(0, 5));
  const auto to = both.size() == 11 && both[5] == '-' ? minute_of_day(both.substr(6)) : std::nullopt;
  if (from && to && *from != *to) return std::optional(QuietHours{*from, *to});
  return invalid(fmt::format("\"quiet_hours\" is \"{}\": it is written like \"01:00-06:00\"", text));
}

Result<std::vector<std::string>> program_in(json::Value settings, std::string_view key) {
  std::vector<std::string> words;
  const auto value = settings.find(key);
  if (!value) return words;
  for (const json::Value element : value->elements()) {
    auto word = element.string();
    if (!word || word->find('\0') != std::string::npos)
      return invalid(fmt::format("\"{}\" holds what is no text", key));
    words.push_back(std::move(*word));
  }
  if (!words.empty() && words.front().starts_with('/')) return words;
  return invalid(fmt::format(
      R"("{}" is a list: a program by its whole path, such as "/usr/local/bin/tell-me", and its words)", key));
}

Result<std::vector<std::string>> texts_under(json::Value settings, std::string_view key) {
  std::vector<std::string> texts;
  const auto list = settings.find(key);
  if (!list) return texts;
  for (const json::Value element : list->elements()) {
    if (auto text = element.string()) texts.push_back(std::move(*text));
  }
  if (list->is_array() && texts.size() == list->size()) return texts;
  return invalid(fmt::format("\"{}\" is no list of texts", key));
}

Result<OwnSettings> settings_in(json::Value value) {
  if (!value.is_object()) return invalid("it is no JSON object");
  OwnSettings settings;
  ASSIGN_OR_RETURN(settings.registry, text_under(value, "registry"));
  ASSIGN_OR_RETURN(settings.display_cache, text_under(value, "display_cache"));
  ASSIGN_OR_RETURN(settings.ca_file, text_under(value, "ca_file"));
  ASSIGN_OR_RETURN(settings.private_hosts, texts_under(value, "private_hosts"));
  ASSIGN_OR_RETURN(settings.hosts, texts_under(value, "hosts"));
  ASSIGN_OR_RETURN(settings.restart_display, restart_display_in(value));
  ASSIGN_OR_RETURN(settings.python_requirements, python_requirements_in(value));
  ASSIGN_OR_RETURN(settings.heavy_work, heavy_work_in(value));
  ASSIGN_OR_RETURN(settings.quiet_hours, quiet_hours_in(value));
  ASSIGN_OR_RETURN(settings.on_finding, program_in(value, "on_finding"));
  const std::vector<std::string> names = own_setting_names();
  for (const json::Member& member : value.members()) {
    if (std::ranges::find(names, member.key) == names.end()) settings.unknown.emplace_back(member.key);
  }
  if (settings.restart_display == RestartDisplay::quiet_hours && !settings.quiet_hours) {
    return invalid(
        "\"restart_display\" is \"quiet-hours\", and \"quiet_hours\" does not say when they are, such as "
        "\"01:00-06:00\"");
  }
  return settings;
}

}  // namespace

std::vector<std::string> own_setting_names() {
  return {"registry",        "display_cache",       "ca_file",    "private_hosts", "hosts",
          "restart_display", "python_requirements", "heavy_work", "quiet_hours",   "on_finding"};
}

Result<OwnSettings> read_own_settings(const std::string& root, const platform::FileSystem& file_system) {
  ASSIGN_OR_RETURN(const auto directory, file_system.open_root_for_reading(root));
  auto file = directory->read(kSettings, limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) {
    if (file.error().code == ErrorCode::not_found) return OwnSettings();
    return std::move(file).error().within("trueup's own settings");
  }
  auto document = json::Document::parse(std::move(file->bytes));
  if (!document) {
    Error error = std::move(document).error();
    error.where = kSettings;
    error.hint = "correct the file, or remove it: every setting in it is optional";
    return error;
  }
  return settings_in(document->root());
}

}  // namespace trueup::cli
