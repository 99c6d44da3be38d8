// `trueup plan` and `trueup reconcile`: every step, every finding, nothing folded.
#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "base/counted.h"
#include "base/shell_word.h"
#include "cli/edit_text.h"
#include "cli/pass_view.h"
#include "cli/render.h"
#include "cli/render_pass.h"
#include "engine/second_look.h"
#include "planner/budget.h"

namespace trueup::cli {
namespace {

using model::FixAction;
using model::Inconsistency;

/// What of a step's edits the summary does not already say: one line an edit, with the file's name.
std::vector<std::string> changes_of(const model::Step& step) {
  std::vector<std::string> lines;
  const bool said = step.action == model::StepAction::add_section || step.action == model::StepAction::remove_record;
  for (const model::DocumentEdit& edit : step.edits) {
    if (said && step.summary.find(relative_path(edit.document)) != std::string::npos) continue;
    lines.push_back(fmt::format("{}: {}", relative_path(edit.document), edit_text(edit)));
  }
  if (step.uploads) {
    lines.push_back(
        fmt::format("assets/plugins/{} becomes assets/plugins/{}", shown(step.uploads->from), shown(step.uploads->to)));
  }
  if (step.rebuild) {
    std::vector<std::string> keys;
    for (const auto& entry : step.rebuild->entries) keys.push_back(entry.key);
    constexpr std::size_t kNamed = 8;
    lines.push_back(fmt::format("{}: made again for {}; the damaged file is kept",
                                relative_path(model::DocumentName::state),
                                keys.empty() ? "no plugin" : listed(keys, kNamed)));
  }
  return lines;
}

/// Reconcile does it, after it has waited: no word of the owner's is needed.
bool waits_only(const model::Step& step) { return step.held == engine::kSecondLook; }

std::string step_text(std::size_t number, const model::Step& step, const Terminal& terminal) {
  const std::string summary = shown(step.summary) + (waits_only(step) ? " (waits for a second look)" : "");
  if (!terminal.interactive) {
    std::string line = fmt::format("{}. {}", number, summary);
    for (const std::string& change : changes_of(step)) line += fmt::format(" [{}]", change);
    return line + "\n";
  }
  const std::string lead = fmt::format("{:>3}. ", number);
  std::string out = hanging(terminal, lead, lead.size(), summary);
  for (const std::string& change : changes_of(step)) out += hanging(terminal, "     ", 5, change, Colour::dim);
  return out;
}

std::string not_done_text(const model::Step& step, const Terminal& terminal) {
  const std::string text = fmt::format("{} -> {}", shown(step.summary), held_text(step.held));
  return terminal.interactive ? hanging(terminal, "  - ", 4, text) : fmt::format("- {}\n", text);
}

struct Lists {
  std::vector<const Inconsistency*> manual;
  std::vector<const Inconsistency*> held;
  std::vector<const Inconsistency*> notes;
};

Lists lists_of(const auto& findings) {
  Lists lists;
  for (const Inconsistency& finding : findings) {
    if (finding.fix_action == FixAction::manual_fix_required) {
      lists.manual.push_back(&finding);
    } else if (finding.fix_action == FixAction::no_action) {
      (is_held_by_owner(finding) ? lists.held : lists.notes).push_back(&finding);
    }
  }
  return lists;
}

/// "or: trueup resolve plugin_config_invalid:clock --choose on|off"; never wrapped: it is there to be copied.
std::string choices_text(const Inconsistency& finding, const Terminal& terminal) {
  if (finding.choices.empty()) return "";
  std::string names;
  for (const model::Choice& choice : finding.choices) names += (names.empty() ? "" : "|") + shell_word(choice.name);
  const std::string command = fmt::format("trueup resolve {} --choose {}", shell_word(finding.finding), names);
  return terminal.interactive ? fmt::format("       {}\n", painted(terminal, Colour::dim, "or: " + command))
                              : fmt::format("  or: {}\n", command);
}

void write_findings(std::string_view title, const std::vector<const Inconsistency*>& findings, const PassView& pass,
                    const Terminal& terminal, Sink& out) {
  if (findings.empty()) return;
  const StepIndex steps(*pass.plan);
  if (terminal.interactive) out.write("\n");
  out.write(section_title(terminal, title));
  for (const Inconsistency* finding : findings) {
    out.write(problem_text(*finding, next_of(*finding, steps), Detail::what_why_next, terminal));
    out.write(choices_text(*finding, terminal));
  }
}

/// What was tried and did not help, with the reason that each step gave, and what was not tried.
std::string failures_text(const std::vector<const Inconsistency*>& failed, const PassView& pass,
                          const Terminal& terminal) {
  if (failed.empty()) return "";
  std::unordered_map<std::string_view, std::string> reasons;
  for (std::size_t i = 0; i < pass.steps.size() && i < pass.plan->steps.size(); ++i) {
    const model::Step& step = pass.plan->steps[i];
    if (!pass.steps[i].why.empty()) reasons[step.finding] = pass.steps[i].why;
    if (!step.held.empty()) reasons[step.finding] = held_text(step.held);
  }
  std::string out = terminal.interactive ? "\n" : "";
  out += section_title(terminal, "Still wrong:");
  for (const Inconsistency* finding : failed) {
    const auto reason = reasons.find(finding->finding);
    const std::string why =
        reason == reasons.end() ? "it was done, and a second look still finds it" : shown(reason->second);
    out += problem_text(*finding, why, Detail::what_next, terminal);
  }
  return out;
}

std::string notes_text(const PassView& pass, const Terminal& terminal) {
  std::string out;
  for (const std::string& note : pass.notes) out += hanging(terminal, "* ", 2, shown(note));
  return out;
}

/// One restart of the display ends whatever it is that asks for one.
bool is_told_already(const model::Step& step, const std::vector<const model::Step*>& told) {
  if (step.action != model::StepAction::restart_display || !step.held.empty()) return false;
  return std::ranges::any_of(told, [&step](const model::Step* one) {
    return one->action == step.action && one->held.empty() && one->summary == step.summary;
  });
}

std::string plan_end(const PassView& pass, std::size_t to_do, std::size_t confirmable, const Terminal& terminal) {
  std::string out = terminal.interactive ? "\n" : "";
  if (to_do > 0) {
    out += fmt::format("Nothing was written. To do it: {}\n",
                       painted(terminal, Colour::strong, command_text(pass, "reconcile")));
  } else {
    out += "Nothing was written.\n";
  }
  if (confirmable > 0) {
    // Never wrapped: it is there to be copied.
    out += fmt::format("To do what is held as well: {}{}\n", terminal.interactive ? "\n  " : "",
                       command_text(pass, fmt::format("reconcile --confirm {}", pass.plan->digest)));
  }
  return out;
}

}  // namespace

void render_plan(const PassView& pass, const Terminal& terminal, Sink& out) {
  const model::Plan& plan = *pass.plan;
  std::vector<const model::Step*> to_do;
  std::vector<const model::Step*> held;   // until somebody says yes
  std::vector<const model::Step*> never;  // by this rule set
  for (const model::Step& step : plan.steps) {
    if (is_told_already(step, to_do)) continue;
    (step.held.empty() || waits_only(step) ? to_do
     : planner::ends_with_a_yes(step.held) ? held
                                           : never)
        .push_back(&step);
  }

  if (to_do.empty()) {
    out.write(fmt::format("{}: nothing to do.\n", shown(pass.observation->root)));
  } else {
    out.write(
        section_title(terminal, fmt::format("{}: `{}` would take {}", shown(pass.observation->root),
                                            command_text(pass, "reconcile"), counted(to_do.size(), "step", "steps"))));
  }
  const std::string_view gap = terminal.interactive ? "\n" : "";
  std::size_t number = 0;
  for (const model::Step* step : to_do) out.write(step_text(++number, *step, terminal));
  if (!held.empty()) {
    out.write(gap);
    out.write(section_title(terminal, fmt::format("Held: {} until you say so", counted(held.size(), "step", "steps"))));
    for (const model::Step* step : held) out.write(step_text(++number, *step, terminal));
  }
  if (!never.empty()) {
    out.write(gap);
    out.write(section_title(terminal, fmt::format("Not done: {}", counted(never.size(), "step", "steps"))));
    for (const model::Step* step : never) out.write(not_done_text(*step, terminal));
  }
  const Lists lists = lists_of(plan.findings);
  write_findings("Needs you:", lists.manual, pass, terminal, out);
  write_findings("Held because you said so:", lists.held, pass, terminal, out);
  write_findings("Notes, nothing to be done:", lists.notes, pass, terminal, out);
  out.write(notes_text(pass, terminal));
  out.write(plan_end(pass, to_do.size(), held.size(), terminal));
}

namespace {

/// Findings of the pass that were to be mended, and are not.
std::vector<const Inconsistency*> failed_of(const model::ReconciliationResult& result) {
  std::unordered_set<const Inconsistency*> fixed;
  for (const Inconsistency& finding : result.inconsistencies_fixed) fixed.insert(&finding);
  std::vector<const Inconsistency*> failed;
  for (const Inconsistency& finding : result.inconsistencies_found) {
    if (finding.fix_action == FixAction::auto_fix && !fixed.contains(&finding)) failed.push_back(&finding);
  }
  return failed;
}

void write_mended(const PassView& pass, const Terminal& terminal, Sink& out) {
  if (pass.result.inconsistencies_fixed.empty()) return;
  const StepIndex steps(*pass.plan);
  const std::unordered_set<std::string_view> unverified(pass.unverified.begin(), pass.unverified.end());
  const std::string lead = fmt::format("  {} ", painted(terminal, Colour::good, "+"));
  out.write(section_title(terminal, "Mended:"));
  for (const Inconsistency& finding : pass.result.inconsistencies_fixed) {
    const std::string did = steps_text(finding, steps);
    std::string line = in_plain_words(finding);
    if (!did.empty()) line += fmt::format(" -> {}", did);
    if (unverified.contains(finding.finding)) line += " (not verified: a second look still finds it)";
    out.write(terminal.interactive ? hanging(terminal, lead, 4, line) : fmt::format("+ {}\n", line));
  }
}

}  // namespace

void render_reconcile(const PassView& pass, const Terminal& terminal, Sink& out) {
  const model::ReconciliationResult& result = pass.result;
  const auto failed = failed_of(result);
  write_mended(pass, terminal, out);
  StringSink open;
  open.write(failures_text(failed, pass, terminal));
  // What needs a person is told as it is now; the message, which is the original's, counts what was found before.
  Lists lists = pass.after == nullptr ? lists_of(result.inconsistencies_found) : lists_of(pass.after->findings);
  const std::size_t need_a_person = lists.manual.size();
  std::erase_if(lists.manual, [&failed](const Inconsistency* finding) {  // told above, with what went wrong
    return std::ranges::find(failed, finding->finding, &Inconsistency::finding) != failed.end();
  });
  write_findings("Needs you:", lists.manual, pass, terminal, open);
  write_findings("Held because you said so:", lists.held, pass, terminal, open);
  const bool first = result.inconsistencies_fixed.empty();
  std::string_view text = open.text();
  if (first && text.starts_with('\n')) text.remove_prefix(1);
  out.write(text);
  if (terminal.interactive && (!first || !text.empty())) out.write("\n");
  const bool good = result.reconciliation_successful && failed.empty();
  out.write(hanging(terminal, "", 0, shown(result.message), good ? Colour::good : Colour::bad));
  if (pass.after != nullptr && lists.manual.size() + failed.size() != result.inconsistencies_manual.size()) {
    out.write(hanging(terminal, "", 0,
                      fmt::format("Now {}.", counted(need_a_person, "problem needs you", "problems need you"))));
  }
  if (const std::size_t more = steps_now_possible(pass); more > 0) {
    out.write(hanging(terminal, "", 0,
                      fmt::format("More can be mended now than before: run `{}` once more ({}).",
                                  command_text(pass, "reconcile"), counted(more, "step", "steps"))));
  }
  out.write(notes_text(pass, terminal));
  if (!first && !pass.history.empty()) {
    out.write(hanging(terminal, "", 0, "What was replaced is kept: `trueup undo` takes it back.", Colour::dim));
  }
}

}  // namespace trueup::cli
