#include "cli/doctor.h"

#include <fmt/core.h>

#include <map>

#include "base/counted.h"
#include "base/nearest.h"
#include "cli/own_settings.h"
#include "cli/text.h"
#include "model/catalogue.h"
#include "model/setting_key.h"
#include "service/gates.h"

namespace trueup::cli {
namespace {

using Verdict = Check::Verdict;
using Needs = Check::Needs;

constexpr std::uint64_t kLittleSpace = 50U << 20U;  // a plugin unpacked beside the old one, with room for the journal
constexpr std::uint32_t kWritableByAll = 0002;
constexpr std::uint32_t kReadableByAll = 0004;
constexpr std::uint32_t kOthers = 0077;
constexpr std::uint32_t kMakesFiles = 0300;

std::string size_text(std::uint64_t bytes) {
  if (bytes >= 10U << 20U) return fmt::format("{} MB", bytes >> 20U);
  return fmt::format("{} KB", (bytes + 1023) >> 10U);
}

Check check_source(const model::SourceReading& reading) {
  Check check{.name = std::string(to_string(reading.source))};
  switch (reading.verdict) {
    case model::Verdict::complete: check.says = fmt::format("{} reads", reading.path); break;
    case model::Verdict::absent:
      check.verdict = Verdict::note;
      check.says = reading.detail.empty() ? "is not there" : reading.detail;
      if (!reading.path.empty() && reading.detail.empty()) check.says = fmt::format("{} is not there", reading.path);
      break;
    case model::Verdict::unreadable: {
      const bool harmless = reading.source == model::Source::template_;
      const bool rebuilt = reading.source == model::Source::state && reading.reason == "syntax";
      check.verdict = harmless ? Verdict::warning : Verdict::bad;
      check.needs = harmless ? Needs::nothing : rebuilt ? Needs::reconcile : Needs::source;
      check.says = reading.detail.find(reading.path) == std::string::npos
                       ? fmt::format("{} could not be read: {}", reading.path, reading.detail)
                       : reading.detail;
      check.advice =
          rebuilt ? "`trueup reconcile` makes it again and keeps the damaged one" : "`trueup plan` says what follows";
      break;
    }
  }
  return check;
}

void check_registry(const model::RegistryFacts& registry, std::vector<Check>& checks) {
  if (!registry.suspect.empty()) {
    checks.push_back({.name = "registry",
                      .verdict = Verdict::warning,
                      .says = fmt::format("what it last sent was not believed: {}", registry.suspect),
                      .advice = "`trueup store refresh --anyway` takes it all the same"});
  }
  for (const std::string& sentence : registry.skipped) {
    checks.push_back({.name = "registry", .verdict = Verdict::note, .says = sentence});
  }
}

/// Who may read or write it that should not; nothing when all is well.
std::optional<Check> check_path(const PathFacts& facts) {
  const platform::FileInfo& info = *facts.info;
  const bool secret = facts.path.find("secrets") != std::string::npos;
  const bool copy = facts.path.starts_with(".trueup/");
  const auto warning = [&](std::string_view what, std::string advice) {
    return Check{.name = "rights",
                 .verdict = Verdict::warning,
                 .says = fmt::format("{} (mode {:04o}): {}", facts.path, info.mode, what),
                 .advice = std::move(advice),
                 .needs = Needs::person};
  };
  if ((info.mode & kWritableByAll) != 0) {
    return warning("everybody on this machine may write it", fmt::format("chmod o-w {}", facts.path));
  }
  if (copy && (info.mode & kOthers) != 0) {
    return warning("it is a copy of secrets and others may read it", fmt::format("chmod 600 {}", facts.path));
  }
  if (secret && (info.mode & kReadableByAll) != 0) {
    return warning("everybody on this machine may read it", fmt::format("chmod 640 {}", facts.path));
  }
  return std::nullopt;
}

/// One line for each owner, and one for each path that is open to too many.
void check_rights(const std::vector<PathFacts>& paths, std::vector<Check>& checks) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> by_owner;
  for (const PathFacts& path : paths) {
    if (!path.info) continue;
    std::string& line = by_owner[{path.info->uid, path.info->gid}];
    line += fmt::format("{}{} {:04o}", line.empty() ? "" : ", ", path.path, path.info->mode);
  }
  for (const auto& [owner, line] : by_owner) {
    checks.push_back({.name = "rights", .says = fmt::format("user {}, group {}: {}", owner.first, owner.second, line)});
  }
  for (const PathFacts& path : paths) {
    if (!path.info) continue;
    if (auto check = check_path(path)) checks.push_back(std::move(*check));
  }
}

/// What this user may not do, as far as owner and mode tell.
Check check_user(const DoctorFacts& facts) {
  for (const PathFacts& path : facts.paths) {
    const bool own_directory = path.info && path.info->kind == platform::FileKind::directory && facts.user_id != 0 &&
                               path.info->uid == facts.user_id;
    if (!own_directory || (path.info->mode & kMakesFiles) == kMakesFiles) continue;
    return {.name = "user",
            .verdict = Verdict::warning,
            .says = fmt::format("{} (mode {:04o}): its owner may make no file in it, so nothing there can be changed",
                                path.path, path.info->mode),
            .advice = fmt::format("chmod u+wx {}", path.path),
            .needs = Needs::person};
  }
  std::string foreign;
  for (const PathFacts& path : facts.paths) {
    if (facts.user_id == 0 || !path.info || path.info->uid == facts.user_id) continue;
    foreign += (foreign.empty() ? "" : ", ") + path.path;
  }
  if (foreign.empty())
    return {.name = "user", .says = fmt::format("user {} owns what is to be written", facts.user_id)};
  return {.name = "user",
          .verdict = Verdict::note,
          .says = fmt::format("user {} does not own {}", facts.user_id, foreign),
          .advice = "looking works all the same; what cannot be written is said when it is tried (sudo helps)"};
}

void check_exchange(const DoctorFacts& facts, std::vector<Check>& checks) {
  for (std::string& sentence : engine::sentences_of(facts.degraded)) {
    checks.push_back({.name = "exchange", .verdict = Verdict::note, .says = std::move(sentence)});
  }
  if (!facts.degraded.mounted.empty() || !facts.degraded.foreign.empty()) return;
  Check check{.name = "exchange"};
  switch (facts.lease) {
    case LeaseVerdict::works: check.says = "a write of another program in the same moment would be seen"; break;
    case LeaseVerdict::in_use:
      check.verdict = Verdict::note;
      check.says = "another program has config.json open for writing right now";
      break;
    case LeaseVerdict::unsupported:
      check.verdict = Verdict::note;
      check.says = "degraded: no lease can be taken on config.json (another owner's file, or a network disk)";
      check.advice = "a write of another program in the very same moment is noticed afterwards, and kept";
      break;
    case LeaseVerdict::not_asked:
      check.verdict = Verdict::note;
      check.says = "could not be tried";
      break;
  }
  checks.push_back(std::move(check));
}

Check check_space(std::string name, const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return {.name = std::move(name), .verdict = Verdict::note, .says = "unknown"};
  Check check{.name = std::move(name), .says = fmt::format("{} are free", size_text(*bytes))};
  if (*bytes >= kLittleSpace) return check;
  check.verdict = Verdict::warning;
  check.needs = Needs::person;
  check.advice = "make room: nothing can be replaced safely on a full disk";
  return check;
}

void check_own_files(const DoctorFacts& facts, std::vector<Check>& checks) {
  Check lock{.name = "lock", .says = "no other trueup works here"};
  if (!facts.lock_holder.empty()) lock = {.name = "lock", .verdict = Verdict::note, .says = facts.lock_holder};
  checks.push_back(std::move(lock));

  Check journal{.name = "journal", .says = "nothing was interrupted"};
  if (!facts.journal_problem.empty()) {
    journal = {.name = "journal", .verdict = Verdict::bad, .says = facts.journal_problem, .needs = Needs::person};
  } else if (facts.unfinished > 0 || facts.torn_bytes > 0) {
    journal = {.name = "journal",
               .verdict = Verdict::warning,
               .says = fmt::format("{} interrupted", counted(facts.unfinished, "action was", "actions were")),
               .advice = "the next command that writes finishes it or takes it back; `trueup reconcile` does",
               .needs = Needs::reconcile};
    if (facts.unfinished == 0)
      journal.says = fmt::format("its last {} bytes were cut off by a crash", facts.torn_bytes);
  }
  checks.push_back(std::move(journal));

  Check kept{.name = "kept files",
             .says = fmt::format("{}, {}{}", counted(facts.kept_files, "copy", "copies"), size_text(facts.kept_bytes),
                                 facts.first_contact_kept ? "; and everything as it was at first contact" : "")};
  if (!facts.kept_unread.empty()) {
    kept.verdict = Verdict::note;
    kept.says += "; " + facts.kept_unread;
  }
  if (!facts.kept_missing.empty()) {
    constexpr std::size_t kNamed = 3;
    kept.verdict = Verdict::warning;
    kept.needs = Needs::person;
    kept.says += fmt::format("; gone from .trueup/kept: {}", listed(facts.kept_missing, kNamed));
    kept.advice = "what they held cannot be put back by undo or restore";
  }
  checks.push_back(std::move(kept));
}

void check_leftovers(const DoctorFacts& facts, const model::Observation& observation, std::vector<Check>& checks) {
  constexpr std::size_t kNamed = 4;
  Check check{.name = "left over", .says = "nothing of ours"};
  if (!facts.leftovers.empty()) {
    check.verdict = Verdict::note;
    check.says = listed(facts.leftovers, kNamed);
    check.advice = "the next command that writes takes away what is ours and of no use";
  }
  checks.push_back(std::move(check));
  if (!observation.disk.asides.empty()) {
    std::vector<std::string> names;
    for (const model::Aside& aside : observation.disk.asides) names.push_back(aside.name);
    checks.push_back({.name = "set aside",
                      .verdict = Verdict::note,
                      .says = listed(names, kNamed),
                      .advice = "copies that an interrupted install of LEDMatrix left; they are kept"});
  }
  if (!observation.ignored_tombstones.empty()) {
    checks.push_back({.name = "tombstones",
                      .verdict = Verdict::note,
                      .says = fmt::format("ignored, since no plugin can be called so: {}",
                                          listed(observation.ignored_tombstones, kNamed))});
  }
}

/// Ids that LEDMatrix cannot keep apart from another section of config.json.
void check_collisions(const model::Observation& observation, std::vector<Check>& checks) {
  const model::Catalogue catalogue = model::make_catalogue(observation);
  for (const model::KeyCollision& collision : catalogue.key_collisions()) {
    Check check{.name = "ids", .verdict = Verdict::warning};
    if (collision.kind == model::KeyCollision::Kind::reserved_key) {
      check.says =
          fmt::format("a plugin calls itself {}, which is one of LEDMatrix's own settings", collision.plugin_id);
      check.advice = "LEDMatrix would take those settings for the plugin's: have its author rename it";
    } else {
      check.says = fmt::format("{} and {} differ in the case of letters only", collision.plugin_id, collision.other);
      check.advice = "LEDMatrix finds files of one for the other: keep one of them";
    }
    checks.push_back(std::move(check));
  }
}

void check_settings(const model::Observation& observation, std::vector<Check>& checks) {
  if (!observation.valid_settings.empty()) {
    checks.push_back({.name = "settings",
                      .says = fmt::format("the settings of {} are what the schema allows",
                                          counted(observation.valid_settings.size(), "plugin", "plugins"))});
  }
  for (const model::SettingsVerdict& verdict : observation.settings) {
    if (!verdict.problem.empty()) {
      checks.push_back({.name = "settings",
                        .verdict = Verdict::note,
                        .says = fmt::format("the schema of {} cannot be used, so its settings are not checked: {}",
                                            verdict.directory, verdict.problem),
                        .advice = "tell its author"});
      continue;
    }
    for (const model::SettingsObjection& one : verdict.objections) {
      checks.push_back(
          {.name = "settings",
           .verdict = Verdict::warning,
           .says = fmt::format("{}: {} {} ({}, line {}, column {}; schema {})", verdict.directory,
                               model::setting_key_text(one.path), one.message, observation.reading(one.source).path,
                               one.line, one.column, one.schema_path)});
    }
  }
}

/// A value that nobody would mean ends every command; a key that does nothing would go unnoticed.
void check_own_settings(const DoctorFacts& facts, std::vector<Check>& checks) {
  for (const std::string& key : facts.unknown_settings) {
    const auto meant = nearest(key, own_setting_names());
    checks.push_back({.name = "own settings",
                      .verdict = Verdict::warning,
                      .says = fmt::format("\"{}\" in config/trueup/settings.json is no setting, and does nothing", key),
                      .advice = meant.empty() ? "take it out" : fmt::format("\"{}\" may be meant", meant.front())});
  }
}

/// What `heavy_work` comes to. Whatever is wrong with the schedule, nothing waits for ever: that is what is warned of.
void check_heavy_work(const DoctorFacts& facts, std::vector<Check>& checks) {
  if (facts.heavy_work == model::HeavyWork::any_time) return;
  const auto add = [&checks](Verdict verdict, std::string says, std::string advice = {}) {
    checks.push_back({.name = "heavy work", .verdict = verdict, .says = std::move(says), .advice = std::move(advice)});
  };
  if (!facts.display) return add(Verdict::note, "config.json cannot be read, so nothing waits for the display");
  for (const std::string& problem : facts.display->hours.problems) {
    add(Verdict::warning, problem, "correct it: until then it counts as not there, and nothing waits for it");
  }
  const auto& now = facts.display->now;
  if (!now) return;
  if (!model::minutes_until_allowed(facts.heavy_work, facts.display->hours, *now)) {
    return add(Verdict::warning,
               fmt::format("\"heavy_work\" is \"{}\", and by the schedule in config.json the display never is: nothing "
                           "waits for it",
                           to_string(facts.heavy_work)));
  }
  const auto wait = service::wait_for_display(facts.heavy_work, facts.display->hours, *now);
  add(Verdict::good, wait ? wait->gate.says : "by the display's schedule plugins may be fetched now");
}

/// Which LEDMatrix this is, and which file it will believe.
Check check_neighbour(const model::Neighbour& neighbour) {
  Check check{.name = "LEDMatrix", .says = "none lies here: trueup stands on its own"};
  if (!neighbour.found) return check;
  constexpr std::size_t kShortCommit = 8;
  std::string name = neighbour.version.empty() ? "its version cannot be told" : "version " + neighbour.version;
  if (!neighbour.commit.empty()) name += fmt::format(", commit {}", neighbour.commit.substr(0, kShortCommit));
  if (!neighbour.branch.empty()) name += fmt::format(" on {}", neighbour.branch);
  switch (neighbour.winner) {
    case model::Winner::config:
      check.says = fmt::format("{}; where config.json and plugin_state.json differ it believes config.json", name);
      break;
    case model::Winner::state:
      check.verdict = Verdict::note;
      check.says =
          fmt::format("{}; where config.json and plugin_state.json differ it believes plugin_state.json", name);
      check.advice =
          "what you change in config.json alone, its next start may change back; `trueup enable` and "
          "`trueup disable` change both while its web process does not run";
      break;
    case model::Winner::unknown:
      check.verdict = Verdict::note;
      check.says = fmt::format("{}; what it does at its next start cannot be told: {}", name, neighbour.known_by);
      break;
  }
  return check;
}

Check check_host(model::Tristate web_process) {
  switch (web_process) {
    case model::Tristate::no: return {.name = "LEDMatrix", .says = "its web process does not run"};
    case model::Tristate::yes:
      return {.name = "LEDMatrix",
              .verdict = Verdict::note,
              .says = "its web process runs: plugin_state.json is its own meanwhile"};
    case model::Tristate::unknown:
      return {.name = "LEDMatrix",
              .verdict = Verdict::note,
              .says = "cannot tell whether its web process runs, so it is taken to run"};
  }
  return {};
}

}  // namespace

