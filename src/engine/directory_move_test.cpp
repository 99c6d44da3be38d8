// move_directory on disks that can rename and on disks that cannot, with the power cut at every call.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "engine/directory_test_support.h"
#include "engine/directory_tree.h"
#include "engine/document_place.h"
#include "platform/crash_disk.h"

namespace trueup::engine::test {
namespace {

using platform::MemoryFileSystem;

/// Two disks under one root: nothing can be renamed from one to the other.
class TwoDisks final : public platform::Observer {
 public:
  Status before(const platform::Call& call) override {
    const bool crosses = call.path.starts_with("/one/") != call.to_path.starts_with("/one/");
    if (call.operation != platform::Operation::rename || !crosses) return ok();
    return Error{.code = ErrorCode::unsupported, .message = "another disk"};
  }
  void after(const platform::Call& /*call*/) override {}
};

Result<MoveResult> move(MemoryFileSystem& disk) {
  TwoDisks disks;
  disk.set_observer(&disks);
  const auto from = disk.open_root("/one").value();
  const auto to = disk.open_root("/two").value();
  auto moved = move_directory(*from, "clock", *to, "kept");
  disk.set_observer(nullptr);
  return moved;
}

Tree files_below(const MemoryFileSystem& disk, const std::string& top) {
  Tree found;
  for (const auto& [path, bytes] : disk.files()) {
    if (path.starts_with(top + "/")) found[path.substr(top.size() + 1)] = bytes;
  }
  return found;
}

TEST(MoveDirectory, F77_copied_to_another_disk_it_is_whole_in_one_place_whenever_the_power_is_cut) {
  const Tree whole{{"manifest.json", "{}"}, {"data/faces.json", "[1, 2]"}, {"data/deep/a.bin", "abc"}};
  MemoryFileSystem disk;
  for (const auto& [path, bytes] : whole) disk.put_file("/one/clock/" + path, bytes);
  disk.put_directory("/two");
  const auto start = disk.image();
  disk.clear_log();
  ASSERT_TRUE(move(disk));
  const auto log = disk.log();
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survivor : platform::surviving_disks(start, log, cut)) {
      SCOPED_TRACE(fmt::format("cut {} of {}: {}", cut, log.size(), survivor.variant));
      MemoryFileSystem left(survivor.image);
      EXPECT_TRUE(files_below(left, "/one/clock") == whole || files_below(left, "/two/kept") == whole);
      EXPECT_TRUE(cut < log.size() || files_below(left, "/two/kept") == whole);
      EXPECT_TRUE(cut < log.size() || !left.open_root("/one/clock")) << "it was said to be done";
      const auto again = move(left);
      if (!again) {  // nothing to move any more
        EXPECT_EQ(again.error().code, ErrorCode::not_found) << again.error().text();
      }
      ASSERT_TRUE(clear_marks(*left.open_root("/two").value()));
      EXPECT_EQ(platform::tree_of(left.image()), platform::tree_of(disk.image())) << "nothing of ours is left over";
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(MoveDirectory, never_takes_the_place_of_an_empty_directory) {
  MemoryFileSystem disk;
  disk.put_file("/one/clock/manifest.json", "{}");
  disk.put_directory("/one/kept", 0750);
  const auto before = platform::tree_of(disk.image());
  const auto one = disk.open_root("/one").value();
  const auto moved = move_directory(*one, "clock", *one, "kept");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::conflict);
  EXPECT_EQ(platform::tree_of(disk.image()), before);
}

/// What was said to be done is there after a power cut, whatever it was.
void expect_durable(const DirectoryOperation& wanted, const std::function<void(Display&)>& lay_out) {
  Display display;
  lay_out(display);
  const auto start = display.disk.image();
  display.disk.clear_log();
  Trial run{.operation = wanted};
  ASSERT_TRUE(run_until_crash(display, run, {}, nullptr));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  ASSERT_EQ(run.applied->outcomes.front(), Outcome::done);
  const auto log = display.disk.log();
  for (const auto& survivor : platform::surviving_disks(start, log, log.size())) {
    const Display left(survivor.image);
    for (const char* path : {"/pi/plugin-repos/clock", "/pi/plugin-repos/.trueup.standalone-backup-work/kept"}) {
      EXPECT_EQ(left.tree(path), display.tree(path)) << survivor.variant;
    }
  }
}

TEST(DoneDirectory, F71_outlasts_a_power_cut) {
  const auto two_versions = [](Display& display) {
    display.install_by_hand("clock", "clock", "2.0.0");
    display.install_by_hand(".trueup.standalone-backup-work/kept/1-clock", "clock", "1.0.0");
  };
  expect_durable(
      ExchangeDirectory{.plugin_id = "clock", .directory = "clock", .from = "kept/1-clock", .to = "kept/1-clock"},
      two_versions);
  expect_durable(
      PublishDirectory{.plugin_id = "clock", .directory = "clock", .staged = "kept/1-clock", .kept = "kept/1-clock"},
      two_versions);
  const auto link = [](Display& display) { display.disk.put_link("/pi/plugin-repos/clock", "/home/me/clock"); };
  expect_durable(ChangeLink{.plugin_id = "clock", .directory = "clock", .from = "/home/me/clock"}, link);
  expect_durable(
      ChangeLink{.plugin_id = "clock", .directory = "clock", .from = "/home/me/clock", .to = "/home/me/other"}, link);
  expect_durable(ChangeLink{.plugin_id = "clock", .directory = "clock", .from = {}, .to = "/home/me/clock"},
                 [](Display&) {});
}

TEST(DoneDirectory, F71_that_was_made_for_the_state_file_outlasts_a_power_cut) {
  Display display;
  display.disk.erase("/pi/data");
  const auto start = display.disk.image();
  display.disk.clear_log();
  ASSERT_TRUE(place_of(*display.site(), model::DocumentName::state, MissingParent::make));
  const auto log = display.disk.log();
  for (const auto& survivor : platform::surviving_disks(start, log, log.size())) {
    EXPECT_TRUE(platform::tree_of(survivor.image).contains("pi/data")) << survivor.variant;
  }
}

/// Somebody makes a directory under the plugin's name at the very moment at which it is published.
class AtTheLastMoment final : public platform::Observer {
 public:
  explicit AtTheLastMoment(Display& display) : display_(display) {}
  Status before(const platform::Call& call) override {
    if (call.operation == platform::Operation::rename && call.to_path == "/pi/plugin-repos/clock") {
      display_.disk.put_file("/pi/plugin-repos/clock/notes.txt", "mine");
    }
    return ok();
  }
  void after(const platform::Call& /*call*/) override {}

