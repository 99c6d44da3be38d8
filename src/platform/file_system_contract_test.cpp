// What every disk must do alike.
#include <gmock/gmock.h>

#include "platform/contract_test_support.h"

namespace trueup::platform {

namespace {

using ::testing::ElementsAre;
using ::testing::Field;

ErrorCode code_of(const auto& result) { return result ? ErrorCode::internal : result.error().code; }

TEST_P(DiskContract, reads_back_what_was_written_with_its_attributes) {
  const auto written = root_->write_new("config.json", "{}\n", FileAttributes{.mode = 0640}, Sync::yes);
  ASSERT_TRUE(written) << written.error().text();
  const auto found = root_->read("config.json", 100, Links::refuse);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->bytes, "{}\n");
  EXPECT_EQ(found->info, *written);
  EXPECT_EQ(found->info.mode, 0640U);
  EXPECT_EQ(found->info.size, 3U);
  EXPECT_EQ(found->info.kind, FileKind::regular);
}

TEST_P(DiskContract, creates_exclusively_and_leaves_the_other_file_alone) {
  write("a", "first");
  EXPECT_EQ(code_of(root_->write_new("a", "second", {}, Sync::no)), ErrorCode::conflict);
  EXPECT_EQ(read("a"), "first");
  ASSERT_TRUE(root_->make_link("nowhere", "dangling"));
  EXPECT_EQ(code_of(root_->write_new("dangling", "x", {}, Sync::no)), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->make_directory("a", {})), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->make_link("b", "a")), ErrorCode::conflict);
}

TEST_P(DiskContract, tells_absent_from_unreadable) {
  ASSERT_TRUE(root_->make_directory("directory", {.mode = 0755}));
  write("file", "x");
  EXPECT_EQ(code_of(root_->read("absent", 10, Links::refuse)), ErrorCode::not_found);
  EXPECT_EQ(code_of(root_->read("absent/file", 10, Links::follow)), ErrorCode::not_found);
  EXPECT_EQ(code_of(root_->read("directory", 10, Links::refuse)), ErrorCode::unreadable);
  EXPECT_EQ(code_of(root_->read("file/below", 10, Links::refuse)), ErrorCode::unreadable);
  EXPECT_EQ(code_of(root_->open("file", Links::refuse)), ErrorCode::unreadable);
  EXPECT_EQ(code_of(root_->open("absent", Links::follow)), ErrorCode::not_found);
  EXPECT_EQ(code_of(disk_->file_system().open_root(disk_->root_path() + "/absent")), ErrorCode::not_found);
  EXPECT_EQ(code_of(disk_->file_system().open_root(disk_->root_path() + "/file")), ErrorCode::unreadable);
}

TEST_P(DiskContract, refuses_files_above_the_limit_but_not_at_it) {
  write("five", "12345");
  EXPECT_EQ(code_of(root_->read("five", 4, Links::refuse)), ErrorCode::unreadable);
  EXPECT_TRUE(root_->read("five", 5, Links::refuse));
  write("empty", "");
  const auto empty = root_->read("empty", 0, Links::refuse);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->bytes, "");
}

