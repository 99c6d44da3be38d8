// `trueup status`: one screen. It tries the fullest text first and folds until it fits.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/counted.h"
#include "cli/render.h"
#include "cli/render_pass.h"
#include "planner/next_command.h"

namespace trueup::cli {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::InconsistencyType;

struct Problems {
  std::vector<const Inconsistency*> unread;
  std::vector<const Inconsistency*> for_a_person;
  std::vector<const Inconsistency*> fixable;
  std::vector<const Inconsistency*> held;   // by the owner's own word
  std::vector<const Inconsistency*> notes;  // nothing is to be done
};

Problems sorted_out(const PassView& pass) {
  Problems problems;
  for (const Inconsistency& finding : pass.plan->findings) {
    switch (finding.fix_action) {
      case FixAction::auto_fix: problems.fixable.push_back(&finding); break;
      case FixAction::manual_fix_required:
        (finding.inconsistency_type == InconsistencyType::source_unreadable ? problems.unread : problems.for_a_person)
            .push_back(&finding);
        break;
      case FixAction::no_action:
        (is_held_by_owner(finding) ? problems.held : problems.notes).push_back(&finding);
        break;
    }
  }
  return problems;
}

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Many of one kind as one sentence: "12 plugins: in config but not on disk: a, b, c and 9 more".
std::string group_text(const std::vector<const Inconsistency*>& group, const Terminal& terminal) {
  std::vector<std::string> names;
  for (const Inconsistency* finding : group) names.push_back(finding->plugin_id);
  const bool fixable = group.front()->fix_action == FixAction::auto_fix;
  Inconsistency whole;
  whole.fix_action = group.front()->fix_action;
  constexpr std::size_t kNamed = 8;
  whole.description = fmt::format("{} {}: {}", group.size(), headline(*group.front()), listed(names, kNamed));
  const std::string next =
      fixable ? "reconcile will mend them; `trueup plan` says how" : "`trueup plan` says what to do about each";
  return problem_text(whole, next, Detail::what_next, terminal);
}

enum class Folding { none, no_reasons, only_deeds, grouped };  // ever shorter

std::vector<std::string> blocks_of(const std::vector<const Inconsistency*>& problems, const StepIndex& steps,
                                   Folding folding, const Terminal& terminal) {
  std::vector<std::string> blocks;
  const auto single = [&](const Inconsistency& finding) {
    // What will be done tells what is wrong, where there is no room for both.
    const std::string deed = finding.fix_action == FixAction::auto_fix ? steps_text(finding, steps) : std::string();
    if (folding >= Folding::only_deeds && !deed.empty()) {
      blocks.push_back(problem_text(finding, deed, Detail::next, terminal));
    } else {
      const Detail detail = folding == Folding::none ? Detail::what_why_next : Detail::what_next;
      blocks.push_back(problem_text(finding, next_of(finding, steps), detail, terminal));
    }
  };
  if (folding != Folding::grouped) {
    for (const Inconsistency* finding : problems) single(*finding);
    return blocks;
  }
  std::vector<const Inconsistency*> ordered = problems;
  const auto kind = [](const Inconsistency* finding) {
    return std::pair(finding->inconsistency_type, headline(*finding));
  };
  std::stable_sort(ordered.begin(), ordered.end(), [&](const auto* a, const auto* b) { return kind(a) < kind(b); });
  for (std::size_t at = 0; at < ordered.size();) {
    std::size_t end = at + 1;
    while (end < ordered.size() && kind(ordered[end]) == kind(ordered[at])) ++end;
    if (end - at == 1) {
      single(*ordered[at]);
    } else {
      blocks.push_back(group_text(
          {ordered.begin() + static_cast<std::ptrdiff_t>(at), ordered.begin() + static_cast<std::ptrdiff_t>(end)},
          terminal));
    }
    at = end;
  }
  return blocks;
}

struct Part {
  std::string title;
  std::vector<std::string> blocks;
};

std::vector<Part> parts_of(const Problems& problems, const StepIndex& steps, Folding folding,
                           const Terminal& terminal) {
  std::vector<Part> parts;
  const auto add = [&](std::string_view title, const std::vector<const Inconsistency*>& list) {
    if (!list.empty()) parts.push_back({section_title(terminal, title), blocks_of(list, steps, folding, terminal)});
  };
  add("Could not be read, so nothing was decided on it:", problems.unread);
  add("Needs you:", problems.for_a_person);
  add("Will be mended by `trueup reconcile`:", problems.fixable);
  return parts;
}

std::size_t lines_of(const std::vector<Part>& parts) {
  std::size_t lines = 0;
  for (const Part& part : parts) {
    lines += 2;  // its title and the empty line before it
    for (const std::string& block : part.blocks) lines += lines_in(block);
  }
  return lines;
}

/// Drops blocks from the end of the longest part until all fits; what is dropped is counted.
void cut_to(std::vector<Part>& parts, std::size_t room, const Terminal& terminal) {
  std::size_t dropped = 0;
  while (lines_of(parts) + (dropped > 0 ? 1 : 0) > room) {
    const auto longest = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.blocks.size() < b.blocks.size(); });
    if (longest == parts.end() || longest->blocks.size() <= 1) break;
    longest->blocks.pop_back();
    ++dropped;
  }
  if (dropped == 0) return;
  parts.back().blocks.push_back(
      hanging(terminal, "  ", 2, fmt::format("... and {} more: `trueup plan` lists them all", dropped), Colour::dim));
}

