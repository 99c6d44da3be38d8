#include "planner/neighbour.h"

#include <fmt/core.h>

#include <algorithm>

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

/// One plugin as the original sees it: section, directory and record under the same name.
struct Row {
  std::string_view id;
  bool in_config = false;
  bool on_disk = false;
  bool damaged = false;           // something lies under that name that the original does not see
  bool section_is_other = false;  // a section that is no object, which the original does not see
  bool section_is_core = false;   // LEDMatrix's own settings have that name, which the original does not see either
  bool removed = false;           // by the owner
  std::string config_enabled;     // JSON; "false" without a section
  std::string recorded;           // JSON; empty: no record
  [[nodiscard]] bool mismatch() const { return !recorded.empty() && ledmatrix::differ(config_enabled, recorded); }
};

Row row_of(const Observation& observation, const ledmatrix::Views& views, std::string_view id) {
  Row row{.id = id, .config_enabled = "false", .recorded = {}};
  if (const auto at = views.config.find(id); at != views.config.end()) {
    row.in_config = true;
    row.config_enabled = at->second.enabled;
  }
  row.on_disk = views.disk.contains(id);
  row.damaged = views.damaged.contains(id);
  if (const auto at = views.state.find(id); at != views.state.end()) row.recorded = at->second->enabled_text;
  const auto& sections = observation.config.sections;
  const auto section = std::ranges::find(sections, id, &model::Section::key);
  row.section_is_other = section != sections.end() && !section->is_object();
  row.section_is_core = section != sections.end() && section->is_object() && !row.in_config;
  row.removed = std::ranges::find(observation.tombstones, id) != observation.tombstones.end();
  return row;
}

Outcome on_disk_only(const Row& row, Winner winner) {
  const std::string_view first = row.section_is_other ? "replaces its section, and what stands there is lost, by one"
                                 : row.section_is_core
                                     ? "replaces LEDMatrix's own settings of that name, which are lost, by a section"
                                     : "adds a section to config.json";
  if (row.recorded == "true" && winner == Winner::state) {
    return {"state_wins", fmt::format("{}, then switches the plugin on, as it is recorded", first)};
  }
  return {"adds_section", fmt::format("{} that keeps the plugin off{}", first,
                                      row.recorded == "true" ? ", and records it as off" : "")};
}

Outcome in_config_only(const Row& row, Winner winner) {
  if (winner == Winner::config && row.removed) return {"nothing", "leaves it away, since you removed it"};
  std::string says = row.damaged ? "takes the damaged plugin for missing and lays a copy from the store in its place"
                                 : "fetches it from the store, whether it is on or off, if the store lists it";
  if (row.mismatch()) {
    says += winner == Winner::state ? fmt::format("; `enabled` in config.json becomes {}", row.recorded)
                                    : fmt::format("; the record becomes {}", row.config_enabled);
  }
  return {"fetches", std::move(says)};
}

Outcome in_neither(const Row& row, Winner winner) {
  if (row.recorded != "true") return {"nothing", "leaves it as it is"};
  if (winner == Winner::config) return {"config_wins", "records the plugin, which is not there, as off"};
  return {"state_wins", "adds a section to config.json that switches on a plugin which is not there"};
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
  return {"config_wins", fmt::format("records {} for it, as config.json says", row.config_enabled)};
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

Outcome outcome_of(const Observation& observation, const ledmatrix::Views& views, const Inconsistency& finding,
                   Winner winner) {
  if (finding.inconsistency_type == InconsistencyType::source_unreadable) {
    return {"unknown", "takes what it cannot read for empty; what follows from that is not foretold"};
  }
  if (!looked_at(finding.inconsistency_type)) return {"nothing", "does not look at this"};
  if (const auto unread = observation.unknown_among({Source::config, Source::secrets, Source::disk, Source::state})) {
    return {"unknown", fmt::format("cannot be foretold while {} cannot be read", observation.reading(*unread).path)};
  }
  return decide(row_of(observation, views, finding.plugin_id), winner);
}

}  // namespace

std::vector<NextStart> foretell(const Observation& observation, const std::vector<Inconsistency>& findings,
                                const Neighbour& neighbour) {
  std::vector<NextStart> out;
  if (!neighbour.found) return out;
  const ledmatrix::Views views = ledmatrix::make_views(observation);
  for (const Inconsistency& finding : findings) {
    Outcome one = neighbour.winner == Winner::unknown ? Outcome{"unknown", "cannot be foretold: " + neighbour.known_by}
                                                      : outcome_of(observation, views, finding, neighbour.winner);
    out.push_back({.finding = finding.finding,
                   .plugin_id = finding.plugin_id,
                   .outcome = std::string(one.outcome),
                   .says = std::move(one.says)});
  }
  return out;
}

}  // namespace trueup::planner
