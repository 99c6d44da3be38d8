// Passes over plugins that an interrupted install, a lost file or an edit left other than they were installed.
#include <cerrno>
#include <set>

#include "engine/engine_test_support.h"
#include "engine/install.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/reinstall.h"
#include "engine/resolve.h"
#include "engine/second_look.h"
#include "engine/undo.h"
#include "platform/crash_disk.h"
#include "store/local_source.h"

namespace trueup::engine {
namespace {

constexpr const char* kCode = "class P:\n    pass\n";
constexpr const char* kAside = "plugin-repos/clock.standalone-backup-preinstall";

class ReconcileDamage : public EngineTest {
 protected:
  ReconcileDamage() : store_(disk, "/registry") {
    add_plugin("other");
    configure({{"other", R"({"enabled": false})"}, {"clock", R"({"enabled": true})"}});
    record_state({record("other", false), record("clock", true)});
  }

  World world() {
    World here = EngineTest::world();
    if (disk.files().contains("/registry/plugins.json")) here.store = &store_;
    return here;
  }
  void offer(const std::string& version, const std::string& more_of_manifest = "",
             const std::string& more_of_entry = "") {
    disk.put_file("/registry/plugins/clock/manifest.json",
                  fmt::format(R"({{"id": "clock", "name": "clock", "version": "{}", "class_name": "P", )"
                              R"("entry_point": "manager.py", "display_modes": []{}}})",
                              version, more_of_manifest));
    disk.put_file("/registry/plugins/clock/manager.py", kCode);
    disk.put_file("/registry/plugins/clock/data/faces.json", "[1, 2]\n");
    disk.put_file("/registry/plugins.json",
                  fmt::format(R"({{"plugins": [{{"id": "clock", "plugin_path": "plugins/clock", )"
                              R"("latest_version": "{}"{}}}]}})",
                              version, more_of_entry));
  }
  void install_clock() {
    offer("1.0.0");
    auto here = world();
    const auto done = install(here, "clock");
    ASSERT_TRUE(done) << done.error().text();
  }
  /// What a kill -9 between "old set aside" and "new in place" leaves.
  void interrupt_install() {
    add_plugin("clock");
    const auto files = disk.files();
    for (const std::string name : {"manifest.json", "manager.py"}) {
      write(std::string(kAside) + "/" + name, files.at(path("plugin-repos/clock/" + name)));
    }
    write(std::string(kAside) + "/mine.txt", "added by me");
    disk.erase(path("plugin-repos/clock"));
  }
  PassReport pass(const model::Policy& policy = {}) {
    auto here = world();
    auto report = reconcile(here, policy);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport{};
  }
  bool kept_somewhere(const std::string& bytes) {
    for (const auto& [name, text] : disk.files()) {
      if (text == bytes && name.find("/.trueup.standalone-backup-work/kept/") != std::string::npos) return true;
    }
    return false;
  }

  store::LocalSource store_;
};

TEST_F(ReconcileDamage, F72_a_plugin_that_is_there_only_as_an_aside_comes_back_without_a_registry) {
  interrupt_install();
  const auto report = pass();
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  EXPECT_EQ(read("plugin-repos/clock/mine.txt"), "added by me");
  EXPECT_EQ(read(std::string(kAside) + "/mine.txt"), "(not there)");
  EXPECT_TRUE(pass().plan.findings.empty());
}

TEST_F(ReconcileDamage, F72_a_copy_that_cannot_be_read_is_waited_for_and_nothing_is_fetched_in_its_place) {
  interrupt_install();
  offer("2.0.0");
  for (const std::string file : {"", "/manifest.json", "/manager.py"}) {
    for (const int error : {EIO, EACCES}) {
      const auto before = theirs(disk);
      disk.fail_reading(path(std::string(kAside) + file), error);
      const auto held = pass();
      EXPECT_EQ(theirs(disk), before) << "nothing is fetched, and the copy stays as it is: " << file;
      EXPECT_TRUE(held.result.inconsistencies_fixed.empty());
      EXPECT_FALSE(held.result.reconciliation_successful);
      disk.fail_reading(path(std::string(kAside) + file), 0);
    }
  }
  (void)pass();
  EXPECT_EQ(read("plugin-repos/clock/mine.txt"), "added by me") << "the copy came back";
  EXPECT_EQ(read(std::string(kAside) + "/mine.txt"), "(not there)");
  EXPECT_TRUE(pass().plan.findings.empty());
}

TEST_F(ReconcileDamage, F72_by_name_a_plugin_is_fetched_all_the_same_and_the_copy_that_cannot_be_read_is_kept) {
  interrupt_install();
  offer("2.0.0");
  disk.fail_reading(path(std::string(kAside) + "/manager.py"), EIO);
  auto here = world();
  const auto done = install(here, "clock");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->version, "2.0.0");
  EXPECT_TRUE(kept_somewhere("added by me"));
  EXPECT_TRUE(pass().plan.findings.empty());
}

TEST_F(ReconcileDamage, F72_a_plugin_that_cannot_be_read_does_not_give_way_to_a_copy) {
  interrupt_install();
  add_plugin("clock");
  const auto before = theirs(disk);
  disk.fail_reading(path("plugin-repos/clock/manager.py"), EIO);
  (void)pass();
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(ReconcileDamage, F72_half_a_plugin_gives_way_to_the_copy_and_is_kept) {
  interrupt_install();
  write("plugin-repos/clock/manifest.json", "{\"id\": \"clock\", \"ver");
  (void)pass();
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), kCode);
  EXPECT_TRUE(kept_somewhere("{\"id\": \"clock\", \"ver"));
}

