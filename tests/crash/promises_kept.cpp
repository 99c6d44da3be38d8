#include "promises_kept.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "engine/look.h"
#include "engine/session.h"
#include "engine/undo.h"
#include "ledger/journal.h"

namespace trueup::test {
namespace {

constexpr std::string_view kPlugins = "plugin-repos/";
constexpr const char* kStatePath = "data/plugin_state.json";
constexpr const char* kSecretsPath = "config/config_secrets.json";
constexpr std::string_view kUploads = "assets/plugins/";
// Where pictures come and go one by one; recovery makes all of a command of it. Elsewhere they move as one directory.
constexpr std::string_view kPictures = "assets/plugins/clock/uploads/";
// They name the directory that they lie in: a moment before it is renamed, and in an undo behind that, as at the other
// end.
constexpr std::string_view kNotes = "/uploads/.metadata.json";
constexpr std::string_view kHidden = "/uploads/.";  // the notes, and what lies beside them while they are written

/// What is old or new as one: a plugin's directory, a plugin's uploads, else a file.
std::string unit_of(const std::string& path) {
  if (path.starts_with(kPictures) || path.find(kHidden) != std::string::npos) return path;
  for (const auto& parent : {kPlugins, kUploads}) {
    if (path.starts_with(parent)) return path.substr(0, path.find('/', parent.size()));
  }
  return path;
}

/// Directories above units come and go with them.
bool is_parent(const std::string& path) {
  return path == "plugin-repos" || path == "assets" || path == "assets/plugins" || path == "config" || path == "data";
}

std::map<std::string, Tree> units_of(const Tree& tree) {
  std::map<std::string, Tree> units;
  for (const auto& [path, node] : tree) {
    if (!is_parent(path)) units[unit_of(path)].emplace(path, node);
  }
  return units;
}

std::string first_difference(const Tree& now, const Tree& then) {
  for (const auto& [path, node] : then) {
    const auto found = now.find(path);
    if (found == now.end()) return path + " is gone";
    if (!(found->second == node))
      return fmt::format("{} is\n{}\nand not\n{}", path, found->second.content, node.content);
  }
  for (const auto& [path, node] : now) {
    if (!then.contains(path)) return path + " is new";
  }
  return "";
}

/// What is on its way to the kept ones lies for a moment where no loader looks.
bool is_known(const Tree& unit, const std::string& name, const std::map<std::string, Tree>& units) {
  const auto below = [](const Tree& tree, const std::string& top) {
    Tree relative;
    for (const auto& [path, node] : tree) relative.emplace(path.substr(top.size()), node);
    return relative;
  };
  return std::ranges::any_of(units, [&](const auto& one) { return below(unit, name) == below(one.second, one.first); });
}

bool is_noted_somewhere(const Tree& unit, const std::string& name, const std::map<std::string, Tree>& units) {
  return name.ends_with(kNotes) && unit.size() == 1 && std::ranges::any_of(units, [&](const auto& one) {
           return one.first.ends_with(kNotes) && one.second.begin()->second == unit.begin()->second;
         });
}

/// Where several transactions change one document, each member of it is old or new by itself.
bool is_mixed(const nlohmann::json& now, const nlohmann::json& before, const nlohmann::json& after) {
  const auto member = [](const nlohmann::json& object, const std::string& key) {
    return object.is_object() && object.contains(key) ? object.at(key) : nlohmann::json();
  };
  if (!now.is_object()) return false;
  std::set<std::string> keys;
  for (const auto* object : {&now, &before, &after}) {
    if (object->is_object()) {
      for (const auto& [key, value] : object->items()) keys.insert(key);
    }
  }
  return std::ranges::all_of(keys, [&](const std::string& key) {
    const auto seen = member(now, key);
    if (seen == member(before, key) || seen == member(after, key) || key == "last_updated") return true;
    return key == "states" && is_mixed(seen, member(before, key), member(after, key));
  });
}

bool is_mixed(const Tree& now, const Tree& before, const Tree& after) {
  const auto value = [](const Tree& tree) {
    return tree.size() == 1 ? nlohmann::json::parse(tree.begin()->second.content, nullptr, false) : nlohmann::json();
  };
  return is_mixed(value(now), value(before), value(after));
}

/// Each unit is as at one of the two ends. `temporary`: files of ours may lie about for the moment.
std::string neither_old_nor_new(const Tree& now, const Situation& situation, bool temporary) {
  const Ends& ends = situation.ends;
  const auto before = units_of(ends.before);
  const auto after = units_of(ends.after);
  const auto seen = units_of(now);
  std::set<std::string> names;
  for (const auto* units : {&before, &after, &seen}) {
    for (const auto& [name, tree] : *units) names.insert(name);
  }
  const auto at = [](const auto& units, const std::string& name) {
    const auto found = units.find(name);
    return found == units.end() ? Tree() : found->second;
  };
  for (const auto& name : names) {
    const Tree unit = at(seen, name);
    if (unit == at(before, name) || unit == at(after, name)) continue;
    if (temporary && (is_noted_somewhere(unit, name, before) || is_noted_somewhere(unit, name, after))) continue;
    const bool ours = name.find("trueup") != std::string::npos && !before.contains(name) && !after.contains(name);
    if (ours && temporary) continue;
    if (temporary && name.find(".standalone-backup-") != std::string::npos && is_known(unit, name, before)) continue;
    if ((situation.scenario.several_writes || situation.faulty) && is_mixed(unit, at(before, name), at(after, name)))
      continue;
    return fmt::format("{} is neither as before nor as intended: {}", name, first_difference(unit, at(after, name)));
  }
  return "";
}

/// Names of ours that only lie there for the moment of a change, or until the next start after a cut.
Tree without_temporary(Tree tree) {
  std::erase_if(tree, [](const auto& one) {
    return one.first.find(".trueup-") != std::string::npos && one.first.find(".trueup-receipt") == std::string::npos;
  });
  return tree;
}

std::string lost_bytes(const Tree& now, const Ends& ends) {
  std::set<std::string_view> contents;
  for (const auto& [path, node] : now) contents.insert(node.content);
  for (const auto& [path, node] : ends.before) {
    if (node.kind == platform::FileKind::link) continue;  // where it led to is in the history: undo makes it again
    if (!contents.contains(node.content)) return "the bytes of " + path + " are nowhere any more";
  }
  return "";
}

std::string open_secret(const Tree& now) {
  constexpr std::uint32_t kOthers = 07;
  for (const auto& [path, node] : now) {
    if (node.kind != platform::FileKind::regular || node.content.find(kSecret) == std::string::npos) continue;
    if ((node.mode & kOthers) != 0) return "others may read the secret in " + path;
  }
  return "";
}

/// The copy of everything as it was before trueup ever wrote here is whole wherever it has its name.
std::string torn_first_copy(const Tree& everything, const Ends& ends) {
  constexpr const char* kFirstCopy = ".trueup/first-contact.tar";
  const auto copy = everything.find(kFirstCopy);
  if (copy == everything.end()) return "";
  const auto earlier = ends.all_before.find(kFirstCopy);
  const bool whole = earlier != ends.all_before.end()
                         ? copy->second.content == earlier->second.content
                         : copy->second.content.find(ends.before.at("config/config.json").content) != std::string::npos;
  return whole ? "" : "the copy of the first contact is torn";
}

std::string leftovers(Place& place) {
  for (const auto& [path, node] : place.all()) {
    const bool staged = path.find("standalone-backup-work/staging/") != std::string::npos;
    const bool beside = !is_own(path) && path.find("trueup") != std::string::npos &&
                        path.find(".trueup-receipt.json") == std::string::npos;
    if (staged || beside) return "is left over: " + path;
  }
  const auto root = place.disk.open_root_for_reading(engine::kRoot);
  const auto journal = ledger::read_journal(**root);
  if (!journal) return "the journal cannot be read: " + journal.error().text();
  return journal->unfinished.empty() ? "" : "something is still unfinished";
}

bool is_same(const Tree& now, const Tree& then) { return first_difference(now, then).empty(); }

/// How `now` differs from one of the two ends; nothing when it does not.
std::string differs(const Situation& situation, Tree now, Tree end) {
  if (situation.faulty) {
    now.erase(kStatePath);
    end.erase(kStatePath);
    const auto secrets = now.find(kSecretsPath);
    const auto before = situation.ends.before.find(kSecretsPath);
    if (secrets != now.end() && before != situation.ends.before.end() && secrets->second == before->second) {
      now.erase(kSecretsPath);
      end.erase(kSecretsPath);
    }
  }
  return first_difference(now, end);
}

}  // namespace

Ends ends_of(const Scenario& scenario) {
  Place place;
  scenario.lay_out(place);
  Ends ends{.start = place.disk.image(), .before = place.theirs(), .all_before = place.all()};
  place.disk.clear_log();
  auto world = place.world();
  const auto done = scenario.run(world);
  if (!done) ADD_FAILURE() << scenario.name << ": " << done.error().text();
  ends.after = place.theirs();
  ends.log = place.disk.log();
  EXPECT_NE(ends.before, ends.after) << scenario.name << " does nothing";
  return ends;
}

Status recover(engine::World& world) {
  ASSIGN_OR_RETURN(const auto session, engine::Session::begin(world, "start"));
  const auto ended = session->end();
  return ended ? ok() : Status(ended.error());
}

Status recover(Place& place) {
  auto world = place.world_without_registry();
  return recover(world);
}

std::string broken_as_it_is(const Situation& situation, Place& place) {
  const Tree now = place.theirs();
  if (situation.finished && !is_same(without_temporary(now), situation.ends.after)) {
    return "what was said to be done is not: " + first_difference(without_temporary(now), situation.ends.after);
  }
  for (const auto& broken : {neither_old_nor_new(now, situation, true), lost_bytes(place.all(), situation.ends),
                             open_secret(place.all()), torn_first_copy(place.all(), situation.ends)}) {
    if (!broken.empty()) return broken;
  }
  place.disk.clear_log();
  auto world = place.world_without_registry();
  const auto planned = engine::plan(world, {});
  if (!planned) return "no plan can be made: " + planned.error().text();
  if (!place.disk.log().empty()) return "a plan wrote: " + place.disk.log().front().where;
  for (const auto& finding : planned->plan.findings) {
    if (finding.reason.empty() || finding.description.empty()) return "a finding says nothing: " + finding.finding;
  }
  return "";
}

std::string broken_by_recovery(const Situation& situation, Place& place) {
  if (const auto done = recover(place); !done) return "the next start fails: " + done.error().text();
  const Tree now = place.theirs();
  const Tree everything = place.all();
  if (const auto open = differs(situation, now, situation.ends.after); situation.finished && !open.empty()) {
    return "recovery takes back what was said to be done: " + open;
  }
  for (const auto& broken : {neither_old_nor_new(now, situation, false), lost_bytes(everything, situation.ends),
                             open_secret(everything), leftovers(place)}) {
    if (!broken.empty()) return broken;
  }
  const std::string undone = differs(situation, now, situation.ends.before);
  const std::string open = differs(situation, now, situation.ends.after);
  if (situation.scenario.whole && !undone.empty() && !open.empty()) return "half of it is done: " + open;
  if (const auto again = recover(place); !again) return "the second start fails: " + again.error().text();
  const auto repeated = first_difference(place.all(), everything);
  return repeated.empty() ? "" : "the second start finds something to do: " + repeated;
}

std::string broken_afterwards(const Situation& situation, Place& place) {
  auto world = place.world();
  if (!situation.scenario.whole || is_same(place.theirs(), situation.ends.before)) {
    if (const auto done = situation.scenario.run(world); !done) return "run again it fails: " + done.error().text();
  }
  if (const auto open = differs(situation, place.theirs(), situation.ends.after); !open.empty()) {
    return "run again it comes to another end: " + open;
  }
  if (auto lost = lost_bytes(place.all(), situation.ends); !lost.empty()) return lost;
  if (!situation.scenario.whole) {
    const Tree rest = place.all();
    if (const auto done = situation.scenario.run(world); !done) return "at rest it fails: " + done.error().text();
    if (auto moved = differs(situation, place.theirs(), situation.ends.after); !moved.empty()) {
      return "does not rest: " + moved;
    }
  }
  const auto history = engine::history(world);
  if (!history) return "history cannot be read: " + history.error().text();
  if (history->empty()) return "history knows of nothing";
  if (!situation.scenario.undoable) return "";
  const auto undone = situation.scenario.whole
                          ? engine::undo(world, 0, engine::UndoReach::last_command)
                          : engine::undo(world, history->back().number, engine::UndoReach::and_all_later);
  if (!undone) return "it cannot be undone: " + undone.error().text();
  const auto back = first_difference(place.theirs(), situation.ends.before);
  return back.empty() ? "" : "undone it is not as before: " + back;
}

std::string broken_promises(const Situation& situation, Place& place) {
  for (const auto& check : {broken_as_it_is, broken_by_recovery, broken_afterwards}) {
    if (auto broken = check(situation, place); !broken.empty()) return broken;
  }
  return "";
}

}  // namespace trueup::test