TEST_P(DiskContract, refuses_links_anywhere_in_the_path_unless_told_to_follow) {
  ASSERT_TRUE(root_->make_directory("real", {.mode = 0755}));
  auto real = root_->open_writable("real", Links::refuse);
  ASSERT_TRUE(real);
  ASSERT_TRUE((*real)->write_new("file", "x", {}, Sync::no));
  ASSERT_TRUE(root_->make_link("real", "to_directory"));
  ASSERT_TRUE(root_->make_link("real/file", "to_file"));
  ASSERT_TRUE(root_->make_link(disk_->root_path() + "/real/file", "to_absolute"));

  EXPECT_EQ(code_of(root_->read("to_file", 10, Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->read("to_directory/file", 10, Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->info("to_directory/file", Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->open("to_directory", Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->open_writable("to_directory", Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->open_file("to_file", Links::refuse)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->overwrite("to_file", "y")), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->open_for_writing("to_file", 0600)), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->set_attributes("to_file", {})), ErrorCode::refused);
  EXPECT_EQ(code_of(root_->lease("to_file")), ErrorCode::refused);

  for (const char* path : {"to_file", "to_directory/file", "to_absolute"}) {
    const auto found = root_->read(path, 10, Links::follow);
    ASSERT_TRUE(found) << path;
    EXPECT_EQ(found->bytes, "x");
  }
  EXPECT_TRUE(root_->open("to_directory", Links::follow));
  EXPECT_EQ(root_->info("to_file", Links::refuse)->kind, FileKind::link);
  EXPECT_EQ(root_->info("to_file", Links::follow)->kind, FileKind::regular);
  EXPECT_EQ(*root_->link_target("to_file"), "real/file");
}

TEST_P(DiskContract, finds_where_a_link_really_leads) {
  write("file", "x");
  ASSERT_TRUE(root_->make_link("file", "one"));
  ASSERT_TRUE(root_->make_link("one", "two"));
  const auto here = root_->real_path(".");
  ASSERT_TRUE(here);
  EXPECT_EQ(*root_->real_path("two"), *here + "/file");
  ASSERT_TRUE(root_->make_link("loop", "loop"));
  EXPECT_FALSE(root_->real_path("loop"));
  EXPECT_FALSE(root_->read("loop", 10, Links::follow));
}

TEST_P(DiskContract, refuses_paths_that_leave_the_directory) {
  for (const char* path : {"", "/etc/passwd", "..", "../x", "a/../../x"}) {
    EXPECT_EQ(code_of(root_->read(path, 10, Links::follow)), ErrorCode::invalid) << path;
  }
  for (const char* name : {"", ".", "..", "a/b", "/a"}) {
    EXPECT_EQ(code_of(root_->write_new(name, "", {}, Sync::no)), ErrorCode::invalid) << name;
    EXPECT_EQ(code_of(root_->remove_file(name)), ErrorCode::invalid) << name;
  }
  EXPECT_EQ(code_of(root_->read(std::string("a\0b", 3), 10, Links::follow)), ErrorCode::invalid);
}

TEST_P(DiskContract, lists_everything_sorted_and_again_the_same) {
  ASSERT_TRUE(root_->make_directory("b", {.mode = 0755}));
  write("c", "");
  ASSERT_TRUE(root_->make_link("c", "a"));
  const auto first = root_->list();
  ASSERT_TRUE(first);
  EXPECT_THAT(*first, ElementsAre(Field(&DirectoryEntry::name, "a"), Field(&DirectoryEntry::name, "b"),
                                  Field(&DirectoryEntry::name, "c")));
  EXPECT_EQ((*first)[0].kind, FileKind::link);
  EXPECT_EQ((*first)[1].kind, FileKind::directory);
  EXPECT_EQ((*first)[2].kind, FileKind::regular);
  EXPECT_EQ((*first)[2].inode, root_->info("c", Links::refuse)->inode);
  EXPECT_EQ(*root_->list(), *first);
}

TEST_P(DiskContract, lists_a_directory_larger_than_one_answer_of_the_kernel) {
  for (int i = 0; i < 1500; ++i) write("a_rather_long_name_for_a_file_" + std::to_string(i), "");
  EXPECT_EQ(root_->list()->size(), 1500U);
}

TEST_P(DiskContract, renames_in_three_ways) {
  write("a", "A");
  write("b", "B");
  EXPECT_EQ(code_of(root_->rename("a", *root_, "b", RenameMode::no_replace)), ErrorCode::conflict);
  EXPECT_EQ(read("a"), "A");
  ASSERT_TRUE(root_->rename("a", *root_, "b", RenameMode::exchange));
  EXPECT_EQ(read("a"), "B");
  EXPECT_EQ(read("b"), "A");
  ASSERT_TRUE(root_->rename("a", *root_, "b", RenameMode::replace));
  EXPECT_EQ(read("a"), "<not_found>");
  EXPECT_EQ(read("b"), "B");
  ASSERT_TRUE(root_->rename("b", *root_, "c", RenameMode::no_replace));
  EXPECT_EQ(read("c"), "B");
  EXPECT_EQ(code_of(root_->rename("c", *root_, "absent", RenameMode::exchange)), ErrorCode::not_found);
  EXPECT_EQ(code_of(root_->rename("absent", *root_, "c", RenameMode::replace)), ErrorCode::not_found);
}

TEST_P(DiskContract, exchanges_directories_with_everything_in_them) {
  for (const std::string name : {"live", "staged"}) {
    ASSERT_TRUE(root_->make_directory(name, {.mode = 0755}));
    ASSERT_TRUE((*root_->open_writable(name, Links::refuse))->write_new("who", name, {}, Sync::no));
  }
  ASSERT_TRUE(root_->make_directory("container", {.mode = 0700}));
  auto container = root_->open_writable("container", Links::refuse);
  ASSERT_TRUE(root_->rename("staged", **container, "staged", RenameMode::no_replace));
  ASSERT_TRUE((*container)->rename("staged", *root_, "live", RenameMode::exchange));
  EXPECT_EQ(read("live/who"), "staged");
  EXPECT_EQ(read("container/staged/who"), "live");
}

TEST_P(DiskContract, does_not_replace_a_directory_that_holds_something) {
  ASSERT_TRUE(root_->make_directory("empty", {.mode = 0755}));
  ASSERT_TRUE(root_->make_directory("full", {.mode = 0755}));
  ASSERT_TRUE((*root_->open_writable("full", Links::refuse))->write_new("x", "", {}, Sync::no));
  write("file", "f");
  EXPECT_EQ(code_of(root_->rename("empty", *root_, "full", RenameMode::replace)), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->rename("file", *root_, "empty", RenameMode::replace)), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->rename("empty", *root_, "file", RenameMode::replace)), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->remove_directory("full")), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->remove_file("full")), ErrorCode::conflict);
  EXPECT_EQ(code_of(root_->remove_directory("file")), ErrorCode::conflict);
  EXPECT_TRUE(root_->rename("full", *root_, "empty", RenameMode::replace));
  EXPECT_EQ(read("empty/x"), "");
}

