// list, history, doctor, explain, the answer of a verb that changes one thing, and errors.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "base/counted.h"
#include "cli/render.h"
#include "cli/render_pass.h"
#include "cli/table.h"
#include "planner/plain_words.h"

namespace trueup::cli {
namespace {

Colour colour_of(planner::PluginState state) {
  switch (state) {
    case planner::PluginState::healthy: return Colour::good;
    case planner::PluginState::linked: return Colour::good;
    case planner::PluginState::damaged: return Colour::bad;
    case planner::PluginState::missing: return Colour::warning;
    case planner::PluginState::unknown: return Colour::dim;
  }
  return Colour::plain;
}

/// What config.json says needs no remark; any other origin of the answer does.
std::string enabled_text(const planner::RosterEntry& row) {
  const std::string_view word = row.enabled ? "on" : "off";
  return row.enabled_from == "config" ? std::string(word) : fmt::format("{} ({})", word, row.enabled_from);
}

/// "Plugin weather is damaged: ..." in the row of weather: "is damaged: ...".
std::string without_subject(std::string_view sentence, std::string_view id) {
  const std::string subject = fmt::format("Plugin {} ", id);
  const std::string plain = planner::without_the_originals_words(sentence);
  return shown(plain.starts_with(subject) ? plain.substr(subject.size()) : plain);
}

struct CivilTime {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// Days since 1970-01-01 to a date of our calendar (H. Hinnant's algorithm, public domain); the C library's would ask
// the environment for a time zone.
CivilTime civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::string time_text(std::int64_t seconds) {
  std::int64_t days = seconds / 86400;
  std::int64_t rest = seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  const CivilTime date = civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", date.year, date.month, date.day, rest / 3600, rest / 60 % 60);
}

struct LinkMark {
  std::string_view text;
  Colour colour;
};

LinkMark mark_of(const planner::ChainLink& link) {
  if (!link.known) return {"?", Colour::dim};
  return link.ok ? LinkMark{"ok", Colour::good} : LinkMark{"NO", Colour::bad};
}

/// What the link says, and what that rests on.
std::string link_text(const planner::ChainLink& link) {
  std::vector<model::Evidence> news;
  for (const model::Evidence& one : link.evidence) {
    if (!one.where.empty() && link.sentence.find(one.fact) == std::string::npos) news.push_back(one);
  }
  const std::string why = evidence_text(news);
  return why.empty() ? shown(link.sentence) : fmt::format("{} ({})", shown(link.sentence), why);
}

/// "now, later (also provided by forecast)"
std::string modes_text(const std::vector<planner::ExplainedMode>& modes) {
  constexpr std::size_t kNamed = 3;
  std::string out;
  for (const planner::ExplainedMode& mode : modes) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", shown(mode.mode));
    if (!mode.also_by.empty()) out += fmt::format(" (also provided by {})", listed(mode.also_by, kNamed));
  }
  return out;
}

struct VerdictWord {
  std::string_view text;
  Colour colour;
};

VerdictWord word_of(Check::Verdict verdict) {
  switch (verdict) {
    case Check::Verdict::good: return {"ok", Colour::good};
    case Check::Verdict::note: return {"note", Colour::dim};
    case Check::Verdict::warning: return {"warn", Colour::warning};
    case Check::Verdict::bad: return {"BAD", Colour::bad};
  }
  return {"", Colour::plain};
}

}  // namespace

std::string render_list(const std::vector<planner::RosterEntry>& plugins, const Terminal& terminal) {
  if (plugins.empty()) return terminal.interactive ? "No plugins are installed.\n" : "";
  Table table({"PLUGIN", "VERSION", "ENABLED", "STATE", "WHY"});
  for (const planner::RosterEntry& row : plugins) {
    std::string why;
    for (const std::string& reason : row.reasons) why += (why.empty() ? "" : "; ") + without_subject(reason, row.id);
    if (!row.directory.empty() && row.directory != row.id) {
      why += fmt::format("{}directory {}", why.empty() ? "" : "; ", shown(row.directory));
    }
    table.add({{shown(row.id)},
               {row.version.empty() ? "-" : shown(row.version)},
               {enabled_text(row), row.enabled ? Colour::plain : Colour::dim},
               {std::string(to_string(row.state)), colour_of(row.state)},
               {why, Colour::dim}});
  }
  return table.text(terminal);
}

std::string render_explanation(const planner::Explanation& explanation, std::string_view asked_for,
                               const Terminal& terminal) {
  const auto at = std::ranges::find_if(explanation.chain, [](const auto& link) { return link.known && !link.ok; });
  const planner::ChainLink* broken = at == explanation.chain.end() ? nullptr : &*at;
  std::string head = shown(explanation.id);
  if (explanation.asked_by_mode) {
    head += fmt::format(", which provides the display mode {},", shown(asked_for));
  } else if (asked_for != explanation.id) {
    head += fmt::format(" (asked for as {})", shown(asked_for));
  }
  std::string out =
      hanging(terminal, "", 0, fmt::format("{} {}", head, planner::verdict_of(explanation)), Colour::strong);
  for (const planner::ChainLink& link : explanation.chain) {
    const LinkMark mark = mark_of(link);
    const std::string lead = terminal.interactive
                                 ? fmt::format("  {}{}{:<12}", painted(terminal, mark.colour, mark.text),
                                               std::string(4 - mark.text.size(), ' '), link.link)
                                 : fmt::format("{} {}: ", mark.text, link.link);
    out += hanging(terminal, lead, 18, link_text(link));
  }
  if (const std::string modes = modes_text(explanation.display_modes); !modes.empty()) {
    const std::string lead = terminal.interactive ? fmt::format("      {:<12}", "modes") : "modes: ";
    out += hanging(terminal, lead, 18, modes, Colour::dim);
  }
  // The broken link says what its own finding says.
  std::vector<const model::Inconsistency*> others;
  for (const model::Inconsistency& finding : explanation.findings) {
    if (broken == nullptr || broken->sentence.find(finding.description) == std::string::npos)
      others.push_back(&finding);
  }
  if (!others.empty()) {
    if (terminal.interactive) out += '\n';
    out += section_title(terminal, "Also:");
    for (const model::Inconsistency* finding : others) {
      out += problem_text(*finding, shown(finding->advice), Detail::what_why_next, terminal);
    }
  }
  if (broken == nullptr || broken->mend.empty()) return out;
  if (terminal.interactive) out += '\n';
  return out + fmt::format("Next: {}\n", painted(terminal, Colour::strong, shown(broken->mend)));
}

std::string render_history(const std::vector<ledger::Action>& rows, const ZoneOffset& zone, const Terminal& terminal) {
  if (rows.empty()) return terminal.interactive ? "Nothing was done yet.\n" : "";
  Table table({"N", "WHEN", "VERB", "PLUGIN", "WHY", "RESULT"});
  for (const ledger::Action& row : rows) {
    std::string result = shown(row.result);
    if (row.undone_by) result += fmt::format(", undone by {}", *row.undone_by);
    table.add({{std::to_string(row.number)},
               {time_text(row.at + zone(row.at)), Colour::dim},
               {shown(row.verb)},
               {row.plugin_id.empty() ? "-" : shown(row.plugin_id)},
               {shown(row.reason), Colour::dim},
               {result, row.undone_by ? Colour::dim : Colour::plain}});
  }
  return table.text(terminal);
}

namespace {

/// What the LEDMatrix in this root will make of what was found.
std::string next_start_text(const DoctorReport& report, const Terminal& terminal) {
  if (report.next_start.empty()) return {};
  std::string out;
  if (terminal.interactive) {
    out += '\n' + hanging(terminal, "", 0, "When LEDMatrix's web process starts next, it");
  }
  for (const planner::NextStart& one : report.next_start) {
    if (terminal.interactive) {
      out += hanging(terminal, "  ", 4, fmt::format("{}: {}", shown(one.finding), shown(one.says)));
    } else {
      out += fmt::format("next start: {}: {} ({})\n", shown(one.finding), shown(one.says), one.outcome);
    }
  }
  return out;
}

}  // namespace

std::string render_doctor(const DoctorReport& report, const Terminal& terminal) {
  std::string out = section_title(terminal, shown(report.root));
  std::size_t troubles = 0;
  std::size_t width = 0;
  for (const Check& check : report.checks) width = std::max(width, display_width(check.name));
  for (const Check& check : report.checks) {
    const VerdictWord word = word_of(check.verdict);
    if (check.verdict == Check::Verdict::bad || check.verdict == Check::Verdict::warning) ++troubles;
    if (!terminal.interactive) {
      out += fmt::format("{} {}: {}{}{}\n", word.text, check.name, shown(check.says),
                         check.advice.empty() ? "" : " -> ", shown(check.advice));
      continue;
    }
    const std::string lead =
        fmt::format("  {}{}{}{}", painted(terminal, word.colour, word.text), std::string(6 - word.text.size(), ' '),
                    check.name, std::string(width - display_width(check.name) + 2, ' '));
    out += hanging(terminal, lead, 10 + width, shown(check.says));
    if (!check.advice.empty()) {
      out += hanging(terminal, std::string(10 + width, ' ') + "-> ", 13 + width, shown(check.advice), Colour::dim);
    }
  }
  out += next_start_text(report, terminal);
  if (terminal.interactive) out += '\n';
  if (troubles == 0 && report.findings == 0) return out + painted(terminal, Colour::good, "All is well.") + "\n";
  if (troubles > 0) out += fmt::format("{} to look at.\n", counted(troubles, "thing", "things"));
  if (report.findings > 0) {
    out +=
        fmt::format("{} about plugins: `trueup status` tells what.\n", counted(report.findings, "finding", "findings"));
  }
  return out;
}

std::string render_change(const ChangeReport& report, const Terminal& terminal) {
  std::string out =
      hanging(terminal, "", 0, as_sentence(shown(report.says)), report.changed ? Colour::good : Colour::plain);
  for (const std::string& detail : report.details) out += hanging(terminal, "  ", 2, as_sentence(shown(detail)));
  if (report.n) {
    const bool several = report.first && *report.first != *report.n;
    out += hanging(terminal, "  ", 2,
                   several ? fmt::format("`trueup undo --to {}` takes it back.", *report.first)
                           : fmt::format("Number {0} in history: `trueup undo {0}` takes it back.", *report.n),
                   Colour::dim);
  }
  return out;
}

std::string render_error(const Error& error, const Terminal& terminal) {
  const std::string lead = fmt::format("{} ", painted(terminal, Colour::bad, "trueup:"));
  std::string what =
      error.where.empty() ? shown(error.message) : fmt::format("{}: {}", shown(error.where), shown(error.message));
  for (const std::string& line : error.context) what += fmt::format(" ({})", shown(line));
  std::string out = hanging(terminal, lead, 8, what);
  if (!error.hint.empty())
    out += hanging(terminal, terminal.interactive ? "        " : "trueup: ", 8, as_sentence(shown(error.hint)));
  return out;
}

}  // namespace trueup::cli
