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
  return placed;
}

}  // namespace trueup::engine
