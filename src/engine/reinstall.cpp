#include "engine/reinstall.h"

#include <fmt/core.h>

#include <utility>

#include "engine/choice.h"
#include "engine/look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "planner/situation.h"

namespace trueup::engine {
namespace {

using model::Source;

Result<const planner::Situation*> reinstallable(const model::Observation& observation,
                                                const planner::Situations& situations,
                                                const model::ReinstallAsShipped& order) {
  RETURN_IF_ERROR(require_known(observation, {Source::disk, Source::tombstones, Source::registry}, "reinstall"));
  ASSIGN_OR_RETURN(const planner::Situation* plugin, chosen_plugin(observation, situations, order.plugin_id));
  RETURN_IF_ERROR(may_change(*plugin));
  const bool stands = plugin->directories.size() == 1 && plugin->matching_receipt() != nullptr &&
                      !model::is_given(plugin->matching_receipt()->origin);
  const bool offered = plugin->entry_is_evidence() && plugin->entry->latest_version == order.version;
  if (stands && offered && plugin->directory()->version == order.version) return plugin;
  return Error{.code = stands ? ErrorCode::not_found : ErrorCode::conflict,
               .message = stands ? "the registry does not offer this version any more, so nothing was changed"
                                 : "it is no longer what trueup installed, so nothing was changed",
               .where = order.plugin_id,
               .hint = fmt::format("`trueup install {}` takes what the registry offers", order.plugin_id)};
}

}  // namespace

Result<ReinstallReport> reinstall_as_shipped(World& world, const model::ReinstallAsShipped& order) {
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "reinstall"));
  const planner::Situations found(first.seen.observation);
  if (auto possible = reinstallable(first.seen.observation, found, order); !possible) {
    return first.refusal(std::move(possible).error());
  }
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "reinstall"));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const planner::Situation* plugin, reinstallable(seen.observation, situations, order));
  const std::string& directory = plugin->directory()->name;
  ASSIGN_OR_RETURN(const auto number, session->next_number());
  UndertakingBuilder builder(number);
  builder.begin_deed({.verb = "reinstall",
                      .plugin_id = std::string(plugin->id),
                      .reason = "asked_by_owner",
                      .result = fmt::format("put the files of {} {} back as they were", plugin->id, order.version)});
  builder.deed().effects.made().receipts_put.push_back({.plugin_id = std::string(plugin->id),
                                                        .directory = directory,
                                                        .version = order.version,
                                                        .origin = seen.observation.registry.origin});
  builder.deed().effects_of_undoing.made().receipts_put =
      seen.observation.ledger.receipts;  // those of that directory stay
  std::string refusal;
  builder.add(PublishDirectory{.plugin_id = std::string(plugin->id),
                               .directory = directory,
                               .staged = fmt::format("staging/{}-{}", number, plugin->id),
                               .kept = builder.kept_path(directory),
                               .entry = plugin->entry->id,
                               .as_shipped = true,
                               .version = order.version},
              Materials{.entry = plugin->entry, .refusal = &refusal, .core_version = seen.observation.core_version});
  builder.all_or_nothing();
  ASSIGN_OR_RETURN(const TransactionReport done, session->run(builder.undertaking(), builder.materials()));
  ReinstallReport report{.notes = first.notes};
  report.notes.insert(report.notes.end(), done.notes.begin(), done.notes.end());
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
