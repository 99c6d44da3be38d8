#include "cli/edit_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cli/text.h"

namespace trueup::cli {
namespace {

constexpr std::string_view kNotShown = "(not shown)";

bool is_plain_scalar(std::string_view json) {
  if (json == "true" || json == "false" || json == "null") return true;
  return !json.empty() && json.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

bool is_only_a_switch(std::string_view json) {
  constexpr std::array<std::string_view, 4> kSwitches{R"({"enabled": true})", R"({"enabled": false})",
                                                      R"({"enabled":true})", R"({"enabled":false})"};
  return std::find(kSwitches.begin(), kSwitches.end(), json) != kSwitches.end();
}

/// An element of one of config.json's lists of plugins: names are no secrets.
bool stands_in_list_of_plugins(const std::vector<std::string>& path) {
  using Path = std::vector<std::string>;
  if (path.size() < 2) return false;
  const Path list(path.begin(), path.end() - 1);
  return list == Path{"display", "plugin_rotation_order"} || list == Path{"display", "vegas_scroll", "plugin_order"} ||
         list == Path{"display", "vegas_scroll", "excluded_plugins"};
}

}  // namespace

bool may_show(const model::DocumentEdit& edit, const std::string& json_text) {
  switch (edit.document) {
    case model::DocumentName::secrets: return false;
    case model::DocumentName::config:
      return is_plain_scalar(json_text) || is_only_a_switch(json_text) || stands_in_list_of_plugins(edit.path) ||
             json_text.starts_with("\"assets/plugins/");
    case model::DocumentName::state:
    case model::DocumentName::tombstones:
    case model::DocumentName::saved_repositories: return true;
  }
  return false;
}

std::string shown_value(const model::DocumentEdit& edit, const std::string& json_text) {
  return may_show(edit, json_text) ? shown(json_text) : std::string(kNotShown);
}

std::string edit_text(const model::DocumentEdit& edit) {
  std::string path;
  for (const std::string& key : edit.path) {
    if (!path.empty()) path += '.';
    path += shown(key);
  }
  constexpr std::size_t kTooLong = 60;  // a whole record is no news: its name is
  const auto brief = [&edit](const std::string& json) {
    std::string text = shown_value(edit, json);
    return text.size() > kTooLong ? std::string("{...}") : text;
  };
  if (edit.new_key) return fmt::format("{} becomes {}", path, shown(*edit.new_key));
  if (!edit.value) return fmt::format("removes {}", path);
  if (!edit.expected) return fmt::format("adds {}: {}", path, brief(*edit.value));
  return fmt::format("{}: {} -> {}", path, brief(*edit.expected), brief(*edit.value));
}

}  // namespace trueup::cli