TEST_F(ReconcileDamage, undo_sets_the_copy_aside_again_and_it_stays_there) {
  interrupt_install();
  write("plugin-repos/clock/manifest.json", "{\"id\": \"clock\", \"ver");
  const auto before = theirs(disk);
  const auto report = pass();
  ASSERT_EQ(report.history.size(), 1U);
  auto here = world();
  const auto undone = undo(here, report.history.front(), UndoReach::this_one);
  ASSERT_TRUE(undone) << undone.error().text();
  EXPECT_EQ(theirs(disk), before);
  (void)pass();
  EXPECT_EQ(theirs(disk), before) << "what undo brought back is held";
}

TEST_F(ReconcileDamage, a_plan_waits_for_nothing_and_says_that_the_pass_will) {
  interrupt_install();
  ports.processes.units["ledmatrix-web.service"] = platform::UnitState::active;
  auto here = world();
  std::vector<std::string> told;
  here.tell_of_wait = [&told](std::string_view says) { told.emplace_back(says); };
  const auto planned = plan(here, {});
  ASSERT_TRUE(planned) << planned.error().text();
  EXPECT_EQ(ports.clock.slept(), platform::Clock::Duration{});
  ASSERT_EQ(planned->plan.steps.size(), 1U);
  EXPECT_EQ(planned->plan.steps[0].held, kSecondLook);
  EXPECT_TRUE(told.empty());
  const auto done = reconcile(here, {.confirmed_digest = planned->plan.digest});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(done->result.inconsistencies_fixed.size(), 1U) << "what was planned is what was done";
}

TEST_F(ReconcileDamage, a_copy_is_left_alone_while_the_web_process_is_still_at_work_on_it) {
  interrupt_install();
  ports.processes.units["ledmatrix-web.service"] = platform::UnitState::active;
  ports.clock.on_sleep([this] { add_plugin("clock", "2.0.0"); });
  (void)pass();
  EXPECT_EQ(read(std::string(kAside) + "/mine.txt"), "added by me");
  EXPECT_NE(read("plugin-repos/clock/manifest.json").find("2.0.0"), std::string::npos);
}

TEST_F(ReconcileDamage, F72_is_whole_at_one_of_the_two_names_whenever_the_power_is_cut) {
  interrupt_install();
  write("plugin-repos/clock/manifest.json", "{\"id\": \"clock\", \"ver");
  const auto start = disk.image();
  disk.clear_log();
  (void)pass();
  const auto finished = theirs(disk);
  const auto log = disk.log();
  std::set<std::string> seen;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    const platform::CrashOptions options{.random_selections = 2, .seed = cut + 1, .most_singles = 6};
    for (const auto& survivor : platform::surviving_disks(start, log, cut, options)) {
      if (!seen.insert(platform::fingerprint(survivor.image)).second) continue;
      platform::MemoryFileSystem after(survivor.image);
      const auto files = after.files();
      const std::size_t whole =
          files.count(path("plugin-repos/clock/mine.txt")) + files.count(path(kAside) + "/mine.txt");
      ASSERT_EQ(whole, 1U) << "cut behind " << cut << ", " << survivor.variant;
      Ports others;
      auto here = others.world(after);
      const auto report = reconcile(here, {});
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_EQ(theirs(after), finished) << "cut behind " << cut << ", " << survivor.variant;
    }
  }
}

