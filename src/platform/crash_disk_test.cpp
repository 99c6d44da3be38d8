#include "platform/crash_disk.h"

#include <gmock/gmock.h>

#include "platform/memory_file_system.h"

namespace trueup::platform {

namespace {

using ::testing::Contains;

/// What a file may look like after a cut anywhere: its bytes, or "<none>".
class CrashDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    disk_.put_files({{"/d/live", "old"}, {"/kept/x", ""}});
    start_ = disk_.image();
    disk_.clear_log();
    root_ = *disk_.open_root("/d");
  }

  [[nodiscard]] std::set<std::string> contents(const std::string& path, std::size_t cut) const {
    std::set<std::string> seen;
    for (const SurvivingDisk& survivor : surviving_disks(start_, disk_.log(), cut)) {
      const auto files = MemoryFileSystem(survivor.image).files();
      const auto file = files.find(path);
      seen.insert(file == files.end() ? "<none>" : file->second);
    }
    return seen;
  }
  [[nodiscard]] std::set<std::string> contents_at_any_cut(const std::string& path) const {
    std::set<std::string> seen;
    for (std::size_t cut = 0; cut <= disk_.log().size(); ++cut) seen.merge(contents(path, cut));
    return seen;
  }
  [[nodiscard]] std::set<std::string> contents_at_the_end(const std::string& path) const {
    return contents(path, disk_.log().size());
  }

  MemoryFileSystem disk_;
  DiskImage start_;
  std::unique_ptr<WritableDirectory> root_;
};

using Contents = std::set<std::string>;

TEST_F(CrashDisk, shows_one_disk_when_nothing_is_volatile) {
  EXPECT_EQ(surviving_disks(start_, {}, 0).size(), 1U);
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::yes));
  ASSERT_TRUE(root_->sync());
  const auto disks = surviving_disks(start_, disk_.log(), disk_.log().size());
  ASSERT_EQ(disks.size(), 1U);
  EXPECT_EQ(tree_of(disks[0].image), tree_of(disk_.image()));
}

TEST_F(CrashDisk, may_lose_cut_or_blank_what_was_not_synced) {
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::no));
  ASSERT_TRUE(root_->sync());
  EXPECT_EQ(contents_at_the_end("/d/new"), (Contents{"", "te", std::string(4, '\0'), "text"}));
}

TEST_F(CrashDisk, may_lose_the_name_of_a_synced_file) {
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::yes));
  EXPECT_EQ(contents_at_the_end("/d/new"), (Contents{"<none>", "text"}));
}

TEST_F(CrashDisk, may_show_a_file_under_its_new_name_without_its_bytes) {
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::no));
  ASSERT_TRUE(root_->rename("new", *root_, "live", RenameMode::replace));
  EXPECT_THAT(contents_at_the_end("/d/live"), Contains(""));
}

TEST_F(CrashDisk, shows_old_or_new_at_every_cut_of_a_careful_replacement) {
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::yes));
  ASSERT_TRUE(root_->rename("new", *root_, "live", RenameMode::exchange));
  ASSERT_TRUE(root_->sync());
  EXPECT_EQ(contents_at_any_cut("/d/live"), (Contents{"old", "text"}));
  EXPECT_EQ(contents_at_the_end("/d/live"), Contents{"text"});
  EXPECT_EQ(contents_at_the_end("/d/new"), Contents{"old"});
}

TEST_F(CrashDisk, never_loses_a_file_that_was_only_moved) {
  const auto kept = *disk_.open_root("/kept");
  ASSERT_TRUE(root_->write_new("new", "text", {}, Sync::yes));
  ASSERT_TRUE(root_->rename("new", *root_, "live", RenameMode::exchange));
  ASSERT_TRUE(root_->rename("new", *kept, "1", RenameMode::no_replace));
  for (std::size_t cut = 0; cut <= disk_.log().size(); ++cut) {
    for (const SurvivingDisk& survivor : surviving_disks(start_, disk_.log(), cut)) {
      bool found = false;
      for (const auto& [path, bytes] : MemoryFileSystem(survivor.image).files()) found = found || bytes == "old";
      EXPECT_TRUE(found) << "cut " << cut << ", " << survivor.variant;
    }
  }
}

