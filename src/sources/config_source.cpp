#include "sources/config_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>

#include "model/plugin_schema.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

model::EnabledSetting enabled_of(json::Value section, Secrecy secrecy) {
  using Kind = model::EnabledSetting::Kind;
  const auto value = section.find("enabled");
  if (!value) return {};
  const auto choice = value->boolean();
  return {.kind = !choice ? Kind::wrong_type : (*choice ? Kind::on : Kind::off),
          .text = secrecy == Secrecy::secret ? text_without_secrets(*value) : std::string(value->text())};
}

using Path = std::vector<std::string>;
using model::PluginReference;

std::optional<json::Value> at(json::Value root, const Path& path) {
  std::optional<json::Value> value = root;
  for (const std::string& key : path) value = value ? value->find(key) : std::nullopt;
  return value;
}

void add_elements(json::Value root, const Path& path, std::vector<PluginReference>& found) {
  const auto list = at(root, path);
  if (!list || !list->is_array()) return;
  std::size_t index = 0;
  for (const json::Value element : list->elements()) {
    Path place = path;
    place.push_back(std::to_string(index++));
    if (auto id = element.string()) {
      found.push_back(
          {.kind = PluginReference::Kind::element, .path = std::move(place), .plugin_id = std::move(*id), .text = {}});
    }
  }
}

void add_keys(json::Value root, const Path& path, std::vector<PluginReference>& found) {
  const auto object = at(root, path);
  if (!object) return;
  for (const json::Member& member : object->members()) {
    Path place = path;
    place.emplace_back(member.key);
    found.push_back({.kind = PluginReference::Kind::key,
                     .path = std::move(place),
                     .plugin_id = std::string(member.key),
                     .text = {}});
  }
}

/// Texts inside a section that are paths of its own uploads. Most sections have none: their bytes tell at once.
void add_uploads(const json::Member& section, std::vector<PluginReference>& found) {
  if (!section.value.is_object() || section.value.text().find("plugins") == std::string_view::npos) return;
  const std::string below = fmt::format("assets/plugins/{}/", section.key);
  struct Open {
    json::Value value;
    Path path;
  };
  std::vector<Open> open{{section.value, {std::string(section.key)}}};
  while (!open.empty()) {
    Open here = std::move(open.back());
    open.pop_back();
    const auto enter = [&](json::Value value, std::string step) {
      if (value.text().find("plugins") == std::string_view::npos) return;
      Path path = here.path;
      path.push_back(std::move(step));
      open.push_back({value, std::move(path)});
    };
    for (const json::Member& member : here.value.members()) enter(member.value, std::string(member.key));
    std::size_t index = 0;
    for (const json::Value element : here.value.elements()) enter(element, std::to_string(index++));
    auto text = here.value.string();
    if (!text || (!text->starts_with(below) && !text->starts_with("/" + below))) continue;
    found.push_back({.kind = PluginReference::Kind::upload,
                     .path = std::move(here.path),
                     .plugin_id = std::string(section.key),
                     .text = std::move(*text)});
  }
}

/// The installation itself, what it lies in, its records or trueup's own files would become plugins, or be swept.
bool may_hold_plugins(std::string_view path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  const std::filesystem::path named = normal.has_filename() ? normal : normal.parent_path();  // "config/" is "config"
  if (named.empty() || named == "/" || named == "." || *std::prev(named.end()) == "..") return false;
  return *named.begin() != ".trueup" && named != "config" && named != "data";
}

}  // namespace

std::vector<PluginReference> references_of(json::Value root) {
  std::vector<PluginReference> found;
  add_elements(root, {"display", "plugin_rotation_order"}, found);
  add_elements(root, {"display", "vegas_scroll", "plugin_order"}, found);
  add_elements(root, {"display", "vegas_scroll", "excluded_plugins"}, found);
  add_keys(root, {"display", "display_durations"}, found);
  for (const json::Member& section : root.members()) add_uploads(section, found);
  return found;
}

std::vector<model::Section> sections_of(json::Value root, Secrecy secrecy) {
  std::vector<model::Section> sections;
  sections.reserve(root.size());
  for (const json::Member& member : root.members()) {
    model::Section section{.key = std::string(member.key), .type = std::string(type_name(member.value.kind()))};
    if (member.value.is_object()) section.enabled = enabled_of(member.value, secrecy);
    sections.push_back(std::move(section));
  }
  return sections;
}

PluginsDirectorySetting plugins_directory_of(json::Value root) {
  PluginsDirectorySetting setting;
  const auto system = root.find("plugin_system");
  const auto value = system ? system->find("plugins_directory") : std::nullopt;
  if (!value) return setting;
  const auto path = value->string();
  if (!path) {
    setting.problem = fmt::format("{} of config.json: plugin_system.plugins_directory is {}, not text",
                                  place_of(*value), json::describe(value->kind()));
  } else if (!may_hold_plugins(*path)) {
    setting.problem = fmt::format("{} of config.json: plugin_system.plugins_directory names no directory of its own",
                                  place_of(*value));
  } else {
    setting.path = *path;
  }
  return setting;
}

std::vector<model::CoreKeyInSecrets> core_keys_in_secrets(json::Value secrets, std::optional<json::Value> config) {
  std::vector<model::CoreKeyInSecrets> found;
  std::optional<json::MemberIndex> sections;
  for (const json::Member& section : secrets.members()) {
    for (const json::Member& member : section.value.members()) {
      if (!model::is_core_key(member.key)) continue;
      if (!sections && config) sections.emplace(*config);
      const auto other = sections ? sections->find(section.key) : std::nullopt;
      const auto configured = other ? other->find(member.key) : std::nullopt;
      found.push_back({.section = std::string(section.key),
                       .key = std::string(member.key),
                       .secrets_text = text_without_secrets(member.value),
                       .config_text = configured ? std::string(configured->text()) : ""});
    }
  }
  return found;
}

}  // namespace trueup::sources