TEST_F(ReconcileDamage, F71_a_lost_file_comes_back_and_what_the_owner_added_or_changed_stays) {
  install_clock();
  disk.erase(path("plugin-repos/clock/data/faces.json"));
  write("plugin-repos/clock/manager.py", "class P:\n    mine = 1\n");
  write("plugin-repos/clock/notes.txt", "mine");
  const auto report = pass();
  EXPECT_EQ(read("plugin-repos/clock/data/faces.json"), "[1, 2]\n");
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), "class P:\n    mine = 1\n");
  EXPECT_EQ(read("plugin-repos/clock/notes.txt"), "mine");
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  const auto before = theirs(disk);
  const auto second = pass();
  ASSERT_EQ(second.plan.findings.size(), 1U);
  EXPECT_EQ(second.plan.findings[0].finding, "plugin_modified:clock");
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(ReconcileDamage, F71_a_damaged_manifest_is_made_whole_at_the_version_that_was_installed) {
  install_clock();
  const std::string manifest = read("plugin-repos/clock/manifest.json");
  write("plugin-repos/clock/manifest.json", "{\"id\": ");
  (void)pass();
  EXPECT_EQ(read("plugin-repos/clock/manifest.json"), manifest);
}

TEST_F(ReconcileDamage, an_edit_is_kept_or_put_back_as_the_owner_chooses) {
  install_clock();
  write("plugin-repos/clock/manager.py", "class P:\n    mine = 1\n");
  write("plugin-repos/clock/notes.txt", "mine");
  auto here = world();
  const auto kept = resolve(here, "plugin_modified:clock", "keep");
  ASSERT_TRUE(kept) << kept.error().text();
  EXPECT_TRUE(kept->settled);
  EXPECT_TRUE(pass().result.inconsistencies_manual.empty());

  write("plugin-repos/clock/data/faces.json", "[3]\n");  // more was changed: the finding is back
  const auto put_back = resolve(here, "plugin_modified:clock", "reinstall");
  ASSERT_TRUE(put_back) << put_back.error().text();
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), kCode);
  EXPECT_EQ(read("plugin-repos/clock/data/faces.json"), "[1, 2]\n");
  EXPECT_EQ(read("plugin-repos/clock/notes.txt"), "mine");
  EXPECT_TRUE(kept_somewhere("class P:\n    mine = 1\n"));
}

TEST_F(ReconcileDamage, an_edit_is_not_put_back_while_what_it_rests_on_cannot_be_read_or_is_gone) {
  install_clock();
  write("plugin-repos/clock/manager.py", "class P:\n    mine = 1\n");
  auto here = world();
  const model::ReinstallAsShipped order{.plugin_id = "clock", .version = "2.0.0"};
  disk.put_file(path("config/uninstalled_plugins.json"), "[");
  const auto unread = reinstall_as_shipped(here, order);
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.error().code, ErrorCode::unreadable) << unread.error().text();
  disk.put_file(path("config/uninstalled_plugins.json"), R"(["clock"])");
  const auto removed = reinstall_as_shipped(here, order);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::refused) << removed.error().text();
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), "class P:\n    mine = 1\n");
}

TEST_F(ReconcileDamage, files_that_were_read_once_are_not_read_again_until_they_change) {
  install_clock();
  disk.erase(path("plugin-repos/clock/data/faces.json"));
  (void)pass();  // repairs …
  configure({{"other", R"({"enabled": false})"}, {"clock", R"({"enabled": true})"}});
  add_plugin("third");
  (void)pass();  // … and this one writes down that all is as it should be
  auto here = world();
  const auto seen = look_to_plan(here);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_EQ(seen->observation.ledger.untouched_files.size(), 1U);
  EXPECT_EQ(seen->observation.untouched_files, seen->observation.ledger.untouched_files);
}

