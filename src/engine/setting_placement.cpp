#include "engine/setting_placement.h"

#include <algorithm>

#include "json/canonical.h"
#include "json/document.h"

namespace trueup::engine {

using model::DocumentName;
using model::PartedSetting;
using model::Setting;
using model::SettingPath;

namespace {

/// The part of `path` before the first list that it goes through; all of it without one.
SettingPath before_list(const Setting& merged, const SettingPath& path) {
  SettingPath out;
  const Setting* at = &merged;
  for (const std::string& step : path) {
    if (at != nullptr && at->is_list()) return out;
    out.push_back(step);
    if (at != nullptr) at = model::find(*at, {step});
  }
  return out;
}

bool is_nothing(const Setting& element) { return element.is_object() && element.members.empty(); }

bool is_list_of_objects(const Setting& list) {
  return list.is_list() && std::ranges::all_of(list.elements, [](const Setting& one) { return one.is_object(); });
}

/// What the secrets file has behind the end of config.json's list: LEDMatrix merges it into nothing, and it is not ours
/// to remove (promise 8). It stays behind the elements that there are now.
Setting with_surplus(const Setting& config, const Setting& secrets, const Setting& open,
                     const std::optional<Setting>& secret) {
  Setting list{.kind = json::Kind::array, .text = {}, .members = {}, .elements = {}, .origin = secrets.origin};
  if (secret) list.elements = secret->elements;
  while (list.elements.size() < open.elements.size()) list.elements.push_back(model::empty_object(secrets.origin));
  list.elements.insert(list.elements.end(),
                       secrets.elements.begin() + static_cast<std::ptrdiff_t>(config.elements.size()),
                       secrets.elements.end());
  return list;
}

/// The parts of a list, as the two files that have it already take them.
void fit_to_files(const PluginSettings& settings, const Setting& value, Placement& placed) {
  const auto config_section = settings.section(DocumentName::config);
  const auto secrets_section = settings.section(DocumentName::secrets);
  const Setting* config = config_section ? model::find(*config_section, placed.path) : nullptr;
  const Setting* secrets = secrets_section ? model::find(*secrets_section, placed.path) : nullptr;
  if (secrets == nullptr || !is_list_of_objects(*secrets) || !placed.open || !placed.open->is_list()) return;
  if (config == nullptr) {
    // All of the list lies in the secrets file: config.json gets none that says nothing.
    if (!std::ranges::all_of(placed.open->elements, is_nothing)) return;
    placed.open.reset();
    placed.secret = value;
  } else if (config->is_list() && secrets->elements.size() > config->elements.size()) {
    placed.secret = with_surplus(*config, *secrets, *placed.open, placed.secret);
  }
}

}  // namespace

json::Path whole_path(const PluginSettings& settings, const SettingPath& path) {
  json::Path whole{settings.plugin_id};
  whole.insert(whole.end(), path.begin(), path.end());
  return whole;
}

bool same_json(const Setting& a, const Setting& b) {
  const auto left = json::Document::parse(json_of(a));
  const auto right = json::Document::parse(json_of(b));
  return left && right && json::equal(left->root(), right->root());
}

bool lies_at_or_below(const SettingPath& path, const SettingPath& above) {
  return path.size() >= above.size() && std::equal(above.begin(), above.end(), path.begin());
}

Placement place(const PluginSettings& settings, const Setting& next, const SettingPath& path) {
  const model::SecretTest is_secret = [&settings](const SettingPath& at) { return settings.is_secret(at); };
  const SettingPath list = before_list(settings.merged(), path);
  const Setting* value = model::find(next, list);
  Placement placed{.path = list, .open = {}, .secret = {}};
  if (value == nullptr) return placed;
  PartedSetting parted = model::part(*value, list, is_secret);
  placed.open = std::move(parted.open);
  placed.secret = std::move(parted.secret);
  // Who saves a list as a whole says with it that there is nothing behind its end (failure F107).
  if (path.size() > list.size()) fit_to_files(settings, *value, placed);
  return placed;
}

}  // namespace trueup::engine