TEST_F(CrashDisk, keeps_a_move_only_when_both_directories_are_synced) {
  const auto kept = *disk_.open_root("/kept");
  ASSERT_TRUE(root_->rename("live", *kept, "1", RenameMode::no_replace));
  ASSERT_TRUE(root_->sync());
  EXPECT_EQ(contents_at_the_end("/kept/1"), (Contents{"<none>", "old"}));
  ASSERT_TRUE(kept->sync());
  EXPECT_EQ(contents_at_the_end("/kept/1"), Contents{"old"});
  EXPECT_EQ(contents_at_the_end("/d/live"), Contents{"<none>"});
}

TEST_F(CrashDisk, may_bring_back_a_directory_without_what_was_put_into_it) {
  ASSERT_TRUE(root_->make_directory("staged", {.mode = 0755}));
  auto staged = *root_->open_writable("staged", Links::refuse);
  ASSERT_TRUE(staged->write_new("manifest.json", "{}", {}, Sync::yes));
  ASSERT_TRUE(root_->rename("staged", *root_, "plugin", RenameMode::no_replace));
  ASSERT_TRUE(root_->sync());
  EXPECT_EQ(contents_at_the_end("/d/plugin/manifest.json"), (Contents{"<none>", "{}"}));
  ASSERT_TRUE(staged->sync());
  EXPECT_EQ(contents_at_the_end("/d/plugin/manifest.json"), Contents{"{}"});
}

TEST_F(CrashDisk, keeps_all_that_was_done_before_everything_was_made_durable) {
  ASSERT_TRUE(root_->make_directory("staged", {.mode = 0755}));
  auto staged = *root_->open_writable("staged", Links::refuse);
  ASSERT_TRUE(staged->write_new("manifest.json", "{}", {}, Sync::no));
  ASSERT_TRUE(root_->rename("staged", *root_, "plugin", RenameMode::no_replace));
  ASSERT_TRUE(root_->sync_everything());
  ASSERT_TRUE(staged->write_new("late", "x", {}, Sync::no));
  EXPECT_EQ(contents_at_the_end("/d/plugin/manifest.json"), Contents{"{}"});
  EXPECT_THAT(contents_at_the_end("/d/plugin/late"), Contains("<none>"));
}

TEST_F(CrashDisk, tears_only_the_unsynced_tail_of_a_journal) {
  auto journal = *root_->open_for_writing("journal", 0600);
  ASSERT_TRUE(root_->sync());
  ASSERT_TRUE(journal->append("one;"));
  ASSERT_TRUE(journal->sync_data());
  ASSERT_TRUE(journal->append("two;"));
  ASSERT_TRUE(journal->append("six;"));
  const Contents seen = contents_at_the_end("/d/journal");
  for (const std::string& bytes : seen) {
    EXPECT_EQ(bytes.substr(0, 4), "one;");
    const bool has_last = bytes.find("six;") != std::string::npos;
    EXPECT_TRUE(!has_last || bytes == "one;two;six;") << "a later append without the earlier one";
  }
  EXPECT_THAT(seen, Contains("one;"));
  EXPECT_THAT(seen, Contains("one;two;"));
  EXPECT_THAT(seen, Contains("one;two;six;"));
  EXPECT_THAT(seen, Contains("one;" + std::string(8, '\0')));
}

TEST_F(CrashDisk, may_bring_back_a_removed_file) {
  ASSERT_TRUE(root_->remove_file("live"));
  EXPECT_EQ(contents_at_the_end("/d/live"), (Contents{"<none>", "old"}));
}

TEST_F(CrashDisk, does_not_undo_what_another_program_made_durable) {
  disk_.put_file("/d/live", "foreign");
  EXPECT_EQ(contents_at_the_end("/d/live"), Contents{"foreign"});
}

TEST_F(CrashDisk, starts_again_from_every_survivor) {
  ASSERT_TRUE(root_->make_directory("a", {.mode = 0755}));
  ASSERT_TRUE((*root_->open_writable("a", Links::refuse))->write_new("f", "1", {}, Sync::no));
  ASSERT_TRUE(root_->rename("a", *root_, "b", RenameMode::no_replace));
  ASSERT_TRUE(root_->remove_file("live"));
  for (const SurvivingDisk& survivor : surviving_disks(start_, disk_.log(), disk_.log().size())) {
    MemoryFileSystem again(survivor.image);
    const auto root = *again.open_root("/d");
    ASSERT_TRUE(root->list()) << survivor.variant;
    EXPECT_TRUE(root->write_new("fresh", "x", {}, Sync::yes)) << survivor.variant;
    EXPECT_EQ(again.files().at("/d/fresh"), "x");
  }
}

}  // namespace

}  // namespace trueup::platform
