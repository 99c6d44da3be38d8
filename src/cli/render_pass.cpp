#include "cli/render_pass.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "planner/plain_words.h"
#include "planner/requirements.h"

namespace trueup::cli {
namespace {

struct Mark {
  std::string_view text;
  Colour colour;
};

Mark mark_of(const model::Inconsistency& finding) {
  switch (finding.fix_action) {
    case model::FixAction::auto_fix: return {"~", Colour::warning};
    case model::FixAction::manual_fix_required: return {"!", Colour::bad};
    case model::FixAction::no_action: return {"-", Colour::dim};
  }
  return {"-", Colour::dim};
}

/// Whether a fact goes on from the name of its place: "plugin-repos has nothing of that name".
bool goes_on(std::string_view fact) {
  constexpr std::array<std::string_view, 10> kVerbs{"has ",   "says ",  "lists ", "records ", "is ",
                                                    "holds ", "lacks ", "was ",   "names ",   "could "};
  return std::any_of(kVerbs.begin(), kVerbs.end(), [fact](std::string_view verb) { return fact.starts_with(verb); });
}

/// The description says by itself what it rests on.
bool explains_itself(model::InconsistencyType type) {
  return type == model::InconsistencyType::plugin_enabled_mismatch ||
         type == model::InconsistencyType::plugin_version_mismatch;
}

}  // namespace

std::string in_plain_words(const model::Inconsistency& finding) {
  return shown(planner::without_the_originals_words(finding.description));
}

namespace {

/// What a finding rests on. What the description says already is not said again.
std::string why_of(const model::Inconsistency& finding) {
  if (explains_itself(finding.inconsistency_type)) return "";
  std::vector<model::Evidence> news;
  for (const model::Evidence& evidence : finding.evidence) {
    if (finding.description.find(evidence.fact) == std::string::npos) news.push_back(evidence);
  }
  return evidence_text(news);
}

}  // namespace

std::string evidence_text(const std::vector<model::Evidence>& all) {
  std::string out;
  for (const model::Evidence& evidence : all) {
    if (evidence.fact.empty()) continue;
    if (!out.empty()) out += "; ";
    if (!evidence.where.empty()) out += shown(evidence.where) + (goes_on(evidence.fact) ? " " : ": ");
    out += shown(evidence.fact);
  }
  return out;
}

StepIndex::StepIndex(const model::Plan& plan) : steps_(plan.steps.size()) {
  std::vector<Range*> ranges;  // of each step
  ranges.reserve(plan.steps.size());
  ranges_.reserve(plan.steps.size());
  for (const model::Step& step : plan.steps) {
    ranges.push_back(&ranges_[step.finding]);
    ++ranges.back()->count;
  }
  std::size_t next = 0;
  for (auto& [finding, range] : ranges_) {
    range.begin = next;
    next += std::exchange(range.count, 0);
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) steps_[ranges[i]->begin + ranges[i]->count++] = &plan.steps[i];
}

std::span<const model::Step* const> StepIndex::of(const model::Inconsistency& finding) const {
  const auto found = ranges_.find(finding.finding);
  if (found == ranges_.end()) return {};
  return std::span(steps_).subspan(found->second.begin, found->second.count);
}

std::string steps_text(const model::Inconsistency& finding, const StepIndex& steps) {
  std::string out;
  for (const model::Step* step : steps.of(finding)) {
    if (!out.empty()) out += ", then ";
    out += shown(step->summary);
  }
  return out;
}

std::string next_of(const model::Inconsistency& finding, const StepIndex& steps) {
  const std::string todo = steps_text(finding, steps);
  if (finding.fix_action == model::FixAction::auto_fix && !todo.empty()) return fmt::format("reconcile will {}", todo);
  // The digest that lets all of it be done is said once, at the end.
  if (finding.reason == "over_budget") return held_text(finding.reason);
  if (!finding.advice.empty()) return shown(finding.advice);
  for (const model::Step* step : steps.of(finding)) {
    if (!step->held.empty()) return held_text(step->held);
  }
  return "";
}

std::string problem_text(const model::Inconsistency& finding, const std::string& next, Detail detail,
                         const Terminal& terminal) {
  const Mark mark = mark_of(finding);
  if (detail == Detail::next && !next.empty()) {
    const std::string lead = fmt::format("{} ", painted(terminal, mark.colour, mark.text));
    return terminal.interactive ? hanging(terminal, "  " + lead, 4, next) : fmt::format("{} {}\n", mark.text, next);
  }
  std::string what = in_plain_words(finding);
  const std::string why = detail == Detail::what_why_next ? why_of(finding) : std::string();
  if (!terminal.interactive) {
    std::string line = fmt::format("{} {}", mark.text, what);
    if (!why.empty()) line += fmt::format(" ({})", why);
    if (!next.empty()) line += fmt::format(" -> {}", next);
    return line + "\n";
  }
  if (!why.empty()) what += fmt::format(" ({})", why);
  std::string out = hanging(terminal, fmt::format("  {} ", painted(terminal, mark.colour, mark.text)), 4, what);
  if (!next.empty()) out += hanging(terminal, "    -> ", 7, next, Colour::dim);
  return out;
}

namespace {

std::string_view headline_of_settings(std::string_view reason) {
  if (reason == "setting_unknown") return "plugins have settings that they do not know";
  if (reason == "schema_forbids") return "plugins have settings that they do not take";
  if (reason == "core_key_in_secrets") return "plugins have settings in the secrets file that belong into config.json";
  return "plugins have settings of a wrong type";
}

}  // namespace

std::string_view headline(const model::Inconsistency& finding) {
  using Type = model::InconsistencyType;
  switch (finding.inconsistency_type) {
    case Type::plugin_missing_in_config: return "plugins are on disk but not in config";
    case Type::plugin_missing_on_disk: return "plugins are in config but not on disk";
    case Type::plugin_enabled_mismatch: return "plugins are recorded as on or off otherwise than config says";
    case Type::plugin_version_mismatch: return "plugins are recorded in another version";
    case Type::plugin_state_corrupted: return "records of plugin_state.json are damaged";
    case Type::source_unreadable: return "sources could not be read";
    case Type::plugin_manifest_invalid: return "plugins are damaged";
    case Type::plugin_id_mismatch: return "plugins have another id than their directory";
    case Type::plugin_renamed: return "plugins were renamed";
    case Type::plugin_files_missing: return "plugins lack files";
    case Type::plugin_modified: return "plugins were changed by someone";
    case Type::plugin_incompatible:
      return planner::is_about_requirements(finding) ? "plugins need Python packages that are not installed"
                                                     : "plugins do not fit this LEDMatrix";
    case Type::plugin_not_running: return "plugins should run and do not";
    case Type::plugin_running_unexpectedly: return "plugins run and should not";
    case Type::plugin_running_stale: return "plugins run in an older version";
    case Type::plugin_config_invalid: return headline_of_settings(finding.reason);
    case Type::plugin_orphaned_state: return "records belong to no plugin";
    case Type::plugin_install_interrupted: return "plugins were left behind by an interrupted install";
    case Type::display_mode_conflict: return "display modes are claimed twice";
    case Type::write_displaced: return "writes of another program were displaced";
    case Type::edit_overwritten: return "edits were overwritten by another program";
    case Type::unknown_config_section: return "sections of config.json belong to no known plugin";
  }
  return "findings";
}

bool is_held_by_owner(const model::Inconsistency& finding) {
  return finding.fix_action == model::FixAction::no_action &&
         (finding.reason == model::kUndoneByOwner || finding.reason == model::kIgnoredByOwner);
}

std::string held_text(const std::string& held) {
  if (held == "over_budget") return "held: it is much at once, so a person has to say yes";
  if (held == "plugins_directory_empty") return "held: the plugins directory holds no plugin, and only you know why";
  if (held == "directory_of_unknown_plugin") return "held: a directory that cannot be read may be this plugin";
  const std::string_view never = "left alone, also by --confirm, where the original would do damage";
  if (held == "section_not_an_object") return fmt::format("{}: its section of config.json is no object", never);
  if (held == "directory_damaged") return fmt::format("{}: what stands there is damaged and would be replaced", never);
  if (held == "registry_unreadable") return fmt::format("{}: the registry could not be read", never);
  if (held == "invalid_id") return fmt::format("{}: this is no name for a plugin", never);
  return fmt::format("held: {}", shown(held));
}

std::string command_text(const PassView& pass, std::string_view command) {
  std::string out = "trueup ";
  if (pass.rules == model::RuleSet::ledmatrix) out += "--rules ledmatrix ";
  return out + std::string(command);
}

std::string section_title(const Terminal& terminal, std::string_view title) {
  return painted(terminal, Colour::strong, title) + "\n";
}

}  // namespace trueup::cli