 private:
  Display& display_;
};

TEST(Publish, what_somebody_puts_under_the_name_at_the_last_moment_stays) {
  Display display;
  display.offer("clock", "1.0.0");
  AtTheLastMoment somebody(display);
  Trial run{.operation = install_operation("clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, &somebody));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(run.applied->outcomes, std::vector{Outcome::moved});
  EXPECT_EQ(display.plugin("clock"), (Tree{{"notes.txt", "mine"}}));
}

TEST(TakenBack, the_only_copy_of_the_old_version_is_not_cleared_away_with_what_was_staged) {
  Display display;
  display.install_by_hand("clock", "clock", "1.0.0");
  display.offer("clock", "2.0.0");
  auto operation = install_operation("clock", "kept/1-clock");
  const auto site = display.site();
  ASSERT_TRUE(prepare(*site, operation, {.entry = &display.entry("clock")}));
  const auto plugins = display.disk.open_root("/pi/plugin-repos").value();
  const auto place = plugin_place(operation.staged);
  const auto staged = display.disk.open_root("/pi/plugin-repos/.trueup.standalone-backup-work/" + place.parent).value();
  ASSERT_TRUE(staged->rename(place.name, *plugins, "clock", platform::RenameMode::exchange));
  EXPECT_FALSE(take_back(*display.site(), operation));
  EXPECT_EQ(display.container(place.parent + "/" + place.name), plugin_files("clock", "1.0.0"));
}

}  // namespace
}  // namespace trueup::engine::test
