// `trueup resolve FINDING [--choose NAME]` and `trueup ignore FINDING [--for TIME]`.
#include "engine/resolve.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/change.h"
#include "engine/look.h"

namespace trueup::cli {
namespace {

/// Without a choice: what can be chosen. Changes nothing.
Outcome show_choices(Call& call, const model::Inconsistency& finding) {
  ChangeReport report{
      .verb = "resolve",
      .plugin_id = finding.plugin_id,
      .changed = false,
      .says = fmt::format("{} Nothing was changed.",
                          finding.choices.empty() ? "There is nothing to choose." : "Say which with --choose.")};
  for (const model::Choice& choice : finding.choices) {
    report.details.push_back(fmt::format("{}: {}", choice.name, choice.does));
  }
  if (finding.choices.empty()) report.details.push_back(finding.advice);
  return show_change(call, report);
}

}  // namespace

Result<Outcome> run_resolve(Call& call) {
  const Invocation& asked = call.invocation;
  if (asked.choice.empty()) {
    ASSIGN_OR_RETURN(const auto found, engine::find_finding(call.world, asked.finding));
    return show_choices(call, found);
  }
  ASSIGN_OR_RETURN(const auto done, engine::resolve(call.world, asked.finding, asked.choice));
  return show_change(
      call, {.verb = "resolve",
             .plugin_id = done.finding.plugin_id,
             .changed = !done.history.empty(),
             .says = done.settled ? fmt::format("{} is settled: {}", done.finding.finding, done.choice.does)
                                  : fmt::format("{} is still found, although this was done: {}", done.finding.finding,
                                                done.choice.does),
             .details = done.notes,
             .n = last_number(done.history)});
}

Result<Outcome> run_ignore(Call& call) {
  ASSIGN_OR_RETURN(const auto done, engine::ignore(call.world, call.invocation.finding, call.invocation.lasts));
  return show_change(
      call, {.verb = "ignore",
             .plugin_id = done.finding.plugin_id,
             .changed = !done.already,
             .says = done.already ? fmt::format("{} was ignored already, so nothing was written", done.finding.finding)
                                  : fmt::format("{} is ignored until what it rests on changes{}", done.finding.finding,
                                                call.invocation.lasts ? " or the time is over" : ""),
             .details = done.notes,
             .n = last_number(done.history)});
}

}  // namespace trueup::cli