TEST_P(DiskContract, keeps_a_renamed_file_the_same_file) {
  write("a", "A");
  const FileInfo before = *root_->info("a", Links::refuse);
  ASSERT_TRUE(root_->rename("a", *root_, "b", RenameMode::replace));
  EXPECT_TRUE(root_->info("b", Links::refuse)->same_file(before));
  write("a", "A");
  EXPECT_FALSE(root_->info("a", Links::refuse)->same_file(before));
}

TEST_P(DiskContract, keeps_an_open_directory_usable_under_its_new_name) {
  ASSERT_TRUE(root_->make_directory("a", {.mode = 0755}));
  auto open = root_->open_writable("a", Links::refuse);
  ASSERT_TRUE(root_->rename("a", *root_, "b", RenameMode::no_replace));
  ASSERT_TRUE((*open)->write_new("x", "here", {}, Sync::no));
  EXPECT_EQ(read("b/x"), "here");
}

TEST_P(DiskContract, removes_names_and_never_what_links_point_to) {
  write("file", "x");
  ASSERT_TRUE(root_->make_link("file", "link"));
  ASSERT_TRUE(root_->remove_file("link"));
  EXPECT_EQ(read("file"), "x");
  ASSERT_TRUE(root_->remove_file("file"));
  EXPECT_EQ(code_of(root_->remove_file("file")), ErrorCode::not_found);
  ASSERT_TRUE(root_->make_directory("d", {.mode = 0755}));
  ASSERT_TRUE(root_->remove_directory("d"));
  EXPECT_TRUE(root_->list()->empty());
}

TEST_P(DiskContract, changes_mode_of_files_and_directories) {
  write("file", "x");
  ASSERT_TRUE(root_->set_attributes("file", {.mode = 0400}));
  EXPECT_EQ(root_->info("file", Links::refuse)->mode, 0400U);
  ASSERT_TRUE(root_->make_directory("d", {.mode = 0750}));
  EXPECT_EQ(root_->info("d", Links::refuse)->mode, 0750U);
  EXPECT_EQ(code_of(root_->set_attributes("absent", {})), ErrorCode::not_found);
}

TEST_P(DiskContract, overwrites_the_same_file_object) {
  write("a", "a longer text");
  const FileInfo before = *root_->info("a", Links::refuse);
  ASSERT_TRUE(root_->overwrite("a", "short"));
  EXPECT_EQ(read("a"), "short");
  EXPECT_TRUE(root_->info("a", Links::refuse)->same_file(before));
  EXPECT_EQ(code_of(root_->overwrite("absent", "x")), ErrorCode::not_found);
}

