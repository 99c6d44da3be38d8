#include "model/plugin_id.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace trueup::model {
namespace {

// One list for the core's own keys: the original's system keys at both commits, its collision list, and `github`,
// whose credentials share the namespace. Everything that starts with `vegas_` is the core's too.
constexpr std::array<std::string_view, 20> kReservedNames{"auto_update",
                                                          "debug",
                                                          "dim_schedule",
                                                          "display",
                                                          "display_modes",
                                                          "emulator",
                                                          "github",
                                                          "hardware",
                                                          "location",
                                                          "log_level",
                                                          "logging",
                                                          "network",
                                                          "plugin_system",
                                                          "schedule",
                                                          "sync",
                                                          "system",
                                                          "target_fps",
                                                          "timezone",
                                                          "web_display_autostart",
                                                          "web_interface"};

constexpr std::string_view kReservedPrefix = "vegas_";

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string_view broken_rule(std::string_view text) {
  if (text.empty()) return "it is empty";
  if (text.size() > limits::kMaxPluginIdBytes) return "it is longer than 128 characters";
  if (!is_letter_or_digit(text.front())) return "it does not start with a letter or a digit";
  const bool clean = std::all_of(text.begin(), text.end(),
                                 [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
  if (!clean) return "it has other characters than letters, digits, '.', '_' and '-'";
  if (text.find(kAsideMark) != std::string_view::npos) return "it is the name of a set-aside copy";
  return "";
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

Result<PluginId> PluginId::parse(std::string_view text) {
  std::string_view rule = broken_rule(text);
  if (rule.empty() && is_reserved(text)) rule = "it is the name of one of LEDMatrix's own settings";
  if (!rule.empty()) {
    return Error{.code = ErrorCode::invalid,
                 .message = "this cannot be a plugin id: " + std::string(rule),
                 .where = std::string(text.substr(0, limits::kMaxPluginIdBytes)),
                 .hint = "`trueup list` shows the ids of the installed plugins"};
  }
  return PluginId(std::string(text));
}

bool PluginId::well_formed(std::string_view text) { return broken_rule(text).empty(); }

bool is_reserved(std::string_view name) {
  // LEDMatrix compares reserved names ignoring case, and so do we.
  const std::string folded = lower(name);
  return folded.starts_with(kReservedPrefix) ||
         std::find(kReservedNames.begin(), kReservedNames.end(), folded) != kReservedNames.end();
}

std::optional<std::string_view> without_legacy_prefix(std::string_view id) {
  if (!id.starts_with(kLegacyPrefix) || id.size() == kLegacyPrefix.size()) return std::nullopt;
  return id.substr(kLegacyPrefix.size());
}

std::optional<std::string_view> aside_owner(std::string_view directory_name) {
  const auto at = directory_name.find(kAsideMark);
  if (at == std::string_view::npos) return std::nullopt;
  return directory_name.substr(0, at);
}

}  // namespace trueup::model
