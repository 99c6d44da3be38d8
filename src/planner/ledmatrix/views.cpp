#include "planner/ledmatrix/views.h"

#include <algorithm>
#include <array>

#include "json/canonical.h"
#include "json/document.h"

namespace trueup::planner::ledmatrix {
namespace {

using model::EnabledSetting;
using model::Observation;
using model::Section;
using model::StateRecord;

/// The top-level keys that the original at the seed does not take for plugins.
constexpr std::array<std::string_view, 17> kSystemKeys{"web_display_autostart",
                                                       "timezone",
                                                       "location",
                                                       "display",
                                                       "plugin_system",
                                                       "vegas_scroll_speed",
                                                       "vegas_separator_width",
                                                       "vegas_target_fps",
                                                       "vegas_buffer_ahead",
                                                       "vegas_plugin_order",
                                                       "vegas_excluded_plugins",
                                                       "vegas_scroll_enabled",
                                                       "logging",
                                                       "dim_schedule",
                                                       "network",
                                                       "system",
                                                       "schedule"};

bool is_system_key(std::string_view key) {
  return std::find(kSystemKeys.begin(), kSystemKeys.end(), key) != kSystemKeys.end();
}

/// What one key comes to when the template fills what is missing and the secrets replace what is there.
struct Layers {
  const Section* config = nullptr;
  const Section* secrets = nullptr;
  const Section* defaults = nullptr;
};

std::optional<ConfigView> merge(const Layers& layers) {
  const Section* base = layers.config != nullptr ? layers.config : layers.defaults;
  const Section* top = layers.secrets;
  if (top != nullptr && !top->is_object()) return std::nullopt;  // the secrets' scalar replaces the section
  const bool base_is_object = base != nullptr && base->is_object();
  if (!base_is_object && top == nullptr) return std::nullopt;

  ConfigView view;
  view.own = layers.config;
  const auto state = [&view](const Section* section) {
    const bool says =
        section != nullptr && section->is_object() && section->enabled.kind != EnabledSetting::Kind::absent;
    if (says) view.enabled = section->enabled.text;
    return says;
  };
  if (state(top)) return view;
  if (base_is_object && (state(layers.config) || state(layers.defaults))) return view;
  view.enabled = "true";
  return view;
}

void add_config(const Observation& observation, Views& views) {
  std::map<std::string_view, Layers> layers;
  for (const Section& section : observation.config.sections) layers[section.key].config = &section;
  for (const Section& section : observation.config.secrets) layers[section.key].secrets = &section;
  for (const Section& section : observation.config.templates) layers[section.key].defaults = &section;
  for (const auto& [key, layer] : layers) {
    if (is_system_key(key)) continue;
    if (auto view = merge(layer)) views.config.emplace(key, std::move(*view));
  }
}

void add_state(const Observation& observation, Views& views) {
  for (const StateRecord& record : observation.state) {
    // The original reads the records one after the other and gives up at the first that it cannot describe.
    if (record.original == StateRecord::AsOriginal::ends_reading) return;
    if (record.original == StateRecord::AsOriginal::kept) views.state.emplace(record.key, &record);
  }
}

bool is_plain_boolean(std::string_view text) { return text == "true" || text == "false"; }

}  // namespace

bool differ(const std::string& a, const std::string& b) {
  if (a == b && is_plain_boolean(a)) return false;
  if (is_plain_boolean(a) && is_plain_boolean(b)) return true;
  const auto left = json::Document::parse(a);
  const auto right = json::Document::parse(b);
  return !left || !right || !json::python_equal(left->root(), right->root());
}

Views make_views(const Observation& observation) {
  Views views;
  add_config(observation, views);
  for (const model::PluginDirectory& directory : observation.disk.directories) {
    (directory.manifest_is_object ? views.disk : views.damaged).emplace(directory.name, &directory);
  }
  add_state(observation, views);
  return views;
}

}  // namespace trueup::planner::ledmatrix