TEST_F(ReconcileDamage, F72_an_install_by_name_keeps_what_an_earlier_one_left_behind) {
  interrupt_install();
  offer("2.0.0");
  auto here = world();
  const auto done = install(here, "clock");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_NE(read("plugin-repos/clock/manifest.json").find("2.0.0"), std::string::npos);
  EXPECT_EQ(read(std::string(kAside) + "/mine.txt"), "(not there)");
  EXPECT_TRUE(kept_somewhere("added by me"));
}

TEST_F(ReconcileDamage, a_plugin_that_needs_a_newer_ledmatrix_is_not_installed) {
  write("src/__init__.py", "\"\"\"The display.\"\"\"\n__version__ = \"2.4.0\"\n");
  offer("1.0.0", R"(, "max_ledmatrix_version": "1.0.0", "versions": [{"ledmatrix_min": "3.0.0"}])");
  const auto before = theirs(disk);
  auto here = world();
  const auto refused = install(here, "clock");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("3.0.0"), std::string::npos);
  EXPECT_EQ(theirs(disk), before);
  write("src/__init__.py", "__version__ = '3.0.0'\n");
  EXPECT_TRUE(install(here, "clock"));
}

TEST_F(ReconcileDamage, F96_what_is_installed_is_repaired_whatever_its_entry_asks_of_ledmatrix_since) {
  write("src/__init__.py", "__version__ = '3.0.0'\n");
  install_clock();
  const std::string manifest = read("plugin-repos/clock/manifest.json");
  offer("1.0.0", "", R"(, "ledmatrix_min_version": "3.1.0")");
  disk.erase(path("plugin-repos/clock/manager.py"));
  const auto repaired = pass();
  EXPECT_EQ(repaired.result.inconsistencies_fixed.size(), 1U);
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), kCode);

  write("plugin-repos/clock/manager.py", "class P:\n    mine = 1\n");
  auto here = world();
  const auto put_back = resolve(here, "plugin_modified:clock", "reinstall");
  ASSERT_TRUE(put_back) << put_back.error().text();
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), kCode);

  // Nothing proves the receipt any more, so a person decides; what is offered is what was installed all the same.
  write("plugin-repos/clock/manager.py", "class P:\n    mine = 2\n");
  write("plugin-repos/clock/manifest.json", "{");
  const auto replaced = resolve(here, "plugin_manifest_invalid:clock", "reinstall");
  ASSERT_TRUE(replaced) << replaced.error().text();
  EXPECT_EQ(read("plugin-repos/clock/manifest.json"), manifest);
  EXPECT_TRUE(kept_somewhere("class P:\n    mine = 2\n"));
}

TEST_F(ReconcileDamage, F96_nor_does_a_floor_that_its_own_manifest_states_keep_it_damaged) {
  write("src/__init__.py", "__version__ = '3.0.0'\n");
  offer("1.0.0", R"(, "ledmatrix_min_version": "3.0.0")");
  auto here = world();
  ASSERT_TRUE(install(here, "clock"));
  write("src/__init__.py", "__version__ = '2.5.0'\n");  // LEDMatrix went back
  disk.erase(path("plugin-repos/clock/manager.py"));
  (void)pass();
  EXPECT_EQ(read("plugin-repos/clock/manager.py"), kCode);
}

TEST_F(ReconcileDamage, F96_what_is_new_is_neither_put_in_its_place_nor_offered_for_that) {
  write("src/__init__.py", "__version__ = '3.0.0'\n");
  install_clock();
  offer("2.0.0", "", R"(, "ledmatrix_min_version": "3.1.0")");
  write("plugin-repos/clock/manifest.json", "{");
  write("plugin-repos/clock/manager.py", "class P:\n    mine = 2\n");
  const auto before = theirs(disk);
  auto here = world();
  const auto refused = install(here, "clock");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("3.1.0"), std::string::npos) << refused.error().text();
  EXPECT_EQ(theirs(disk), before);
  const auto not_offered = resolve(here, "plugin_manifest_invalid:clock", "reinstall");
  ASSERT_FALSE(not_offered);
  EXPECT_EQ(not_offered.error().message.find("3.1.0"), std::string::npos) << not_offered.error().text();
  EXPECT_EQ(theirs(disk), before);
}

}  // namespace
}  // namespace trueup::engine
