#include "engine/update.h"

#include <algorithm>

#include "engine/store_test_support.h"
#include "engine/undo.h"

namespace trueup::engine {
namespace {

class Update : public StoreTest {
 protected:
  UpdateReport run(const UpdateOrder& order) {
    World here = world();
    here.store = &store_;
    here.stop_wanted = stop_wanted;
    auto report = update(here, order);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : UpdateReport{};
  }
  /// The reason of the only result.
  std::string reason(const UpdateOrder& order) {
    const auto report = run(order);
    EXPECT_EQ(report.results.size(), 1U);
    return report.results.empty() ? "(none)" : report.results.front().reason;
  }
  std::string code(const std::string& directory) { return read("plugin-repos/" + directory + "/manager.py"); }

  std::function<bool()> stop_wanted;
};

TEST_F(Update, a_newer_version_takes_the_place_of_the_old_one_and_undo_brings_that_back) {
  add_plugin("clock");
  offer("clock", "clock", "2.0.0");
  const auto before = theirs(disk);
  const auto report = run({.names = {"clock"}});
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].kind, UpdateResult::Kind::updated);
  EXPECT_EQ(report.results[0].version, "2.0.0");
  EXPECT_TRUE(report.results[0].n.has_value());
  EXPECT_NE(code("clock").find("2.0.0"), std::string::npos);
  World here = world();
  ASSERT_TRUE(undo(here, 0, UndoReach::last_command));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Update, F72_a_plugin_that_lies_aside_only_comes_back_first_and_is_updated) {
  for (const bool all : {false, true}) {
    SCOPED_TRACE(all);
    const std::string id = all ? "radio" : "clock";
    add_plugin_aside(id);
    offer(id, id, "2.0.0");
    const auto report = run(all ? UpdateOrder{.all = true} : UpdateOrder{.names = {id}});
    ASSERT_FALSE(report.results.empty());
    EXPECT_EQ(report.results.back().kind, UpdateResult::Kind::updated) << report.results.back().says;
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("was put back first"), std::string::npos) << report.notes[0];
    EXPECT_NE(code(id).find("2.0.0"), std::string::npos);
  }
}

TEST_F(Update, F72_one_that_cannot_come_back_is_told_of_and_the_others_are_updated) {
  add_plugin_aside("clock");
  add_plugin("radio");
  offer("clock", "clock", "2.0.0");
  offer("radio", "radio", "2.0.0");
  CannotMove cannot("plugin-repos/clock");
  platform::ObservedFileSystem watched(disk, cannot);
  World here = ports.world(watched);
  here.store = &store_;
  const auto report = update(here, {.names = {"clock", "radio"}});
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->results.size(), 2U);
  const auto clock = std::ranges::find(report->results, "clock", &UpdateResult::plugin_id);
  EXPECT_EQ(clock->kind, UpdateResult::Kind::failed);
  EXPECT_NE(clock->says.find("could not be put back"), std::string::npos) << clock->says;
  EXPECT_NE(code("radio").find("2.0.0"), std::string::npos);
  EXPECT_TRUE(disk.files().contains(path("plugin-repos/clock.standalone-backup-preinstall/manifest.json")));
}

TEST_F(Update, what_is_up_to_date_leaves_no_trace_of_trueup) {
  add_plugin("clock", "2.0.0");
  offer("clock", "clock", "2.0.0");
  const auto before = disk.files();
  EXPECT_EQ(reason({.names = {"clock"}}), "up_to_date");
  EXPECT_EQ(disk.files(), before);
}

TEST_F(Update, a_record_without_a_version_and_one_of_a_running_web_process_stay_as_they_are) {
  add_plugin("clock");
  offer("clock", "clock", "2.0.0");
  record_state({record("clock", true)});  // its version is null: no opinion
  const std::string state = read("data/plugin_state.json");
  run({.all = true});
  EXPECT_EQ(read("data/plugin_state.json"), state);
  entries_.clear();
  offer("clock", "clock", "3.0.0");
  std::string with_version = state;
  with_version.replace(with_version.find("\"version\": null"), 15, "\"version\": \"2.0.0\"");
  write("data/plugin_state.json", with_version);
  ports.processes.units["ledmatrix-web.service"] = platform::UnitState::active;
  run({.all = true});
  EXPECT_NE(code("clock").find("3.0.0"), std::string::npos);
  EXPECT_EQ(read("data/plugin_state.json"), with_version) << "its owner writes it from memory";
}

TEST_F(Update, what_cannot_be_one_plugin_or_has_another_name_now_is_said_and_left) {
  offer("clock", "clock", "2.0.0", R"(, "aliases": ["watch"])");
  offer("weather", "ledmatrix-weather", "2.0.0");
  add_plugin("weather");
  EXPECT_EQ(reason({.names = {"weather"}}), "registry_installs_other_id");
  add_plugin("clock");
  add_plugin("watch");
  EXPECT_EQ(reason({.names = {"watch"}}), "renamed") << "clock is there already";
  write("plugin-repos/clock-old/manifest.json", read("plugin-repos/clock/manifest.json"));
  EXPECT_EQ(reason({.names = {"clock"}}), "two_directories");
}

TEST_F(Update, a_damaged_plugin_of_a_store_is_a_failure_and_any_other_directory_is_none) {
  offer("clock", "clock", "2.0.0");
  write("plugin-repos/clock/manifest.json", "{");
  write("plugin-repos/docs/notes.txt", "no plugin");
  const auto report = run({.all = true});
  ASSERT_EQ(report.results.size(), 2U);
  EXPECT_EQ(report.results[0].reason, "damaged");
  EXPECT_EQ(report.results[1].kind, UpdateResult::Kind::skipped);
  EXPECT_EQ(report.results[1].reason, "no_source");
  EXPECT_TRUE(report.failed());
}

TEST_F(Update, what_the_owner_removed_is_not_updated) {
  add_plugin("clock");
  write("config/uninstalled_plugins.json", R"(["clock"])");
  offer("clock", "clock", "2.0.0");
  EXPECT_EQ(reason({.all = true}), "removed_by_owner");
}

TEST_F(Update, what_is_to_stop_stops_before_the_next_plugin_and_says_so) {
  for (const char* id : {"a", "b"}) {
    add_plugin(id);
    offer(id, id, "2.0.0");
  }
  int asked = 0;
  stop_wanted = [&asked] { return ++asked > 1; };
  const auto report = run({.all = true});
  ASSERT_EQ(report.results.size(), 2U);
  EXPECT_EQ(report.results[0].kind, UpdateResult::Kind::updated);
  EXPECT_EQ(report.results[1].reason, "stopped");
  EXPECT_NE(code("b").find("pass"), std::string::npos);
}

TEST_F(Update, a_source_that_cannot_be_read_is_no_reason_for_anything) {
  add_plugin("clock");
  disk.put_file("/registry/plugins.json", "{");
  World here = world();
  here.store = &store_;
  const auto report = update(here, {.all = true});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unreadable);
  here.store = nullptr;
  const auto without = update(here, {.all = true});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace trueup::engine
