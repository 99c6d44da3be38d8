// display_mode_conflict: several installed plugins provide one display mode. LEDMatrix gives the mode to the one that
// registers last, which is a matter of luck; so where more than one of them is on, a person decides.
#include <fmt/core.h>

#include <map>

#include "base/shell_word.h"
#include "model/display_mode.h"
#include "planner/choice_text.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;

constexpr std::size_t kNamed = 4;  // in a sentence; hostile manifests may share a mode by the thousand
constexpr std::size_t kShown = 20;

bool provides(const Situation& plugin) { return plugin.installed() && !plugin.tombstoned && !plugin.reserved; }

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kNamed && names.size() > kNamed + 1) return out + fmt::format(" and {} more", names.size() - kNamed);
    const bool last = i + 1 == names.size();
    out += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", names[i]);
  }
  return out;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (std::size_t i = 0; i < texts.size() && i < kShown; ++i) out += (i == 0 ? "" : ", ") + json_text(texts[i]);
  return out + "]";
}

/// Plugins that share the modes `modes`, and nobody else has those.
Found found_of(const Context& context, const std::vector<std::string>& plugins, const std::vector<std::string>& modes) {
  auto found = finding(InconsistencyType::display_mode_conflict, plugins.front(), "several_on",
                       fmt::format("Plugins {} all provide the display mode{} {}", listed(plugins),
                                   modes.size() == 1 ? "" : "s", listed(modes)));
  if (plugins.size() == 2) {
    found.description = fmt::format("Plugins {} and {} both provide the display mode{} {}", plugins[0], plugins[1],
                                    modes.size() == 1 ? "" : "s", listed(modes));
  }
  found.finding = model::finding_id(found.inconsistency_type, plugins.front(), modes.front());
  found.current_state = {{"display_modes", json_list(modes)}, {"providers", json_list(plugins)}};
  found.expected_state = {{"providers", "1"}};
  std::vector<std::string> on;
  for (const std::string& id : plugins) {
    const Situation& plugin = *context.situations.find(id);
    const bool is_on = enabled_of(plugin).enabled;
    if (is_on) on.push_back(id);
    if (found.evidence.size() == kShown) continue;
    found.evidence.push_back({path_of(context, *plugin.directory()) + "/manifest.json",
                              fmt::format("gives {} the display mode{} {}, and it is {}", id,
                                          modes.size() == 1 ? "" : "s", listed(modes), is_on ? "on" : "off")});
  }
  if (on.size() > 1) {
    return for_a_person(std::move(found),
                        fmt::format("LEDMatrix shows the one that happens to load last: keep one of them on, such as "
                                    "with `trueup disable {}`",
                                    shell_word(on.back())));
  }
  found.reason = "not_on_together";
  return left_alone(std::move(found), "nothing needs to be done while at most one of them is on");
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  std::vector<model::Option> options;
  for (const model::Evidence& evidence : finding.evidence) {
    for (const Situation& plugin : context.situations.all()) {
      if (!provides(plugin) || !enabled_of(plugin).enabled) continue;
      if (evidence.where != path_of(context, *plugin.directory()) + "/manifest.json") continue;
      options.push_back(
          {{fmt::format("off-{}", plugin.id),
            fmt::format("{}: {} goes off and keeps its settings", switch_text(context, plugin, false), plugin.id)},
           model::SwitchPlugin{std::string(plugin.id), false}});
    }
  }
  return options;
}

void check(const Context& context, Output& out) {
  model::ModeIndex index;
  for (const Situation& plugin : context.situations.all()) {
    if (provides(plugin)) index.add(plugin.id, plugin.directory()->display_modes);
  }
  index.finish();
  std::map<std::vector<std::string>, std::vector<std::string>> groups;  // plugins -> the modes they share
  for (model::ModeConflict& conflict : index.conflicts()) {
    groups[std::move(conflict.plugins)].push_back(std::move(conflict.mode));
  }
  for (const auto& [plugins, modes] : groups) out.push_back(found_of(context, plugins, modes));
}

}  // namespace

const Rule kDisplayModeConflict{
    .type = InconsistencyType::display_mode_conflict,
    .says =
        "Several installed plugins provide one display mode: a person decides where more than one of them is on, else "
        "it is information.",
    .needs = {model::Source::config, model::Source::disk},
    .whole = check,
    .options = options};

}  // namespace trueup::planner
