#include <fmt/core.h>
#include <gtest/gtest.h>

#include "engine/directory_test_support.h"

namespace trueup::engine::test {
namespace {

using platform::Call;

const Tree kNothing;

SetDirectoryAside removal(const std::string& directory) {
  return {.plugin_id = directory, .directory = directory, .kept = "kept/1-" + directory};
}

Trial do_it(Display& display, DirectoryOperation operation, platform::Observer* observer = nullptr) {
  Trial run{.operation = std::move(operation)};
  EXPECT_TRUE(run_until_crash(display, run, {}, observer));
  return run;
}

Trial undo(Display& display, const Trial& run) {
  const auto inverse = inverse_of(run);
  EXPECT_TRUE(inverse.has_value());
  return do_it(display, inverse.value());
}

class FailRename final : public platform::Observer {
 public:
  explicit FailRename(ErrorCode code, std::string path) : code_(code), path_(std::move(path)) {}
  Status before(const Call& call) override {
    const bool moves = call.operation == platform::Operation::rename || call.operation == platform::Operation::exchange;
    if (moves && call.path == path_) return Error{.code = code_, .message = "no", .where = call.path};
    return ok();
  }
  void after(const Call&) override {}

 private:
  ErrorCode code_;
  std::string path_;
};

TEST(SetAside, a_removed_plugin_is_kept_whole_and_comes_back) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0", {{"cities.json", "[]"}});
  const Tree whole = display.plugin("clock");
  const Trial run = do_it(display, removal("clock"));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_TRUE(display.plugin_names().empty());
  EXPECT_EQ(display.container("kept/1-clock"), whole);
  const Trial undone = undo(display, run);
  ASSERT_TRUE(undone.applied) << undone.applied.error().text();
  EXPECT_EQ(display.plugin("clock"), whole);
  EXPECT_EQ(display.container("kept/1-clock"), kNothing);
}

TEST(SetAside, undo_brings_nothing_back_over_what_stands_there_now) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0");
  const Trial run = do_it(display, removal("clock"));
  display.install_by_hand("clock", "clock", "3.0.0");
  const Trial undone = undo(display, run);
  EXPECT_FALSE(undone.applied);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "3.0.0"));
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "1.0.0"));
}

TEST(SetAside, F41_a_directory_that_cannot_be_moved_stays_complete) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0");
  FailRename fail(ErrorCode::read_only, "/pi/plugin-repos/clock");
  const Trial run = do_it(display, removal("clock"), &fail);
  ASSERT_FALSE(run.applied);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0"));
}

TEST(SetAside, where_the_disk_cannot_rename_it_is_copied_and_removed_and_that_is_said) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0");
  FailRename fail(ErrorCode::unsupported, "/pi/plugin-repos/clock");
  const Trial run = do_it(display, removal("clock"), &fail);
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_TRUE(display.plugin_names().empty());
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "1.0.0"));
  ASSERT_EQ(run.applied->notes.size(), 1U);
  EXPECT_NE(run.applied->notes[0].find("not_atomic_here"), std::string::npos);
}

/// Both: no rename, and a crash.
class NoRenameAndCrash final : public platform::Observer {
 public:
  explicit NoRenameAndCrash(std::size_t change) : crash_(change) {}
  Status before(const Call& call) override {
    RETURN_IF_ERROR(crash_.before(call));
    return no_rename_.before(call);
  }
  void after(const Call&) override {}

 private:
  CrashAt crash_;
  FailRename no_rename_{ErrorCode::unsupported, "/pi/plugin-repos/clock"};
};

TEST(SetAsideCrash, F77_a_removed_plugin_is_whole_in_one_place_at_every_instant) {
  const Tree whole = plugin_files("clock", "1.0.0");
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.install_by_hand("clock", "clock", "1.0.0");
    CrashAt crash(change);
    Trial run{.operation = removal("clock")};
    const bool finished = run_until_crash(display, run, {}, &crash);
    EXPECT_TRUE((display.plugin("clock") == whole) != (display.container("kept/1-clock") == whole)) << change;
    recover(display, run);
    EXPECT_EQ(display.plugin("clock"), run.committed ? kNothing : whole) << change;
    EXPECT_EQ(display.container("kept/1-clock"), run.committed ? whole : kNothing) << change;
    if (finished) break;
  }
}

TEST(SetAsideCrash, F77_the_same_where_it_must_be_copied) {
  const Tree whole = plugin_files("clock", "1.0.0");
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.install_by_hand("clock", "clock", "1.0.0");
    NoRenameAndCrash crash(change);
    Trial run{.operation = removal("clock")};
    const bool finished = run_until_crash(display, run, {}, &crash);
    EXPECT_TRUE(display.plugin("clock") == whole || display.container("kept/1-clock") == whole) << change;
    FailRename no_rename(ErrorCode::unsupported, "/pi/plugin-repos/clock");
    display.disk.set_observer(&no_rename);
    recover(display, run);
    display.disk.set_observer(nullptr);
    EXPECT_EQ(display.plugin("clock"), run.committed ? kNothing : whole) << change;
    EXPECT_EQ(display.container("kept/1-clock"), run.committed ? whole : kNothing) << change;
    if (finished) break;
  }
}