std::vector<Check> make_checks(const DoctorFacts& facts, const model::Observation& observation,
                               const std::vector<model::Inconsistency>& displaced_writes) {
  std::vector<Check> checks;
  for (const model::SourceReading& reading : observation.sources) checks.push_back(check_source(reading));
  check_registry(observation.registry, checks);
  check_rights(facts.paths, checks);
  checks.push_back(check_user(facts));
  check_exchange(facts, checks);
  checks.push_back(check_space("free space", facts.free_bytes));
  checks.push_back(check_space("plugins' disk", facts.free_plugins_bytes));
  check_own_files(facts, checks);
  for (const model::Inconsistency& write : displaced_writes) {
    checks.push_back({.name = "displaced",
                      .verdict = Verdict::bad,
                      .says = write.description,
                      .advice = write.advice,
                      .needs = Needs::person});
  }
  check_leftovers(facts, observation, checks);
  check_collisions(observation, checks);
  check_settings(observation, checks);
  check_own_settings(facts, checks);
  check_heavy_work(facts, checks);
  checks.push_back(check_neighbour(facts.neighbour));
  checks.push_back(check_host(observation.web_process));
  return checks;
}

Outcome outcome_of(const std::vector<Check>& checks) {
  Outcome outcome;
  for (const Check& check : checks) {
    switch (check.needs) {
      case Needs::nothing: break;
      case Needs::reconcile: outcome.fixable = true; break;
      case Needs::person: outcome.person_needed = true; break;
      case Needs::source: outcome.source_unreadable = true; break;
    }
  }
  return outcome;
}

}  // namespace trueup::cli
