#include "engine/carry_out.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/bring_back.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"

namespace trueup::engine {

using model::DocumentEdit;

namespace {

std::vector<std::string> notes_of(const Decision& decision) {
  std::vector<std::string> notes;
  if (decision.switched) notes = decision.switched->notes;
  notes.insert(notes.end(), decision.change.notes.begin(), decision.change.notes.end());
  return notes;
}

bool changes_anything(const Decision& decision) {
  return !decision.change.edits.empty() || (decision.switched && !decision.switched->edits.empty());
}

/// One for the switch and one for the settings, as far as they change anything; `files` gets what they change.
void add_deeds(const Decision& decision, const std::string& verb, const std::string& done, UndertakingBuilder& builder,
               std::vector<std::string>& files) {
  const auto add = [&](Deed deed, const std::vector<DocumentEdit>& edits) {
    if (edits.empty()) return;
    deed.plugin_id = decision.plugin_id;
    deed.reason = "asked_by_owner";
    builder.begin_deed(std::move(deed));
    builder.add(edits);
    for (const DocumentEdit& edit : edits) {
      std::string file(relative_path(edit.document));
      if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(std::move(file));
    }
  };
  const std::string result = decision.plugin_id.empty() ? done : fmt::format("{} of {}", done, decision.plugin_id);
  // First: a secret is written to its new place before it is removed from the old one.
  add({.verb = verb, .result = result}, decision.change.edits);
  if (decision.switched) add(deed_of(*decision.switched), decision.switched->edits);
  builder.all_or_nothing();
}

}  // namespace

Result<ConfigureReport> carry_out(World& world, const std::string& verb, const std::string& done,
                                  const std::string& name, const Decide& decide) {
  // Looked at before the lock is taken, too: what is refused leaves no trace of trueup behind.
  ASSIGN_OR_RETURN(const SettledLook first,
                   name.empty() ? look_when_settled(world, verb) : look_when_whole(world, verb, name));
  if (auto possible = decide(first.seen); !possible) return first.refusal(std::move(possible).error());

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(const Decision decision, decide(seen));
  ConfigureReport report{
      .plugin_id = decision.plugin_id, .secret = decision.change.secret, .notes = notes_of(decision)};
  if (decision.switched) report.enabled = decision.switched->enabled;
  if (changes_anything(decision)) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    add_deeds(decision, verb, done, builder, report.files);
    ASSIGN_OR_RETURN(const TransactionReport ran, session->run(builder.take(), builder.materials()));
    report.changed = true;
    report.notes.insert(report.notes.end(), ran.notes.begin(), ran.notes.end());
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
