#include "engine/second_look.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

#include "planner/plan.h"

namespace trueup::engine {
namespace {

using model::Observation;

/// The directory and the copies of one plugin, as one look saw them.
struct Beside {
  std::vector<model::PluginDirectory> directories;
  std::vector<model::Aside> asides;
  bool operator==(const Beside&) const = default;
};

Beside beside(const Observation& observation, const std::string& owner) {
  Beside found;
  for (const auto& directory : observation.disk.directories) {
    if (directory.name == owner) found.directories.push_back(directory);
  }
  for (const auto& aside : observation.disk.asides) {
    if (aside.owner == owner) found.asides.push_back(aside);
  }
  return found;
}

}  // namespace

void wait_for_second_look(World& world) {
  if (world.tell_of_wait) {
    world.tell_of_wait(fmt::format(
        "LEDMatrix may be at work on a plugin of which a copy was set aside: waiting {} seconds for a second look",
        kBetweenLooks.count()));
  }
  world.clock.sleep(kBetweenLooks);
}

void hold_for_second_look(const Observation& observation, model::Plan& plan) {
  if (observation.web_process == model::Tristate::no) return;
  for (model::Step& step : plan.steps) {
    if (step.aside && step.held.empty()) step.held = kSecondLook;
  }
}

bool needs_second_look(const Observation& observation) {
  if (observation.web_process == model::Tristate::no) return false;
  const bool any = std::ranges::any_of(observation.disk.asides, &model::Aside::known_suffix);
  if (!any) return false;
  const model::Plan plan = planner::make_plan(observation, {});
  return std::ranges::any_of(plan.steps, [](const model::Step& step) { return step.aside.has_value(); });
}

void mark_settling(const Observation& earlier, Observation& later) {
  if (later.web_process == model::Tristate::no) return;
  std::set<std::string> owners;
  for (const auto& aside : earlier.disk.asides) owners.insert(aside.owner);
  for (const auto& aside : later.disk.asides) owners.insert(aside.owner);
  for (const std::string& owner : owners) {
    const bool listed = std::ranges::find(later.disk.settling, owner) != later.disk.settling.end();
    if (!listed && beside(earlier, owner) != beside(later, owner)) later.disk.settling.push_back(owner);
  }
}

}  // namespace trueup::engine
