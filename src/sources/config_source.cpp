#include "sources/config_source.h"

#include <fmt/format.h>

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

}  // namespace

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
  } else if (path->find_first_not_of("./") == std::string::npos && !path->starts_with('/')) {
    // The installation itself as plugins directory would make plugins of its folders.
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
