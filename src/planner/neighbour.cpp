#include "planner/neighbour.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "json/document.h"
#include "model/installed.h"
#include "planner/ledmatrix/views.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Neighbour;
using model::Observation;
using model::Source;
using model::Winner;

/// What is foretold of one finding, without its name.
struct Outcome {
  std::string_view outcome;
  std::string says;
};

/// What the original later takes for its own settings, too (formats 9.2).
constexpr std::array<std::string_view, 3> kLaterSystemKeys{"sync", "github", "youtube"};

bool comes_to_true(const std::string& json) {
  const auto parsed = json::Document::parse(json);
  if (!parsed) return true;  // "(not shown)": a text of the secrets file
  const json::Value value = parsed->root();
  if (value.is_object() || value.is_array()) return value.size() != 0;
  if (const auto text = value.string()) return !text->empty();
  if (const auto number = value.number()) return *number != 0;
  return value.boolean().value_or(false);
}

/// One name as the original sees it: section, directory and record of that name. What the manifest in the directory
/// says of the id it never asks (formats R-6).
struct Row {
  std::string_view id;
  std::string_view elsewhere;  // the directory of another name in which the plugin of this id lies; empty: none
  bool unread = false;         // no plugin of this id is there, so that nothing ever reads a section of that name
  bool in_config = false;
  bool on_disk = false;
  bool damaged = false;           // something lies under that name that the original does not see
  bool section_is_other = false;  // a section that is no object, which the original does not see
  bool section_is_core = false;   // LEDMatrix's own settings have that name, which the original does not see either
  bool removed = false;           // by the owner
  std::string config_enabled;     // JSON; "false" without a section
  std::string recorded;           // JSON; empty: no record
  /// What the later LEDMatrix writes into the record: Python's bool() of the setting (formats 9.4).
  [[nodiscard]] std::string_view recorded_anew() const { return comes_to_true(config_enabled) ? "true" : "false"; }
  [[nodiscard]] bool mismatch() const { return !recorded.empty() && ledmatrix::differ(config_enabled, recorded); }
};

Outcome on_disk_only(const Row& row, Winner winner) {
  const std::string_view first = row.section_is_other ? "replaces its section, and what stands there is lost, by one"
                                 : row.section_is_core
                                     ? "replaces LEDMatrix's own settings of that name, which are lost, by a section"
                                     : "adds a section to config.json";
  if (row.recorded == "true" && winner == Winner::state) {
    return {"state_wins", fmt::format("{}{}, then switches {} on, as it is recorded", first,
                                      row.unread ? " that no plugin reads" : "", row.unread ? "it" : "the plugin")};
  }
  return {"adds_section",
          fmt::format("{}{}{}", first, row.unread ? " that no plugin reads" : " that keeps the plugin off",
                      row.recorded == "true" ? ", and records it as off" : "")};
}

Outcome in_config_only(const Row& row, Winner winner) {
  if (winner == Winner::config && row.removed) {
    if (!row.mismatch()) return {"nothing", "leaves it away, since you removed it"};
    return {"config_wins",
            fmt::format("leaves it away, since you removed it, and records {} for it", row.recorded_anew())};
  }
  std::string says =
      !row.elsewhere.empty()
          ? fmt::format(
                "takes it for missing, since its directory is called `{}`, and fetches a second copy from the "
                "store, if the store lists it",
                row.elsewhere)
      : row.damaged ? "takes the damaged plugin for missing and lays a copy from the store in its place"
                    : "fetches it from the store, whether it is on or off, if the store lists it";
  if (row.mismatch()) {
    says += winner == Winner::state ? fmt::format("; `enabled` in config.json becomes {}", row.recorded)
                                    : fmt::format("; the record becomes {}", row.recorded_anew());
  }
  return {"fetches", std::move(says)};
}

Outcome in_neither(const Row& row, Winner winner) {
  if (row.recorded != "true") return {"nothing", "leaves it as it is"};
  const std::string what =
      row.elsewhere.empty() ? "which is not there"
                            : fmt::format("which it does not see, since its directory is called `{}`", row.elsewhere);
  if (winner == Winner::config) return {"config_wins", fmt::format("records the plugin, {}, as off", what)};
  return {"state_wins", fmt::format("adds a section to config.json that switches on a plugin {}", what)};
}

/// The original's decision table (formats 9.4).
Outcome decide(const Row& row, Winner winner) {
  // Written at the removal, and kept up at the start of the web process (formats 1.3).
  if (winner == Winner::config && row.removed && row.on_disk) {
    return {"removes", "takes the directory away again, since you removed the plugin"};
  }
  if (row.on_disk && !row.in_config) return on_disk_only(row, winner);
  if (row.in_config && !row.on_disk) return in_config_only(row, winner);
  if (!row.in_config) return in_neither(row, winner);
  if (!row.mismatch()) return {"nothing", "leaves it as it is"};
  if (winner == Winner::state) {
    return {"state_wins",
            fmt::format("changes `{}.enabled` in config.json to {}, as it is recorded", row.id, row.recorded)};
  }
  if (row.recorded_anew() == row.recorded) {
    return {"config_wins", fmt::format("records {} once more: what config.json says comes to that", row.recorded)};
  }
  return {"config_wins", fmt::format("records {} for it, as config.json says", row.recorded_anew())};
}

