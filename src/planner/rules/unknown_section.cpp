// unknown_config_section: an object in config.json that nothing shows to be a plugin, and that is no setting known
// here. Information only: it is never given `enabled`, never installed, never deleted (failures F02, F03).
#include <fmt/core.h>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.section == nullptr || !plugin.section->is_object() || plugin.reserved || plugin.is_plugin()) return;
  auto found = finding(InconsistencyType::unknown_config_section, plugin.id, "no_evidence",
                       fmt::format("config.json has a section {} that no plugin is known for", plugin.id));
  found.evidence = {{path_of(context, Source::config), fmt::format("has a section `{}`", plugin.id)}};
  if (!context.observation.registry.present || !context.observation.reading(Source::registry).known()) {
    found.evidence.push_back({"registry", "could not be asked"});
  }
  out.push_back(left_alone(std::move(found), "it is left exactly as it is"));
}

}  // namespace

const Rule kUnknownSection{
    .type = InconsistencyType::unknown_config_section,
    .says = "A section of config.json that nothing shows to be a plugin: information, left exactly as it is.",
    .needs = {Source::config, Source::disk, Source::state},
    .each = check};

}  // namespace trueup::planner
