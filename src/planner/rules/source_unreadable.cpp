// source_unreadable: a source is there and could not be read. Nothing is decided on what it might lack (promise 1),
// and what would follow from it is folded into this one finding: an unmounted plugins directory is one problem, not
// forty (failures F09, F10).
#include <fmt/core.h>

#include "planner/next_command.h"
#include "planner/restart.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;
using model::SourceReading;

/// Under the safe rules damaged content of plugin_state.json is plugin_state_corrupted, which can be mended.
bool told_elsewhere(const Context& context, const SourceReading& reading) {
  return context.policy.rules == model::RuleSet::safe && reading.source == Source::state && reading.reason == "syntax";
}

constexpr const char* kMayNotRead =
    "nothing was decided on it and nothing was changed; check the file's owner and mode";
constexpr const char* kLeadsNowhere = "nothing was decided on it and nothing was changed; mount what it leads to";

std::string named(const model::LastGoodCopy& copy) {
  return copy.age.empty() ? copy.path : fmt::format("{}, as the file was until {}", copy.path, copy.age);
}

/// A directory, or a file too large to be read, is not written over: what is in it nobody has seen.
bool must_be_moved_away(std::string_view reason) { return reason == "not_a_file" || reason == "too_large"; }

std::string move_away_first(const SourceReading& reading) {
  if (!must_be_moved_away(reading.reason)) return "";
  return fmt::format("First move away what is there (`{}`); then ", move_away_command(reading.path));
}

std::string said_of(const model::LastGoodCopy& copy) { return copy.lacks.empty() ? "" : ": " + copy.lacks; }

std::string advice_for(const Context& context, const SourceReading& reading) {
  switch (reading.source) {
    case Source::config:
    case Source::secrets: {
      if (reading.reason == "permission") {
        return "nothing was changed. Check the file's owner and mode, or run trueup as a user that may read it";
      }
      for (const model::LastGoodCopy& copy : context.observation.last_good) {
        if (copy.source != reading.source) continue;
        return fmt::format("nothing was changed. {}`trueup restore {}` puts back {}{}", move_away_first(reading),
                           reading.path, named(copy), said_of(copy));
      }
      if (reading.reason == "dangling_link") return kLeadsNowhere;
      return "nothing was changed. Correct the file by hand: there is no copy of it that could be put back";
    }
    case Source::disk:
      if (reading.reason == "not_configured") {
        return "nothing was changed. Correct plugin_system.plugins_directory in config/config.json; nothing is "
               "installed "
               "meanwhile";
      }
      if (reading.reason == "unmounted") {
        return "nothing was changed. Mount or restore the plugins directory; nothing is installed meanwhile. Where "
               "what "
               "is there now is the right one, on a new disk say, `trueup resolve source_unreadable:disk` says how to "
               "go "
               "on with it";
      }
      return "nothing was changed. Mount or restore the plugins directory; nothing is installed meanwhile";
    case Source::registry:
      return "what is installed is checked all the same; missing plugins wait until it can be read";
    case Source::ledger:
      return fmt::format("history and undo wait, settings are safe. Move {} away, and trueup begins a new history",
                         reading.path);
    case Source::template_:
      return context.policy.rules == model::RuleSet::safe
                 ? "nothing depends on it: it is LEDMatrix's list of defaults"
                 : "nothing was decided on what it may say of a plugin: correct the file by hand";
    case Source::runtime:
      if (reading.reason == "permission") return kMayNotRead;
      if (reading.reason == "dangling_link") return kLeadsNowhere;
      return fmt::format(
          "what runs is unknown, and nothing else depends on it: the display writes that file anew by "
          "itself; where it does not, `{}` makes it",
          kRestartDisplay);
    case Source::state:
    case Source::tombstones:
      if (reading.reason == "permission") return kMayNotRead;
      if (reading.reason == "dangling_link") return kLeadsNowhere;
      return "nothing was decided on it and nothing was changed: correct the file by hand, or put a copy of it back";
  }
  return "";
}

std::vector<model::Option> options(const Context& context, const model::Inconsistency& finding) {
  if (finding.reason == "permission") return {};  // nobody knows that it is damaged
  if (must_be_moved_away(finding.reason)) return {};
  if (finding.plugin_id == to_string(Source::disk) && finding.reason == "unmounted") {
    const std::string says =
        fmt::format("works on {} from now on: this installation's id is written into it, and no plugin changes",
                    context.observation.disk.path);
    return {{{"adopt", says}, model::AdoptPluginsDirectory{}}};
  }
  for (const model::LastGoodCopy& copy : context.observation.last_good) {
    if (to_string(copy.source) != finding.plugin_id) continue;
    const auto document = copy.source == Source::secrets ? model::DocumentName::secrets : model::DocumentName::config;
    return {{{"restore", fmt::format("puts {} in the place of {}; the damaged file is kept{}", named(copy),
                                     model::relative_path(document), said_of(copy))},
             model::RestoreCopy{document, copy.path}}};
  }
  return {};
}

void check(const Context& context, Output& out) {
  for (const SourceReading& reading : context.observation.sources) {
    if (reading.known() || told_elsewhere(context, reading)) continue;
    const std::string_view name = to_string(reading.source);
    auto found = finding(InconsistencyType::source_unreadable, name, reading.reason,
                         fmt::format("{} could not be read: {}", reading.path, reading.detail));
    found.current_state = {{"verdict", json_text("unreadable")}};
    found.expected_state = {{"verdict", json_text("complete")}};
    found.evidence = {{reading.path, reading.detail}};
    const bool harmless = reading.source == Source::template_;
    const std::string advice = advice_for(context, reading);
    out.push_back(harmless ? left_alone(std::move(found), advice) : for_a_person(std::move(found), advice));
  }
}

}  // namespace

const Rule kSourceUnreadable{.type = InconsistencyType::source_unreadable,
                             .says =
                                 "A source is there and could not be read: nothing is decided on what it might "
                                 "lack, and everything that would follow is folded into this one finding.",
                             .whole = check,
                             .options = options};

}  // namespace trueup::planner
