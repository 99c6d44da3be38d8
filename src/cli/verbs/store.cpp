// `trueup store search|show|refresh|add|remove`: what there is to install, and where it comes from.
#include <fmt/core.h>

#include "cli/change.h"
#include "cli/store_view.h"
#include "engine/look.h"
#include "engine/refresh.h"
#include "engine/saved_repositories.h"
#include "planner/attempts.h"

namespace trueup::cli {
namespace {

using RefreshOutcome = store::RefreshReport::Outcome;

/// The list that search and show read. Error: there is none, or it cannot be read.
Result<model::Observation> look_at_store(Call& call) {
  ASSIGN_OR_RETURN(engine::Look seen, engine::look(call.world));
  const model::SourceReading& reading = seen.observation.reading(model::Source::registry);
  if (reading.verdict == model::Verdict::complete) return std::move(seen.observation);
  if (reading.known()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no registry to look into",
                 .hint = "name one with --registry"};
  }
  return Error{.code = ErrorCode::unreadable,
               .message = reading.detail,
               .where = reading.path,
               .hint = "`trueup store refresh` asks the registry itself"};
}

Result<Outcome> search(Call& call) {
  ASSIGN_OR_RETURN(const model::Observation observation, look_at_store(call));
  const StoreView view = store_view(observation, call.invocation.word, call.invocation.category);
  if (call.invocation.json) {
    write_store_json(view, call.console.out);
  } else {
    call.console.out.write(render_store(view, call.console.terminal));
  }
  return Outcome{};
}

/// What an address offers, without saving it.
Result<Outcome> show_offer(Call& call) {
  ASSIGN_OR_RETURN(engine::Look seen, engine::look(call.world));
  model::Observation observation = std::move(seen.observation);
  ASSIGN_OR_RETURN(observation.registry, engine::offered_by(call.world, call.invocation.word));
  const StoreView view = store_view(observation, "", "");
  if (call.invocation.json) {
    write_store_json(view, call.console.out);
  } else {
    call.console.out.write(render_store(view, call.console.terminal));
  }
  return Outcome{};
}

Result<Outcome> show(Call& call) {
  if (call.invocation.ids.empty()) return show_offer(call);
  ASSIGN_OR_RETURN(const model::Observation observation, look_at_store(call));
  const StoreView view = store_view_of(observation, call.invocation.word);
  if (view.rows.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = planner::refusal_of_entry(observation.registry, call.invocation.word)
                                .value_or("the store lists no such plugin"),
                 .where = call.invocation.word,
                 .hint = "`trueup store search` lists all of them"};
  }
  if (call.invocation.json) {
    write_store_json(view, call.console.out);
    return Outcome{};
  }
  for (const StoreRow& row : view.rows) call.console.out.write(render_store_row(row, call.console.terminal));
  return Outcome{};
}

std::string sentence(const store::RefreshReport& report, std::string_view what) {
  switch (report.outcome) {
    case RefreshOutcome::replaced: return fmt::format("{} was fetched", what);
    case RefreshOutcome::unchanged:
    case RefreshOutcome::not_due: return fmt::format("{} has not changed", what);
    case RefreshOutcome::kept:
    case RefreshOutcome::failed: break;
  }
  return engine::note_of(report);
}

bool went_well(const store::RefreshReport& report) {
  return report.outcome != RefreshOutcome::kept && report.outcome != RefreshOutcome::failed;
}

Result<Outcome> refresh(Call& call) {
  if (call.world.store == nullptr) {
    return Error{
        .code = ErrorCode::not_found, .message = "there is no registry to ask", .hint = "name one with --registry"};
  }
  const auto main = engine::refresh_registry(call.world, store::Ask::now, call.invocation.anyway);
  ASSIGN_OR_RETURN(const auto others, engine::refresh_saved(call.world, "", store::Ask::now));
  bool all_well = went_well(main);
  ChangeReport report{.verb = "store refresh",
                      .plugin_id = "",
                      .changed = main.outcome == RefreshOutcome::replaced,
                      .says = sentence(main, "the registry")};
  if (main.outcome == RefreshOutcome::kept) {
    report.details.emplace_back("`trueup store refresh --anyway` takes what it sent all the same");
  }
  for (const store::SavedRefresh& other : others) {
    all_well = all_well && went_well(other.report);
    report.changed = report.changed || other.report.outcome == RefreshOutcome::replaced;
    report.details.push_back(went_well(other.report) ? sentence(other.report, other.url)
                                                     : fmt::format("{}: {}", other.url, other.report.why));
  }
  show_change(call, report);
  return Outcome{.failed = !all_well};
}

Result<Outcome> add(Call& call) {
  ASSIGN_OR_RETURN(const auto added, engine::add_repository(call.world, call.invocation.word));
  ChangeReport report{.verb = "store add",
                      .plugin_id = added.url,
                      .changed = added.changed,
                      .says = fmt::format("{} is {}saved", added.url, added.changed ? "" : "already "),
                      .details = added.notes,
                      .n = last_number(added.history)};
  ASSIGN_OR_RETURN(const auto fetched, engine::refresh_saved(call.world, added.url, store::Ask::now));
  for (const store::SavedRefresh& one : fetched) {
    report.details.push_back(
        went_well(one.report)
            ? "`trueup store search` shows what it offers"
            : fmt::format("its list could not be fetched ({}); `trueup store refresh` tries again", one.report.why));
  }
  return show_change(call, report);
}

Result<Outcome> remove(Call& call) {
  ASSIGN_OR_RETURN(const auto removed, engine::remove_repository(call.world, call.invocation.word));
  return show_change(call,
                     {.verb = "store remove",
                      .plugin_id = removed.url,
                      .changed = removed.changed,
                      .says = fmt::format("{} is no longer asked; what came from it stays installed", removed.url),
                      .details = removed.notes,
                      .n = last_number(removed.history)});
}

}  // namespace

Result<Outcome> run_store(Call& call) {
  switch (call.invocation.store) {
    case StoreAction::search: return search(call);
    case StoreAction::show: return show(call);
    case StoreAction::refresh: return refresh(call);
    case StoreAction::add: return add(call);
    case StoreAction::remove: return remove(call);
  }
  return Error{.message = "an action without a function"};
}

}  // namespace trueup::cli
