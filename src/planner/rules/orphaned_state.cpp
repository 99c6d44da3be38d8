// plugin_orphaned_state: plugin_state.json records a plugin that nothing else knows: a ghost. A record alone is no wish
// (failure F50), and the record is a cache: it is removed, and undo brings it back.
#include <fmt/core.h>

#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check(const Context& context, const Situation& plugin, Output& out) {
  if (plugin.record == nullptr || !plugin.record->problem.empty()) return;
  const bool ghost_of_installed = !plugin.installed_as.empty();
  if (!plugin.directories.empty() || (plugin.section != nullptr && !plugin.reserved)) return;
  if (plugin.past_receipt != nullptr && !plugin.tombstoned) return;  // wanted back: plugin_missing_on_disk speaks
  if (plugin.follows) return;                                        // it goes along: plugin_renamed speaks
  if (!plugin.asides.empty()) return;                                // the record says what the aside was

  std::string_view reason = "nothing_behind_it";
  if (plugin.reserved) reason = "reserved_name";
  if (ghost_of_installed) reason = "alias_of_installed";
  if (plugin.tombstoned) reason = "removed_by_owner";
  auto found = finding(InconsistencyType::plugin_orphaned_state, plugin.id, reason,
                       ghost_of_installed ? fmt::format("Plugin {} is recorded, but it is installed as {}", plugin.id,
                                                        plugin.installed_as)
                                          : fmt::format("Plugin {} is recorded, but nothing else knows it", plugin.id));
  found.current_state = {{"recorded", "true"}};
  found.expected_state = {{"recorded", "false"}};
  found.evidence = {{path_of(context, Source::state), "has a record of it"},
                    {context.observation.disk.path, "has nothing of that name"},
                    {path_of(context, Source::config), "has no section of that name"}};
  if (context.observation.web_process != model::Tristate::no) {
    found.reason = "owned_by_running_program";
    out.push_back(
        left_alone(std::move(found), "LEDMatrix's web process is running and rewrites that file from memory"));
    return;
  }
  if (context.situations.may_follow_unseen() && plugin.has_only_a_choice()) {
    found.reason = "registry_unreadable";
    out.push_back(left_alone(std::move(found),
                             "pending: when the registry can be read, it may declare this name a "
                             "former one of a plugin that nobody chose for yet"));
    return;
  }
  auto step = step_for(found, model::StepAction::remove_record,
                       fmt::format("remove the record of {} from {}", plugin.id, path_of(context, Source::state)));
  step.edits = {{.document = model::DocumentName::state,
                 .path = {"states", std::string(plugin.id)},
                 .expected = plugin.record->text}};
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

const Rule kOrphanedState{
    .type = InconsistencyType::plugin_orphaned_state,
    .says = "plugin_state.json records a plugin that nothing else knows: the record is removed (undo brings it back).",
    .needs = {Source::config, Source::disk, Source::state},
    .step_needs = {Source::tombstones, Source::ledger},
    .each = check};

}  // namespace trueup::planner
