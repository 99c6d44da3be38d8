#include "engine/setting_names.h"

#include <utility>

namespace trueup::engine {

using model::Setting;
using model::SettingPath;

namespace {

std::string name_of(const SettingPath& path) {
  std::string name;
  for (const std::string& step : path) name += (name.empty() ? "" : ".") + step;
  return name;
}

}  // namespace

SettingNames::SettingNames(const PluginSettings& settings, const Setting& merged) {
  if (settings.schema) {
    for (const SettingPath& path : settings.schema->known_keys()) add(path);
  }
  SettingPath path;
  add_all(merged, path);
}

const SettingPath* SettingNames::find(const std::string& name) const {
  const auto found = paths_.find(name);
  return found == paths_.end() || !found->second ? nullptr : &*found->second;
}

SettingPath SettingNames::meant_by(const SettingPath& parts) const {
  for (std::size_t length = parts.size(); length > 0; --length) {
    const auto behind = parts.begin() + static_cast<std::ptrdiff_t>(length);
    const SettingPath* known = find(name_of({parts.begin(), behind}));
    if (known == nullptr) continue;
    SettingPath meant = *known;
    meant.insert(meant.end(), behind, parts.end());
    return meant;
  }
  return parts;
}

void SettingNames::add(const SettingPath& path) {
  auto& known = paths_.try_emplace(name_of(path), path).first->second;
  if (known && *known != path) known.reset();
}

void SettingNames::add_all(const Setting& setting, SettingPath& path) {
  if (!path.empty()) add(path);
  for (const auto& [key, value] : setting.members) {
    path.push_back(key);
    add_all(value, path);
    path.pop_back();
  }
  for (std::size_t i = 0; i < setting.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    add_all(setting.elements[i], path);
    path.pop_back();
  }
}

}  // namespace trueup::engine
