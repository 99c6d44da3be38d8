#include "service/operations.h"

#include <gtest/gtest.h>

#include "platform/crash_disk.h"
#include "platform/memory_file_system.h"
#include "service/operations_file.h"

namespace trueup::service {
namespace {

OperationRequest on(const std::string& verb, const std::string& id) { return {.words = {verb, id}, .plugin_id = id}; }

std::int64_t submitted(Operations& operations, OperationRequest request) {
  return operations.submit(std::move(request), 1).value_or(-1);
}

TEST(Operations, F114_what_is_in_the_way_of_an_operation_is_named_and_the_very_same_is_not_queued_twice) {
  Operations operations;
  const auto first = submitted(operations, on("install", "foo"));
  EXPECT_EQ(submitted(operations, on("install", "foo")), first);
  EXPECT_NE(submitted(operations, on("install", "bar")), first);
  const auto refused = operations.submit(on("uninstall", "foo"), 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(refused.error().message, "`install foo` has not ended yet (operation 1)");
  operations.begin(first);
  operations.end(first, 0, "{}", "", 9);
  EXPECT_GT(submitted(operations, on("uninstall", "foo")), first);
}

TEST(Operations, what_changes_nothing_is_no_operation) {
  Operations operations;
  EXPECT_FALSE(operations.submit({.words = {"serve"}}, 1));
  EXPECT_FALSE(operations.submit({.words = {}}, 1));
  EXPECT_FALSE(operations.submit({.words = {"--root", "/", "install", "foo"}}, 1));
}

TEST(Operations, one_that_waits_is_called_off_and_one_that_runs_is_asked_to_stop) {
  Operations operations;
  const auto waits = submitted(operations, on("install", "foo"));
  const auto runs = submitted(operations, on("install", "bar"));
  operations.begin(runs);
  EXPECT_TRUE(operations.cancel(waits));
  EXPECT_EQ(operations.find(waits)->state, OperationState::cancelled);
  EXPECT_TRUE(operations.cancel(runs));
  EXPECT_EQ(operations.find(runs)->state, OperationState::running);
  EXPECT_TRUE(operations.find(runs)->stop_wanted);
  operations.end(runs, 1, "", "it was asked to stop", 9);
  EXPECT_EQ(operations.find(runs)->state, OperationState::cancelled);
  EXPECT_EQ(operations.cancel(runs).error().code, ErrorCode::conflict);
  EXPECT_EQ(operations.cancel(99).error().code, ErrorCode::not_found);
}

TEST(Operations, a_secret_is_forgotten_as_soon_as_it_was_used) {
  Operations operations;
  const auto id =
      submitted(operations, {.words = {"config", "set", "foo", "key", "-"}, .plugin_id = "foo", .input = "hush"});
  operations.begin(id);
  operations.end(id, 0, "{}", "", 9);
  EXPECT_EQ(operations.encode().find("hush"), std::string::npos);
}

TEST(Operations, only_the_last_ones_that_ended_are_kept) {
  Operations operations;
  for (int i = 0; i < 500; ++i) {
    const auto id = submitted(operations, on("install", "foo"));
    operations.begin(id);
    operations.end(id, 0, std::string(1U << 20U, 'x'), "", 9);
  }
  EXPECT_EQ(operations.all().size(), Operations::kMostKept);
  EXPECT_EQ(operations.all().back().id, 500);
  EXPECT_LE(operations.all().back().output.size(), Operations::kMostText);
}

class OperationsFile : public ::testing::Test {
 protected:
  OperationsFile() { disk.put_directory("/home/.trueup"); }
  std::unique_ptr<platform::WritableDirectory> own() { return std::move(*disk.open_root("/home/.trueup")); }
  platform::MemoryFileSystem disk;
};

TEST_F(OperationsFile, F114_after_a_restart_what_waited_waits_and_what_ran_has_an_end) {
  Operations operations;
  const auto ran = submitted(operations, on("install", "foo"));
  const auto waited =
      submitted(operations, {.words = {"config", "set", "bar", "k", "-"}, .plugin_id = "bar", .input = "v"});
  operations.begin(ran);
  ASSERT_TRUE(save_operations(*own(), operations.encode()));
  const auto kept = load_operations(*own());
  EXPECT_FALSE(kept.problem);
  ASSERT_NE(kept.operations.find(ran), nullptr);
  EXPECT_EQ(kept.operations.find(ran)->state, OperationState::interrupted);
  EXPECT_NE(kept.operations.find(ran)->errors, "");
  EXPECT_EQ(*kept.operations.find(waited), *operations.find(waited));
}

TEST_F(OperationsFile, F114_a_power_cut_at_any_instant_leaves_the_operations_from_before_or_the_new_ones) {
  Operations before;
  submitted(before, on("install", "foo"));
  ASSERT_TRUE(save_operations(*own(), before.encode()));
  Operations after = before;
  submitted(after, on("install", "bar"));
  const platform::DiskImage start = disk.image();
  disk.clear_log();
  ASSERT_TRUE(save_operations(*own(), after.encode()));
  const auto log = disk.log();
  std::size_t disks = 0;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survived : platform::surviving_disks(start, log, cut)) {
      platform::MemoryFileSystem rest(survived.image);
      const auto kept = load_operations(**rest.open_root("/home/.trueup"));
      EXPECT_FALSE(kept.problem) << survived.variant;
      const bool is_whole = kept.operations == before || kept.operations == after;
      EXPECT_TRUE(is_whole) << survived.variant;
      EXPECT_TRUE(cut < log.size() || kept.operations == after) << survived.variant;
      // And the next one can be written over whatever is left.
      EXPECT_TRUE(save_operations(**rest.open_root("/home/.trueup"), after.encode())) << survived.variant;
      ++disks;
    }
  }
  EXPECT_GT(disks, 5U);
}

TEST_F(OperationsFile, F68_one_that_cannot_be_read_is_set_aside_and_stops_nothing) {
  for (const std::string& damaged : {std::string("garbage"), std::string(), std::string(40U << 20U, ' '),
                                     std::string(R"({"schema": 1, "operations": [{"id": 3}]})")}) {
    disk.put_file("/home/.trueup/operations.json", damaged, 0600);
    auto kept = load_operations(*own());
    EXPECT_TRUE(kept.problem);
    EXPECT_TRUE(kept.operations.all().empty());
    EXPECT_EQ(disk.files().at("/home/.trueup/operations.json.damaged"), damaged);
    submitted(kept.operations, on("install", "foo"));
    ASSERT_TRUE(save_operations(*own(), kept.operations.encode()));
    EXPECT_EQ(load_operations(*own()).operations, kept.operations);
  }
}

TEST_F(OperationsFile, F68_a_disk_that_is_full_leaves_the_file_before_whole) {
  Operations operations;
  submitted(operations, on("install", "foo"));
  ASSERT_TRUE(save_operations(*own(), operations.encode()));
  const std::string before = disk.files().at("/home/.trueup/operations.json");
  disk.set_free_bytes(10);
  submitted(operations, on("install", "bar"));
  EXPECT_FALSE(save_operations(*own(), operations.encode()));
  EXPECT_EQ(disk.files().at("/home/.trueup/operations.json"), before);
}

}  // namespace
}  // namespace trueup::service
