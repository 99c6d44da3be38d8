// `trueup undo`, `trueup undo N` and `trueup undo --to N`.
#include "engine/undo.h"

#include <fmt/core.h>

#include "cli/change.h"

namespace trueup::cli {

Result<Outcome> run_undo(Call& call) {
  const auto reach = call.invocation.to            ? engine::UndoReach::and_all_later
                     : call.invocation.number == 0 ? engine::UndoReach::last_command
                                                   : engine::UndoReach::this_one;
  ASSIGN_OR_RETURN(const auto done, engine::undo(call.world, call.invocation.number, reach));
  ChangeReport report{
      .verb = "undo", .changed = !done.undone.empty(), .details = done.notes, .n = last_number(done.history)};
  if (!done.history.empty()) report.first = done.history.front();
  if (done.undone.empty()) {
    report.says = "there was nothing left to undo";
  } else if (done.undone.size() == 1) {
    report.plugin_id = done.undone.front().plugin_id;
    report.says = fmt::format("number {} is undone: {}", done.undone.front().number, done.undone.front().result);
  } else {
    report.says = fmt::format("{} actions are undone, numbers {} to {}", done.undone.size(), done.undone.back().number,
                              done.undone.front().number);
    for (const ledger::Action& one : done.undone) {
      report.details.push_back(fmt::format("number {}: {}", one.number, one.result));
    }
  }
  report.details.insert(report.details.end(), done.left.begin(), done.left.end());
  if (!done.held.empty()) {
    report.details.emplace_back("what this brought back is left alone until you ask for it by name, or it changes");
  }
  Outcome outcome = show_change(call, report);
  outcome.person_needed = outcome.person_needed || !done.left.empty();
  return outcome;
}

}  // namespace trueup::cli