TEST_P(DiskContract, appends_writes_and_cuts_an_open_file) {
  auto journal = root_->open_for_writing("journal", 0600);
  ASSERT_TRUE(journal) << journal.error().text();
  ASSERT_TRUE((*journal)->append("one\n"));
  ASSERT_TRUE((*journal)->append("two\n"));
  ASSERT_TRUE((*journal)->sync_data());
  EXPECT_EQ(read("journal"), "one\ntwo\n");
  ASSERT_TRUE((*journal)->truncate(4));
  ASSERT_TRUE((*journal)->write_at(0, "ONE"));
  ASSERT_TRUE((*journal)->write_at(6, "gap"));
  EXPECT_EQ(read("journal"), std::string("ONE\n\0\0gap", 9));
  EXPECT_EQ(*(*journal)->read_at(6, 100), "gap");
  EXPECT_EQ(*(*journal)->read_at(100, 5), "");
  EXPECT_EQ((*journal)->info()->size, 9U);

  auto again = root_->open_for_writing("journal", 0600);
  ASSERT_TRUE((*again)->append("!"));
  EXPECT_EQ(*(*root_->open_file("journal", Links::refuse))->read_at(6, 4), "gap!");
  ASSERT_TRUE(root_->make_directory("d", {.mode = 0755}));
  EXPECT_EQ(code_of(root_->open_for_writing("d", 0600)), ErrorCode::conflict);
}

TEST_P(DiskContract, keeps_an_open_file_whose_name_is_gone) {
  auto file = root_->open_for_writing("a", 0600);
  ASSERT_TRUE(root_->remove_file("a"));
  EXPECT_TRUE((*file)->append("still here"));
  EXPECT_EQ(*(*file)->read_at(0, 100), "still here");
  EXPECT_EQ((*file)->info()->links, 0U);
}

TEST_P(DiskContract, locks_a_file_for_one_writer_or_many_readers) {
  auto one = root_->open_for_writing("lock", 0600);
  auto two = root_->open_for_writing("lock", 0600);
  ASSERT_TRUE((*one)->try_lock(FileLock::exclusive));
  EXPECT_EQ(code_of((*two)->try_lock(FileLock::exclusive)), ErrorCode::contended);
  EXPECT_EQ(code_of((*two)->try_lock(FileLock::shared)), ErrorCode::contended);
  ASSERT_TRUE((*one)->try_lock(FileLock::shared));
  EXPECT_TRUE((*two)->try_lock(FileLock::shared));
  EXPECT_EQ(code_of((*two)->try_lock(FileLock::exclusive)), ErrorCode::contended);
  one->reset();
  EXPECT_TRUE((*two)->try_lock(FileLock::exclusive));
}

TEST_P(DiskContract, refuses_a_lease_while_another_has_the_file_open_for_writing) {
  write("config.json", "{}");
  ASSERT_TRUE(disk_->begin_foreign_write("config.json"));
  EXPECT_EQ(code_of(root_->lease("config.json")), ErrorCode::contended);
  disk_->end_foreign_write();
  auto lease = root_->lease("config.json");
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_FALSE((*lease)->is_breaking());
  EXPECT_EQ((*lease)->info(), *root_->info("config.json", Links::refuse));
}

TEST_P(DiskContract, tells_the_lease_holder_that_a_writer_waits_and_lets_him_in_afterwards) {
  write("config.json", "{}");
  auto lease = root_->lease("config.json");
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_FALSE(disk_->begin_foreign_write("config.json"));
  EXPECT_TRUE((*lease)->is_breaking());
  lease->reset();
  EXPECT_TRUE(disk_->begin_foreign_write("config.json"));
}

TEST_P(DiskContract, exchanges_a_leased_file) {
  write("config.json", "old");
  write("new", "new");
  auto lease = root_->lease("config.json");
  ASSERT_TRUE(lease);
  ASSERT_TRUE(root_->rename("new", *root_, "config.json", RenameMode::exchange));
  EXPECT_FALSE((*lease)->is_breaking());
  EXPECT_FALSE(disk_->begin_foreign_write("new"));  // the lease stays with the file, not with the name
  EXPECT_TRUE((*lease)->is_breaking());
  EXPECT_EQ(read("config.json"), "new");
}

TEST_P(DiskContract, syncs_what_exists_only) {
  write("a", "x");
  EXPECT_TRUE(root_->sync_file("a"));
  EXPECT_TRUE(root_->sync());
  EXPECT_TRUE(root_->sync_everything());
  EXPECT_EQ(code_of(root_->sync_file("absent")), ErrorCode::not_found);
}

TEST_P(DiskContract, says_in_its_errors_what_failed_and_where) {
  const auto missing = root_->read("no/such.json", 10, Links::refuse);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().where, disk_->root_path() + "/no/such.json");
  EXPECT_NE(missing.error().os_error, 0);
  EXPECT_GT(*root_->free_bytes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Disks, DiskContract, ::testing::Values("real", "memory"), disk_name);

}  // namespace

}  // namespace trueup::platform