std::string head_text(const PassView& pass, const Problems& problems, const Terminal& terminal) {
  std::string says;
  const auto add = [&says](std::size_t number, std::string_view one, std::string_view many) {
    if (number == 0) return;
    if (!says.empty()) says += ", ";
    says += counted(number, one, many);
  };
  add(problems.unread.size(), "source could not be read", "sources could not be read");
  add(problems.for_a_person.size(), "problem needs you", "problems need you");
  add(problems.fixable.size(), "can be mended", "can be mended");
  const bool bad = !problems.unread.empty() || !problems.for_a_person.empty();
  const Colour colour = bad ? Colour::bad : problems.fixable.empty() ? Colour::good : Colour::warning;
  if (says.empty()) {
    says = problems.held.empty() ? "everything is in agreement" : "all the rest is in agreement, but for what you hold";
  }
  const std::string root = shown(pass.observation->root);
  if (!terminal.interactive) return fmt::format("{}: {}\n", root, says);
  if (root.size() + says.size() + 2 > terminal.columns)
    return fmt::format("{}\n{}\n", root, painted(terminal, colour, says));
  return fmt::format("{}: {}\n", root, painted(terminal, colour, says));
}

std::string plugins_text(const PassView& pass, const Terminal& terminal) {
  std::vector<std::string> on;
  std::size_t off = 0;
  std::vector<std::string> not_there;
  for (const planner::RosterEntry& row : pass.plugins) {
    const bool there = row.state == planner::PluginState::healthy || row.state == planner::PluginState::linked;
    if (!there && row.enabled) not_there.push_back(row.id);  // also what is left as it is by the owner's word
    if (!row.reasons.empty() || (!there && row.enabled)) continue;
    if (row.enabled) {
      on.push_back(row.id);
    } else {
      ++off;
    }
  }
  if (!pass.observation->reading(model::Source::disk).known()) {
    return hanging(terminal, "", 0, "What is installed cannot be told.");
  }
  if (pass.plugins.empty()) return hanging(terminal, "", 0, "No plugins are installed.");
  if (!pass.observation->reading(model::Source::config).known()) {
    return hanging(terminal, "", 0,
                   fmt::format("{} there; which are on cannot be told.",
                               counted(pass.plugins.size(), "plugin is", "plugins are")));
  }
  constexpr std::size_t kNamed = 6;
  std::string says =
      fmt::format("{} of {} in agreement", on.size() + off, counted(pass.plugins.size(), "plugin", "plugins"));
  if (!on.empty()) says += fmt::format("; on: {}", listed(on, kNamed));
  if (off > 0) says += fmt::format("; {} off", off);
  if (!not_there.empty()) says += fmt::format("; not there or damaged: {}", listed(not_there, kNamed));
  return hanging(terminal, "", 0, says + ".");
}

