#include "engine/carry_out.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"

namespace trueup::engine {

using model::DocumentEdit;

Result<ConfigureReport> carry_out(World& world, const std::string& verb, const std::string& done,
                                  const Decide& decide) {
  // Looked at before the lock is taken, too: what is refused leaves no trace of trueup behind.
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, verb));
  if (auto possible = decide(first.seen); !possible) return first.refusal(std::move(possible).error());

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(const Decision decision, decide(seen));
  ConfigureReport report{
      .plugin_id = decision.plugin_id, .secret = decision.change.secret, .notes = decision.change.notes};
  if (!decision.change.edits.empty()) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(
        {.verb = verb,
         .plugin_id = decision.plugin_id,
         .reason = "asked_by_owner",
         .result = decision.plugin_id.empty() ? done : fmt::format("{} of {}", done, decision.plugin_id)});
    builder.add(decision.change.edits);
    builder.all_or_nothing();
    ASSIGN_OR_RETURN(const TransactionReport ran, session->run(builder.take(), builder.materials()));
    report.changed = true;
    for (const DocumentEdit& edit : decision.change.edits) {
      std::string file(relative_path(edit.document));
      if (std::find(report.files.begin(), report.files.end(), file) == report.files.end()) {
        report.files.push_back(std::move(file));
      }
    }
    report.notes.insert(report.notes.end(), ran.notes.begin(), ran.notes.end());
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