TEST(SetAside, what_came_after_a_crash_under_the_same_name_is_not_ours_to_move) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0");
  Trial run = do_it(display, removal("clock"));
  display.install_by_hand("clock", "clock", "1.0.0");
  recover(display, run);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0"));
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "1.0.0"));
}

TEST(UndoInstall, a_new_plugin_goes_to_the_kept_ones_while_it_is_unchanged) {
  Display display;
  display.offer("clock", "1.0.0");
  Trial run{.operation = install_operation("clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, nullptr));
  display.disk.put_file("/pi/plugin-repos/clock/__pycache__/manager.pyc", "compiled");  // it ran: no change
  const Trial undone = undo(display, run);
  ASSERT_TRUE(undone.applied) << undone.applied.error().text();
  EXPECT_TRUE(display.plugin_names().empty());
  const Trial again = undo(display, undone);
  ASSERT_TRUE(again.applied) << again.applied.error().text();
  EXPECT_EQ(display.plugin("clock").at("manager.py"), plugin_files("clock", "1.0.0").at("manager.py"));
}

TEST(UndoInstall, a_plugin_that_was_changed_since_stays) {
  Display display;
  display.offer("clock", "1.0.0");
  Trial run{.operation = install_operation("clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, nullptr));
  display.disk.put_file("/pi/plugin-repos/clock/cities.json", "the owner's");
  EXPECT_FALSE(undo(display, run).applied);
  EXPECT_EQ(display.plugin("clock").at("cities.json"), "the owner's");
}

TEST(UndoInstall, a_replaced_version_is_exchanged_back_and_forth) {
  Display display;
  display.offer("clock", "2.0.0");
  display.install_by_hand("clock", "clock", "1.0.0");
  Trial run{.operation = install_operation("clock", "kept/1-clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, nullptr));
  const Trial undone = undo(display, run);
  ASSERT_TRUE(undone.applied) << undone.applied.error().text();
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0"));
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "2.0.0"));
  const Trial again = undo(display, undone);
  ASSERT_TRUE(again.applied) << again.applied.error().text();
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "2.0.0"));
}

TEST(UndoInstall, an_exchange_back_that_crashed_is_finished_once) {
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.offer("clock", "2.0.0");
    display.install_by_hand("clock", "clock", "1.0.0");
    Trial run{.operation = install_operation("clock", "kept/1-clock")};
    ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, nullptr));
    Trial undone{.operation = inverse_of(run).value()};
    CrashAt crash(change);
    const bool finished = run_until_crash(display, undone, {}, &crash);
    recover(display, undone);
    recover(display, undone);
    EXPECT_EQ(display.plugin("clock"), plugin_files("clock", undone.committed ? "1.0.0" : "2.0.0")) << change;
    if (finished) break;
  }
}

TEST(ChangeLink, F150_removing_a_linked_plugin_removes_the_link_and_undo_makes_it_again) {
  Display display;
  display.disk.put_file("/code/dev/manager.py", "mine", 0600);
  display.disk.put_link("/pi/plugin-repos/dev", "../../code/dev");
  const auto outside = display.tree("/code");
  ASSERT_FALSE(outside.empty());
  const Trial run = do_it(display, ChangeLink{.plugin_id = "dev", .directory = "dev", .from = "../../code/dev"});
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_TRUE(display.plugin_names().empty());
  EXPECT_EQ(display.tree("/code"), outside);
  const Trial undone = undo(display, run);
  ASSERT_TRUE(undone.applied);
  EXPECT_EQ(display.tree("/pi/plugin-repos").at("dev"), "-> ../../code/dev");
}

TEST(ChangeLink, a_link_that_leads_elsewhere_by_now_is_left_alone) {
  Display display;
  display.disk.put_link("/pi/plugin-repos/dev", "/other");
  const auto site = display.site();
  const ChangeLink operation{.plugin_id = "dev", .directory = "dev", .from = "/code/dev"};
  const auto applied = apply(*site, operation);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->outcomes, std::vector{Outcome::moved});
  EXPECT_EQ(display.tree("/pi/plugin-repos").at("dev"), "-> /other");
}

TEST(ChangeLink, may_be_repeated) {
  Display display;
  display.disk.put_link("/pi/plugin-repos/dev", "/code/dev");
  const ChangeLink operation{.plugin_id = "dev", .directory = "dev", .from = "/code/dev", .to = "/code/dev2"};
  const auto site = display.site();
  EXPECT_EQ(apply(*site, operation)->outcomes, std::vector{Outcome::done});
  EXPECT_EQ(apply(*site, operation)->outcomes, std::vector{Outcome::already});
  EXPECT_EQ(display.tree("/pi/plugin-repos").at("dev"), "-> /code/dev2");
}

}  // namespace
}  // namespace trueup::engine::test