/// Whether the original asks anything that such a finding is about.
bool looked_at(InconsistencyType type) {
  switch (type) {
    case InconsistencyType::plugin_missing_in_config:
    case InconsistencyType::plugin_missing_on_disk:
    case InconsistencyType::plugin_enabled_mismatch:
    case InconsistencyType::plugin_manifest_invalid:
    case InconsistencyType::plugin_id_mismatch:
    case InconsistencyType::plugin_renamed:
    case InconsistencyType::plugin_config_invalid:
    case InconsistencyType::plugin_orphaned_state:
    case InconsistencyType::plugin_install_interrupted:
    case InconsistencyType::unknown_config_section: return true;
    case InconsistencyType::plugin_version_mismatch:
    case InconsistencyType::plugin_state_corrupted:
    case InconsistencyType::source_unreadable:
    case InconsistencyType::plugin_files_missing:
    case InconsistencyType::plugin_modified:
    case InconsistencyType::plugin_incompatible:
    case InconsistencyType::plugin_not_running:
    case InconsistencyType::plugin_running_unexpectedly:
    case InconsistencyType::plugin_running_stale:
    case InconsistencyType::display_mode_conflict:
    case InconsistencyType::write_displaced:
    case InconsistencyType::edit_overwritten: return false;
  }
  return false;
}

/// It takes a directory for a plugin of the directory's own name: what becomes of that name belongs to the plugin's
/// finding, since no other one tells it.
void add_directory(std::string_view name, const Outcome& its, Outcome& out) {
  if (its.outcome == "nothing") return;
  const std::string says = fmt::format("for its directory `{}`, {}", name, its.says);
  out.says = out.outcome == "nothing" ? says : fmt::format("{}; {}", out.says, says);
  if (out.outcome == "nothing") out.outcome = its.outcome;
}

/// Everything that the original looks at, by name.
class Forecast {
 public:
  Forecast(const Observation& observation, Winner winner)
      : observation_(observation), winner_(winner), views_(ledmatrix::make_views(observation)) {
    for (const model::Section& section : observation.config.sections) sections_.emplace(section.key, &section);
    for (const model::PluginDirectory& one : observation.disk.directories) of_id_[model::id_of(one)].push_back(&one);
  }

  [[nodiscard]] Outcome of(const Inconsistency& finding) const {
    if (finding.inconsistency_type == InconsistencyType::source_unreadable) {
      return {"unknown", "takes what it cannot read for empty; what follows from that is not foretold"};
    }
    if (!looked_at(finding.inconsistency_type)) return {"nothing", "does not look at this"};
    if (const auto unread =
            observation_.unknown_among({Source::config, Source::secrets, Source::disk, Source::state})) {
      return {"unknown", fmt::format("cannot be foretold while {} cannot be read", observation_.reading(*unread).path)};
    }
    Outcome out = decide(row_of(finding.plugin_id), winner_);
    for (const model::PluginDirectory* directory : directories_of(finding.plugin_id)) {
      if (directory->name == finding.plugin_id) continue;
      add_directory(directory->name, decide(row_of(directory->name), winner_), out);
    }
    return out;
  }

 private:
  using Directories = std::vector<const model::PluginDirectory*>;

  [[nodiscard]] Directories directories_of(std::string_view id) const {
    const auto at = of_id_.find(id);
    return at == of_id_.end() ? Directories{} : at->second;
  }

  [[nodiscard]] bool is_its_own(std::string_view key) const {
    return winner_ == Winner::config && std::ranges::find(kLaterSystemKeys, key) != kLaterSystemKeys.end();
  }

  [[nodiscard]] Row row_of(std::string_view id) const {
    Row row{.id = id, .elsewhere = {}, .config_enabled = "false", .recorded = {}};
    if (const auto at = views_.config.find(id); at != views_.config.end() && !is_its_own(id)) {
      row.in_config = true;
      row.config_enabled = at->second.enabled;
    }
    row.on_disk = views_.disk.contains(id);
    row.damaged = views_.damaged.contains(id);
    const Directories directories = directories_of(id);
    row.unread = directories.empty();
    if (!row.on_disk && !row.damaged && !row.unread) row.elsewhere = directories.front()->name;
    if (const auto at = views_.state.find(id); at != views_.state.end()) row.recorded = at->second->enabled_text;
    if (const auto section = sections_.find(id); section != sections_.end()) {
      row.section_is_other = !section->second->is_object();
      row.section_is_core = section->second->is_object() && !row.in_config;
    }
    row.removed = std::ranges::find(observation_.tombstones, id) != observation_.tombstones.end();
    return row;
  }

  const Observation& observation_;
  Winner winner_;
  ledmatrix::Views views_;
  std::unordered_map<std::string_view, const model::Section*> sections_;
  std::unordered_map<std::string_view, Directories> of_id_;
};

}  // namespace

std::vector<NextStart> foretell(const Observation& observation, const std::vector<Inconsistency>& findings,
                                const Neighbour& neighbour) {
  std::vector<NextStart> out;
  if (!neighbour.found) return out;
  const Forecast forecast(observation, neighbour.winner);
  for (const Inconsistency& finding : findings) {
    Outcome one = neighbour.winner == Winner::unknown ? Outcome{"unknown", "cannot be foretold: " + neighbour.known_by}
                                                      : forecast.of(finding);
    out.push_back({.finding = finding.finding,
                   .plugin_id = finding.plugin_id,
                   .outcome = std::string(one.outcome),
                   .says = std::move(one.says)});
  }
  return out;
}

}  // namespace trueup::planner
