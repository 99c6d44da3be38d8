// list, history, doctor, explain, the answer of a verb that changes one thing, and errors.
#include <fmt/core.h>

#include <cstdio>

#include "cli/render.h"
#include "cli/render_pass.h"
#include "cli/table.h"

namespace trueup::cli {
namespace {

Colour colour_of(PluginState state) {
  switch (state) {
    case PluginState::healthy: return Colour::good;
    case PluginState::linked: return Colour::good;
    case PluginState::damaged: return Colour::bad;
    case PluginState::missing: return Colour::warning;
    case PluginState::unknown: return Colour::dim;
  }
  return Colour::plain;
}

std::string enabled_text(const PluginRow& row) {
  const std::string_view word = row.enabled ? "on" : "off";
  switch (row.enabled_from) {
    case EnabledFrom::config: return std::string(word);
    case EnabledFrom::recorded: return fmt::format("{} (recorded)", word);
    case EnabledFrom::unstated: return fmt::format("{} (unstated)", word);
    case EnabledFrom::invalid: return fmt::format("{} (invalid)", word);
  }
  return std::string(word);
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

std::string_view mark_of(model::Tristate ok) {
  switch (ok) {
    case model::Tristate::yes: return "ok";
    case model::Tristate::no: return "NO";
    case model::Tristate::unknown: return "?";
  }
  return "?";
}

Colour colour_of(model::Tristate ok) {
  switch (ok) {
    case model::Tristate::yes: return Colour::good;
    case model::Tristate::no: return Colour::bad;
    case model::Tristate::unknown: return Colour::dim;
  }
  return Colour::plain;
}

std::string evidence_text(const std::vector<model::Evidence>& evidence) {
  std::string out;
  for (const model::Evidence& one : evidence) {
    if (!out.empty()) out += "; ";
    out += shown(one.where);
    if (!out.empty() && !one.fact.empty()) out += ' ';
    out += shown(one.fact);
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

std::string render_list(const std::vector<PluginRow>& plugins, const Terminal& terminal) {
  if (plugins.empty()) return terminal.interactive ? "No plugins are installed.\n" : "";
  Table table({"PLUGIN", "VERSION", "ENABLED", "STATE", "WHY"});
  for (const PluginRow& row : plugins) {
    std::string why;
    for (const std::string& reason : row.reasons) why += (why.empty() ? "" : ", ") + shown(reason);
    if (!row.directory.empty() && row.directory != row.id) {
      why += fmt::format("{}directory {}", why.empty() ? "" : ", ", shown(row.directory));
    }
    table.add({{shown(row.id)},
               {row.version.empty() ? "-" : shown(row.version)},
               {enabled_text(row), row.enabled ? Colour::plain : Colour::dim},
               {std::string(to_string(row.state)), colour_of(row.state)},
               {why, Colour::dim}});
  }
  return table.text(terminal);
}

std::string render_explanation(const Explanation& explanation, const Terminal& terminal) {
  const std::string id = shown(explanation.plugin_id);
  const Link* broken = nullptr;
  for (const Link& link : explanation.chain) {
    if (link.ok == model::Tristate::no && broken == nullptr) broken = &link;
  }
  std::string head = id;
  if (!explanation.asked_for.empty() && explanation.asked_for != explanation.plugin_id) {
    head += fmt::format(" (also known as {})", shown(explanation.asked_for));
  }
  std::string out = section_title(
      terminal, broken == nullptr ? fmt::format("{}: nothing known here keeps it off the display", head)
                                  : fmt::format("{} is not on the display: it is not {}", head, broken->link));
  for (const Link& link : explanation.chain) {
    const std::string lead = terminal.interactive
                                 ? fmt::format("  {}{}{:<12}", painted(terminal, colour_of(link.ok), mark_of(link.ok)),
                                               std::string(4 - mark_of(link.ok).size(), ' '), link.link)
                                 : fmt::format("{} {}: ", mark_of(link.ok), link.link);
    out += hanging(terminal, lead, 18, evidence_text(link.evidence));
  }
  const Link* last = broken != nullptr ? broken : explanation.chain.empty() ? nullptr : &explanation.chain.back();
  if (last != nullptr && !last->mend.empty()) {
    if (terminal.interactive) out += '\n';
    out += hanging(terminal, "Next: ", 6, shown(last->mend), Colour::strong);
  }
  if (explanation.findings.empty()) return out;
  if (terminal.interactive) out += '\n';
  out += section_title(terminal, "Findings:");
  for (const model::Inconsistency& finding : explanation.findings) {
    out += problem_text(finding, shown(finding.advice), Detail::what_why_next, terminal);
  }
  return out;
}

std::string render_history(const std::vector<HistoryRow>& rows, std::int64_t zone_offset_seconds,
                           const Terminal& terminal) {
  if (rows.empty()) return terminal.interactive ? "Nothing was done yet.\n" : "";
  Table table({"N", "WHEN", "VERB", "PLUGIN", "RESULT", "WHY"});
  for (const HistoryRow& row : rows) {
    std::string result = shown(row.result);
    if (row.undone_by) result += fmt::format(", undone by {}", *row.undone_by);
    table.add({{std::to_string(row.n)},
               {time_text(row.at + zone_offset_seconds), Colour::dim},
               {shown(row.verb)},
               {row.plugin_id.empty() ? "-" : shown(row.plugin_id)},
               {result, row.undone_by ? Colour::dim : Colour::plain},
               {shown(row.reason), Colour::dim}});
  }
  return table.text(terminal);
}

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
  if (terminal.interactive) out += '\n';
  if (troubles == 0) return out + painted(terminal, Colour::good, "All is well.") + "\n";
  return out + fmt::format("{} to look at.\n", counted(troubles, "thing", "things"));
}

std::string render_change(const ChangeReport& report, const Terminal& terminal) {
  std::string out =
      hanging(terminal, "", 0, as_sentence(shown(report.says)), report.changed ? Colour::good : Colour::plain);
  for (const std::string& detail : report.details) out += hanging(terminal, "  ", 2, as_sentence(shown(detail)));
  if (report.n) {
    out += hanging(terminal, "  ", 2, fmt::format("Number {0} in history: `trueup undo {0}` takes it back.", *report.n),
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
