// docs/rules.md is made from the rules and from the tables of situations, so that a change of behaviour shows as its
// diff. To accept a change: TRUEUP_ACCEPT=1 ctest -R rules_document (that run does not count as a pass).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "planner/plan.h"
#include "planner/rule.h"
#include "rare_table.h"
#include "situations_table.h"

namespace trueup::test {
namespace {

using model::InconsistencyType;
using model::Observation;
using model::Plan;
using model::Source;
using model::SourceSet;

std::string names_of(const SourceSet& sources) {
  std::string out;
  for (const Source source : model::kAllSources) {
    if (sources.contains(source)) out += fmt::format("{}{}", out.empty() ? "" : ", ", to_string(source));
  }
  return out.empty() ? "nothing" : out;
}

/// The observation as it would be, had the source been unreadable: what it held is not known.
Observation blind(Observation seen, Source source) {
  seen.reading(source).verdict = model::Verdict::unreadable;
  seen.reading(source).reason = "permission";
  seen.reading(source).detail = "it could not be read";
  switch (source) {
    case Source::config:
      seen.config.sections.clear();
      seen.config.core_keys_in_secrets.clear();
      seen.settings.clear();
      break;
    case Source::secrets:
      seen.config.secrets.clear();
      seen.config.core_keys_in_secrets.clear();
      seen.settings.clear();
      break;
    case Source::template_: seen.config.templates.clear(); break;
    case Source::disk:
      seen.disk.directories.clear();
      seen.disk.asides.clear();
      seen.settings.clear();
      break;
    case Source::state: seen.state.clear(); break;
    case Source::tombstones: seen.tombstones.clear(); break;
    case Source::registry: seen.registry.entries.clear(); break;
    case Source::ledger: seen.ledger = {}; break;
    case Source::runtime: seen.runtime.plugins.clear(); break;
  }
  return seen;
}

bool everything_read(const Observation& seen) {
  return seen.disk.settling.empty() && std::ranges::all_of(seen.sources, &model::SourceReading::known);
}

struct Seen {
  bool finding = false;
  bool step = false;
};

std::map<InconsistencyType, Seen> what_rules_do(const std::function<Observation(Observation)>& change) {
  std::map<InconsistencyType, Seen> seen;
  for_each_observation([&](const Observation& observation, const std::string&) {
    if (!everything_read(observation)) return;
    const Plan plan = planner::make_plan(change(observation), {});
    std::map<std::string_view, InconsistencyType> types;
    for (const auto& finding : plan.findings) {
      seen[finding.inconsistency_type].finding = true;
      types[finding.finding] = finding.inconsistency_type;
    }
    for (const auto& step : plan.steps) seen[types[step.finding]].step = true;
  });
  return seen;
}

void write_rules(std::ostream& out) {
  out << "## The rules\n\n"
         "In the order in which their steps are done. A rule says nothing while a source that it *needs* is "
         "unreadable, and\n"
         "acts on nothing while one that its *repair* needs is.\n\n"
         "| rule | what it says | needs | its repair also needs |\n|---|---|---|---|\n";
  for (const planner::Rule& rule : planner::safe_rules()) {
    out << fmt::format("| `{}` | {} | {} | {} |\n", to_string(rule.type), rule.says, names_of(rule.needs),
                       names_of(rule.step_needs));
  }
}

void write_matrix(std::ostream& out) {
  const auto sighted = what_rules_do([](Observation seen) { return seen; });
  std::map<Source, std::map<InconsistencyType, Seen>> blinded;
  for (const Source source : model::kAllSources) {
    blinded[source] = what_rules_do([source](Observation seen) { return blind(std::move(seen), source); });
  }
  out << "\n## What an unreadable source stops\n\n"
         "Measured over the tables of situations: *silent* = the rule says nothing, *held* = it says and does nothing, "
         "a dot =\n"
         "it goes on. An unreadable source is itself a `source_unreadable`.\n\n| rule |";
  for (const Source source : model::kAllSources) out << ' ' << to_string(source) << " |";
  out << "\n|---|";
  for ([[maybe_unused]] const Source source : model::kAllSources) out << "---|";
  out << '\n';
  for (const auto& [type, seen] : sighted) {
    out << fmt::format("| `{}` |", to_string(type));
    for (const Source source : model::kAllSources) {
      const Seen now = blinded[source][type];
      const bool silent = seen.finding && !now.finding;
      const bool held = seen.step && !now.step;
      out << (silent ? " silent |" : held ? " held |" : " · |");
    }
    out << '\n';
  }
}

void write_reasons(std::ostream& out) {
  struct Row {
    std::set<std::string> actions;
    std::set<std::string> steps;
    std::string advice;
  };
  std::map<std::pair<std::string, std::string>, Row> rows;
  const auto add = [&rows](const Plan& plan) {
    for (const auto& finding : plan.findings) {
      Row& row = rows[{std::string(to_string(finding.inconsistency_type)), finding.reason}];
      row.actions.emplace(to_string(finding.fix_action));
      if (row.advice.empty()) row.advice = finding.advice;
      for (const auto& step : plan.steps) {
        if (step.finding == finding.finding) row.steps.emplace(to_string(step.action));
      }
    }
  };
  for_each_observation(
      [&](const Observation& observation, const std::string&) { add(planner::make_plan(observation, {})); });
  for_each_rare([&](const Observation& observation, const std::string&) {
    add(planner::make_plan(observation, {.python_requirements = model::PythonRequirements::install}));
  });
  const auto joined = [](const std::set<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += fmt::format("{}`{}`", text.empty() ? "" : ", ", word);
    return text.empty() ? std::string("none") : text;
  };
  out << "\n## Reason codes\n\nEvery pair of finding and reason that the tables of situations bring about, most "
         "for the plugin\n`"
      << kPlugin
      << "`; the advice is that of one of them. trueup may run pip in some of them.\n\n| finding | reason | what is "
         "done | steps | what the owner is told "
         "|\n|---|---|---|---|---|\n";
  for (const auto& [key, row] : rows) {
    out << fmt::format("| `{}` | `{}` | {} | {} | {} |\n", key.first, key.second, joined(row.actions),
                       joined(row.steps), row.advice);
  }
}

std::string outcome(const Cell& cell) {
  const Plan plan = planner::make_plan(observe(cell), {});
  std::string text;
  for (const auto& finding : plan.findings) {
    if (finding.plugin_id != kPlugin) continue;
    std::string done(to_string(finding.fix_action) == "manual_fix_required" ? "a person" : "nothing");
    for (const auto& step : plan.steps) {
      if (step.finding == finding.finding) done = fmt::format("**{}**", to_string(step.action));
    }
    text += fmt::format("{}{}: {}", text.empty() ? "" : "<br>", finding.reason, done);
  }
  return text.empty() ? "in agreement" : text;
}

void write_table(std::ostream& out) {
  out << "\n## The decision table\n\n"
         "For a plugin that the registry lists, that was not removed, with LEDMatrix's web process stopped. Each cell: "
         "reason\n"
         "and what is done. The whole table (72,576 situations) is checked in "
         "`tests/property/decision_table_test.cpp`.\n\n"
         "| config | disk | recorded: nothing | off | on | damaged entry |\n|---|---|---|---|---|---|\n";
  for (const Config config :
       {Config::no_section, Config::off, Config::on, Config::no_enabled, Config::wrong_type, Config::not_an_object}) {
    for (const Disk disk : {Disk::absent, Disk::good, Disk::damaged, Disk::other_name, Disk::claimed_twice}) {
      out << fmt::format("| {} | {} |", to_string(config), to_string(disk));
      for (const Recorded recorded : {Recorded::none, Recorded::off, Recorded::on, Recorded::damaged_entry}) {
        Cell cell;
        cell.config = config;
        cell.disk = disk;
        cell.recorded = recorded;
        out << ' ' << outcome(cell) << " |";
      }
      out << '\n';
    }
  }
  out << "\nThe same plugin wanted, switched on and absent, by what the registry says and whether the owner removed "
         "it:\n\n"
         "| registry | not removed | removed |\n|---|---|---|\n";
  for (const Registry registry : {Registry::none, Registry::unreadable, Registry::lists, Registry::lists_by_path,
                                  Registry::prefix_only, Registry::not_listed}) {
    Cell cell;
    cell.disk = Disk::absent;
    cell.recorded = Recorded::on;
    cell.registry = registry;
    out << fmt::format("| {} | {} |", to_string(registry), outcome(cell));
    cell.tombstone = Tombstone::in_file;
    out << ' ' << outcome(cell) << " |\n";
  }
}

std::string rules_document() {
  std::ostringstream out;
  out << "# What trueup decides, and why\n\n"
         "Made by `tests/property/rules_document_test.cpp` from the rules and the tables of situations; do not "
         "edit.\n\n";
  write_rules(out);
  write_matrix(out);
  write_reasons(out);
  write_table(out);
  return out.str();
}

TEST(RulesDocument, says_what_the_rules_do) {
  const std::string path = std::string(TRUEUP_SOURCE_DIR) + "/docs/rules.md";
  std::ifstream file(path);
  std::ostringstream committed;
  committed << file.rdbuf();
  const std::string made = rules_document();
  if (std::getenv("TRUEUP_ACCEPT") != nullptr) {
    std::ofstream(path) << made;
    GTEST_SKIP() << "accepted: docs/rules.md was written";
  }
  EXPECT_TRUE(committed.str() == made) << "docs/rules.md is stale; TRUEUP_ACCEPT=1 ctest -R RulesDocument writes it";
}

}  // namespace
}  // namespace trueup::test
