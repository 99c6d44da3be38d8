#include "scenario.h"

#include <fmt/core.h>

#include "engine/install.h"
#include "engine/reconcile.h"
#include "engine/remove_directory.h"
#include "engine/resolve.h"
#include "engine/restore.h"
#include "engine/set_enabled.h"
#include "engine/undo.h"
#include "engine/uninstall.h"
#include "engine/update.h"
#include "scenario_lists.h"
#include "store/child_fetcher.h"
#include "store/given_source.h"

namespace trueup::test {
namespace {

using engine::World;
using model::DocumentName;

/// What goes wrong with one step of a pass is no error of the pass: it is one here.
Status pass(World& world, model::RuleSet rules) {
  const auto report = engine::reconcile(world, {.rules = rules});
  if (!report) return report.error();
  if (report->error) return *report->error;
  for (const auto& step : report->steps) {
    if (rules == model::RuleSet::safe && step.kind == engine::StepResult::Kind::failed) {
      return Error{.code = ErrorCode::io, .message = "a step failed: " + step.why};
    }
  }
  return ok();
}

Scenario reconcile(std::string name, std::function<void(Place&)> lay_out, model::RuleSet rules = model::RuleSet::safe) {
  return {.name = std::move(name),
          .lay_out = std::move(lay_out),
          .run = [rules](World& world) { return pass(world, rules); },
          .whole = false};
}

void install_and_break(Place& place, const std::function<void(Place&)>& damage) {
  steady(place);
  place.offer("clock", "2.0.0");
  auto world = place.world();
  if (const auto done = engine::install(world, "clock"); !done) ADD_FAILURE() << done.error().text();
  damage(place);
}

constexpr const char* kPlugins = "/plugin-repos/";

void lose_file(Place& place) { place.disk.erase(std::string(engine::kRoot) + kPlugins + "clock/manager.py"); }

/// As an install of LEDMatrix's leaves it that was killed in its middle.
void set_aside(Place& place, const std::string& id) {
  for (const char* name : {"manifest.json", "manager.py", "notes.txt"}) {
    place.write(fmt::format("plugin-repos/{}.standalone-backup-preinstall/{}", id, name),
                place.read(fmt::format("plugin-repos/{}/{}", id, name)));
  }
  place.disk.erase(std::string(engine::kRoot) + kPlugins + id);
}

void leave_copy(Place& place) {
  steady(place);
  set_aside(place, "clock");
}

void leave_copy_beside_half(Place& place) {
  leave_copy(place);
  place.write("plugin-repos/clock/manifest.json", R"({"id": "clock", "ver)");
}

void renamed(Place& place) {
  place.add_plugin("bystander");
  place.add_plugin("new", "1.0.0", R"(, "former_ids": ["old"])");
  place.write("config/config.json",
              "{\n\t\"bystander\": {\"enabled\": true}, \"old\" : { \"enabled\":true, \"speed\":1.50,\n\t\t\"image\": "
              "\"assets/plugins/old/uploads/cat.png\" },\n\t\"display\": {\"plugin_rotation_order\": [\"a\", "
              "\"old\"]}\n}\n");
  place.write("config/config_secrets.json", fmt::format(R"({{"old": {{"api_key": "{}"}}}})", kSecret), 0640);
  place.write("assets/plugins/old/uploads/cat.png", "meow");
  place.write("assets/plugins/old/uploads/.metadata.json",
              R"({"a1": {"filename": "cat.png", "path": "assets/plugins/old/uploads/cat.png"}})");
  place.record({{"bystander", true}, {"old", true}});
}

/// The registry declares the rename; the old plugin is still there, or none is.
void renamed_in_the_registry(Place& place, bool old_is_there) {
  renamed(place);
  place.disk.erase(std::string(engine::kRoot) + kPlugins + "new");
  if (old_is_there) place.add_plugin("old", "1.0.0");
  place.offer("new", "1.0.0", R"(, "aliases": ["old"])");
}

void renamed_twice(Place& place) {
  renamed(place);
  place.write("config/config.json",
              "{\n\t\"bystander\": {\"enabled\": true}, \"old\" : { \"enabled\":true, \"speed\":1.50 },\n\t\"new\": "
              "{\"enabled\": false},\n\t\"display\": {\"plugin_rotation_order\": [\"a\", \"old\"]}\n}\n");
}

void offer_three(Place& place) {
  steady(place);
  place.configure({{"bystander", R"({"enabled": true})"},
                   {"clock", R"({"enabled": true, "color": "red"})"},
                   {"one", R"({"enabled": true})"},
                   {"two", R"({"enabled": true})"},
                   {"three", R"({"enabled": true})"}});
  place.record({{"bystander", true}, {"clock", true}, {"one", true}, {"two", true}, {"three", true}});
  for (const char* id : {"one", "two", "three"}) place.offer(id, "1.0.0");
}

void one_of_each_kind(Place& place) {
  renamed(place);
  place.add_plugin("fresh");
  place.add_plugin("odd");
  place.write("config/config.json",
              "{\n\t\"bystander\": {\"enabled\": true}, \"odd\": {\"enabled\": false}, \"radar\": {\"enabled\": true}, "
              "\"absent\": {\"enabled\": "
              "true},\n\t\"old\" : { \"enabled\":true, \"speed\":1.50 }, \"kitchen\": \"buy milk\"\n}\n");
  place.record({{"bystander", false}, {"old", true}, {"odd", true}, {"gone", true}, {"absent", true}, {"radar", true}});
  place.write(
      "plugin-repos/radar.standalone-backup-preinstall/manifest.json",
      R"({"id": "radar", "name": "radar", "version": "1.0.0", "class_name": "P", "entry_point": "manager.py"})");
  place.write("plugin-repos/radar.standalone-backup-preinstall/manager.py", "class P:\n    pass\n");
  place.offer("absent", "2.0.0");
}

Scenario undoing(const std::string& name, const std::function<void(Place&)>& lay_out,
                 const std::function<Status(World&)>& what) {
  return {.name = "undo of " + name,
          .lay_out =
              [lay_out, what](Place& place) {
                lay_out(place);
                auto world = place.world();
                if (const auto done = what(world); !done) ADD_FAILURE() << done.error().text();
              },
          .run = [](World& world) { return status_of(engine::undo(world, 0, engine::UndoReach::last_command)); },
          .undoable = false};
}

/// A pass is several transactions, and so is taking it back.
Scenario undoing_a_pass() {
  Scenario scenario =
      undoing("a whole pass", one_of_each_kind, [](World& world) { return pass(world, model::RuleSet::safe); });
  scenario.whole = false;
  scenario.several_writes = true;
  scenario.run = [](World& world) -> Status {
    const auto done = engine::undo(world, 0, engine::UndoReach::last_command);
    return done || done.error().code == ErrorCode::not_found ? ok() : Status(done.error());
  };
  return scenario;
}

Status run_update(World& world, const engine::UpdateOrder& order) {
  const auto report = engine::update(world, order);
  if (!report) return report.error();
  for (const auto& result : report->results) {
    if (result.kind != engine::UpdateResult::Kind::failed) continue;
    return Error{.code = ErrorCode::io, .message = result.plugin_id + ": " + result.says};
  }
  return ok();
}

Status update_clock(World& world) { return run_update(world, {.names = {"clock"}}); }

/// What is refused is told of, and is no failure of the scenario.
Status update_but_the_impostor(World& world) {
  const auto report = engine::update(world, {.all = true});
  if (!report) return report.error();
  for (const auto& result : report->results) {
    const bool refused = result.reason == "identity_mismatch";
    if (result.kind != engine::UpdateResult::Kind::failed || refused) continue;
    return Error{.code = ErrorCode::io, .message = result.plugin_id + ": " + result.says};
  }
  return ok();
}

void newer_clock(Place& place) {
  steady(place);
  std::string state = place.read("data/plugin_state.json");
  for (std::size_t at = 0; (at = state.find("\"version\": null", at)) != std::string::npos;) {
    state.replace(at, 15, "\"version\": \"1.0.0\"");
  }
  place.write("data/plugin_state.json", state);
  place.offer("clock", "2.0.0");
}

Status install_clock(World& world) { return status_of(engine::install(world, "clock")); }
/// From a directory of the owner's, beside the plugins.
void give_clock(Place& place) {
  steady(place);
  place.write("given/clock/manifest.json", R"({"id": "clock", "name": "clock", "version": "1.0.0-mine", )"
                                           R"("class_name": "P", "display_modes": []})");
  place.write("given/clock/manager.py", "class P:\n    mine = True\n");
  place.write("given/clock/.git/config", "[core]");
}
Status install_given_clock(World& world) {
  store::ChildFetcher no_archives;
  ASSIGN_OR_RETURN(const auto given, store::look_at_given(world.file_system, no_archives, world.root + "/given/clock"));
  const store::GivenSource source(world.file_system, no_archives, world.store, given);
  World here = world;
  here.store = &source;
  return status_of(engine::install(here, given.id));
}
Status uninstall_clock(World& world) { return status_of(engine::uninstall(world, "clock", engine::Settings::remove)); }
Status switch_clock_off(World& world) { return status_of(engine::set_enabled(world, "clock", false)); }

/// Two passes: while the history cannot be read, the first one only makes a new one.
Scenario begin_history_anew() {
  Scenario scenario = reconcile("reconcile begins a damaged history anew", [](Place& place) {
    steady(place);
    auto world = place.world();
    if (!switch_clock_off(world)) ADD_FAILURE();
    place.write(".trueup/ledger.db", "no database", 0600);
    place.add_plugin("fresh");
  });
  scenario.run = [](World& world) -> Status {
    RETURN_IF_ERROR(pass(world, model::RuleSet::safe));
    return pass(world, model::RuleSet::safe);
  };
  return scenario;
}

Scenario several_writes(Scenario scenario) {
  scenario.several_writes = true;
  return scenario;
}

std::vector<Scenario> passes() {
  return {
      reconcile("reconcile adds a section",
                [](Place& place) {
                  steady(place);
                  place.add_plugin("fresh");
                }),
      reconcile("reconcile corrects a record",
                [](Place& place) {
                  steady(place);
                  place.record({{"bystander", true}, {"clock", false}});
                }),
      reconcile("reconcile removes a record and makes one anew",
                [](Place& place) {
                  steady(place);
                  place.write("data/plugin_state.json",
                              R"({"version": 1, "states": {"clock": ["odd"], "gone": {"plugin_id": "gone", )"
                              R"("status": "enabled", "enabled": true, "version": null}}, "last_updated": ""})");
                }),
      reconcile("reconcile rebuilds the state file",
                [](Place& place) {
                  steady(place);
                  place.write("data/plugin_state.json", R"({"version": 1, "states": {"clock": {"plugin_id")");
                }),
      reconcile("reconcile fetches a plugin",
                [](Place& place) {
                  offer_three(place);
                  place.add_plugin("one");
                  place.add_plugin("two");
                }),
      reconcile("reconcile fetches three plugins", offer_three),
      reconcile("reconcile fetches a plugin under a new id which the settings follow",
                [](Place& place) { renamed_in_the_registry(place, false); }),
      reconcile("reconcile brings a copy back", leave_copy),
      reconcile("reconcile brings a copy back under a new id which the settings follow",
                [](Place& place) {
                  renamed(place);
                  set_aside(place, "new");
                  place.offer("new", "2.0.0", R"(, "aliases": ["old"])");
                }),
      reconcile("reconcile puts a copy in the place of half a plugin", leave_copy_beside_half),
      reconcile("reconcile repairs a plugin", [](Place& place) { install_and_break(place, lose_file); }),
      reconcile("reconcile renames a plugin", renamed),
      several_writes(reconcile("reconcile does one of each kind", one_of_each_kind)),
      reconcile(
          "reconcile under the rules of ledmatrix",
          [](Place& place) {
            offer_three(place);
            place.add_plugin("fresh");
            place.record({{"bystander", true}, {"clock", false}});
          },
          model::RuleSet::ledmatrix),
      begin_history_anew(),
  };
}

std::vector<Scenario> verbs() {
  return {
      {.name = "install",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.offer("fresh", "1.0.0");
           },
       .run = [](World& world) { return status_of(engine::install(world, "fresh")); }},
      {.name = "install over an older version",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.offer("clock", "2.0.0");
           },
       .run = install_clock},
      {.name = "install over half a plugin",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.write("plugin-repos/clock/manifest.json", "{");
             place.offer("clock", "2.0.0");
           },
       .run = install_clock},
      {.name = "install of a copy that the owner gives", .lay_out = give_clock, .run = install_given_clock},
      {.name = "update", .lay_out = newer_clock, .run = update_clock},
      {.name = "update beside a copy of an interrupted one",
       .lay_out =
           [](Place& place) {
             newer_clock(place);
             place.write("plugin-repos/clock.standalone-backup-preinstall/manifest.json", R"({"id": "clock", "ver)");
           },
       .run = update_clock},
      {.name = "update of all",
       .lay_out =
           [](Place& place) {
             newer_clock(place);
             place.offer("bystander", "2.0.0");
           },
       .run = [](World& world) { return run_update(world, {.all = true}); },
       .whole = false,
       .undoable = false,
       .several_writes = true},
      {.name = "update of a plugin to its new id",
       .lay_out = [](Place& place) { renamed_in_the_registry(place, true); },
       .run = [](World& world) { return run_update(world, {.names = {"old"}}); }},
      {.name = "install under a new id which the settings follow",
       .lay_out = [](Place& place) { renamed_in_the_registry(place, false); },
       .run = [](World& world) { return status_of(engine::install(world, "new")); }},
      {.name = "update of which one is refused",
       .lay_out =
           [](Place& place) {
             newer_clock(place);
             place.offer("bystander", "2.0.0");
             place.disk.put_file("/registry/plugins/bystander/manifest.json", R"({"id": "impostor"})");
           },
       .run = update_but_the_impostor,
       .whole = false,
       .undoable = false,
       .several_writes = true},
      {.name = "uninstall",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.write("config/config_secrets.json", fmt::format(R"({{"clock": {{"api_key": "{}"}}}})", kSecret),
                         0640);
           },
       .run = uninstall_clock},
      {.name = "uninstall that keeps the settings",
       .lay_out = steady,
       .run = [](World& world) { return status_of(engine::uninstall(world, "clock", engine::Settings::keep)); }},
      {.name = "uninstall of a link",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.disk.erase(std::string(engine::kRoot) + kPlugins + "clock");
             place.disk.put_directory("/home/dev/clock");
             place.disk.put_link(std::string(engine::kRoot) + kPlugins + "clock", "/home/dev/clock");
           },
       .run = [](World& world) { return status_of(engine::remove_directory(world, "clock")); }},
      {.name = "disable", .lay_out = steady, .run = switch_clock_off},
      {.name = "disable with the documents on another disk",
       .lay_out = steady,
       .run = [](World& world) { return on_two_disks(world, "/config/", switch_clock_off); }},
      {.name = "disable when somebody has cleared the kept files away",
       .lay_out =
           [](Place& place) {
             steady(place);
             auto world = place.world();
             if (!engine::set_enabled(world, "bystander", false)) ADD_FAILURE();
             place.disk.erase(std::string(engine::kRoot) + "/.trueup/kept");
           },
       .run = switch_clock_off},
      {.name = "enable what the secrets file overrides",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.configure({{"bystander", R"({"enabled": true})"}, {"clock", R"({"enabled": false})"}});
             place.write("config/config_secrets.json",
                         fmt::format(R"({{"clock": {{"enabled": false, "api_key": "{}"}}}})", kSecret), 0640);
           },
       .run = [](World& world) { return status_of(engine::set_enabled(world, "clock", true)); }},
      {.name = "resolve of settings under two names",
       .lay_out = renamed_twice,
       .run = [](World& world) { return status_of(engine::resolve(world, "plugin_renamed:old", "keep-new")); }},
      {.name = "resolve that takes a damaged plugin out",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.write("plugin-repos/clock/manifest.json", "{");
           },
       .run =
           [](World& world) { return status_of(engine::resolve(world, "plugin_manifest_invalid:clock", "remove")); }},
      {.name = "restore",
       .lay_out =
           [](Place& place) {
             steady(place);
             auto world = place.world();
             if (!switch_clock_off(world)) ADD_FAILURE();
             place.write("config/config.json", R"({"bystander": {"enabled": tr)");
           },
       .run = [](World& world) { return status_of(engine::restore(world, DocumentName::config, std::nullopt)); }},
  };
}

std::vector<Scenario> undos() {
  return {
      undoing("a disable", steady, switch_clock_off),
      undoing("an uninstall", steady, uninstall_clock),
      undoing(
          "an install over an older version",
          [](Place& place) {
            steady(place);
            place.offer("clock", "2.0.0");
          },
          install_clock),
      undoing("an update", newer_clock, update_clock),
      undoing_a_pass(),
  };
}

}  // namespace

/// Two plugins in agreement everywhere; everything else is laid out beside them.
void steady(Place& place) {
  place.add_plugin("bystander");
  place.add_plugin("clock");
  place.write("plugin-repos/clock/notes.txt", "of the owner");
  place.configure({{"bystander", R"({"enabled": true})"}, {"clock", R"({"enabled": true, "color": "red"})"}});
  place.record({{"bystander", true}, {"clock", true}});
}

const std::vector<Scenario>& all_scenarios() {
  static const std::vector<Scenario> all = [] {
    std::vector<Scenario> list = passes();
    for (auto more : {verbs(), settings_verbs(), picture_verbs(), undos()})
      list.insert(list.end(), more.begin(), more.end());
    return list;
  }();
  return all;
}

}  // namespace trueup::test