std::string next_command(const PassView& pass, const Problems& problems) {
  for (const Inconsistency* finding : problems.unread) {
    if (const std::string command = planner::next_command(*finding); !command.empty()) return shown(command);
  }
  if (!problems.fixable.empty()) return command_text(pass, "reconcile");
  for (const Inconsistency* finding : problems.for_a_person) {
    if (const std::string command = planner::next_command(*finding); !command.empty()) return shown(command);
  }
  if (!problems.for_a_person.empty()) return command_text(pass, "plan");
  if (!problems.unread.empty()) return "trueup doctor";
  return "";
}

/// What LEDMatrix says of a plugin that it runs all the same: no disagreement, and still no good news.
std::string ailing_text(const PassView& pass, const Terminal& terminal) {
  std::string out;
  if (pass.observation->reading(model::Source::runtime).verdict != model::Verdict::complete) return out;
  constexpr std::size_t kTold = 3;
  std::size_t told = 0;
  std::size_t untold = 0;
  for (const model::RunningPlugin& one : pass.observation->runtime.plugins) {
    if (!one.runs() || one.health.empty()) continue;
    if (told == kTold) {
      ++untold;
      continue;
    }
    ++told;
    out +=
        hanging(terminal, "* ", 2,
                fmt::format("{0} runs; {1} (`trueup explain {0}`)", shown(one.id), shown(one.health)), Colour::warning);
  }
  if (untold > 0) {
    out += hanging(terminal, "* ", 2, fmt::format("and {} more that LEDMatrix says something of", untold));
  }
  return out;
}

std::string foot_text(const PassView& pass, const Problems& problems, const Terminal& terminal) {
  std::string out = plugins_text(pass, terminal);
  if (pass.observation->reading(model::Source::runtime).verdict != model::Verdict::complete) {
    const std::string& why = pass.observation->reading(model::Source::runtime).detail;
    const std::string told = why.empty() ? "this LEDMatrix does not tell" : why;
    out += hanging(terminal, "", 0, fmt::format("What runs is unknown: {}.", shown(told)));
  }
  out += ailing_text(pass, terminal);
  if (!problems.held.empty()) {
    std::vector<std::string> names;
    for (const Inconsistency* finding : problems.held) names.push_back(finding->plugin_id);
    out += hanging(terminal, "", 0,
                   fmt::format("Held because you said so: {} (`trueup plan` says what).", listed(names, 4)));
  }
  if (!problems.notes.empty()) {
    out += hanging(terminal, "", 0,
                   fmt::format("{} (`trueup plan` lists {}).",
                               counted(problems.notes.size(), "note needs nothing", "notes need nothing"),
                               problems.notes.size() == 1 ? "it" : "them"),
                   Colour::dim);
  }
  for (const std::string& note : pass.notes) out += hanging(terminal, "* ", 2, shown(note));
  const std::string command = next_command(pass, problems);
  if (command.empty()) return out;
  if (terminal.interactive) out += '\n';
  return out + fmt::format("Next: {}\n", painted(terminal, Colour::strong, command));
}

}  // namespace

std::string render_status(const PassView& pass, const Terminal& terminal) {
  const Problems problems = sorted_out(pass);
  const std::string head = head_text(pass, problems, terminal);
  const std::string foot = foot_text(pass, problems, terminal);
  const std::size_t fixed = lines_in(head) + lines_in(foot) + 2;  // an empty line, and the prompt afterwards
  const std::size_t room = terminal.rows > fixed ? terminal.rows - fixed : 1;
  const StepIndex steps(*pass.plan);
  std::vector<Part> parts;
  for (const Folding folding : {Folding::none, Folding::no_reasons, Folding::only_deeds, Folding::grouped}) {
    parts = parts_of(problems, steps, folding, terminal);
    if (lines_of(parts) <= room) break;
  }
  cut_to(parts, room, terminal);
  const std::string gap = terminal.interactive ? "\n" : "";
  std::string out = head;
  for (const Part& part : parts) {
    out += gap + part.title;
    for (const std::string& block : part.blocks) out += block;
  }
  return out + gap + foot;
}

}  // namespace trueup::cli
