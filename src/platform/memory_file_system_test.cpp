#include "platform/memory_file_system.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "platform/observed_file_system.h"

namespace trueup::platform {

namespace {

using ::testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<LoggedOperation>& log) {
  std::vector<std::string> names;
  for (const auto& operation : log) {
    names.push_back(std::string(to_string(operation.operation)) + " " + operation.where);
  }
  return names;
}

TEST(MemoryFileSystem, is_filled_and_dumped_as_plain_text) {
  MemoryFileSystem disk;
  disk.put_files({{"/pi/config/config.json", "{}"}, {"/pi/plugins/clock/manifest.json", "{\"id\":\"clock\"}"}});
  disk.put_file("/pi/config/config.json", "{\"a\":1}");
  disk.put_link("/pi/current", "config");
  EXPECT_EQ(disk.files(),
            (std::map<std::string, std::string>{{"/pi/config/config.json", "{\"a\":1}"},
                                                {"/pi/plugins/clock/manifest.json", "{\"id\":\"clock\"}"}}));
  const auto root = disk.open_root_for_reading("/pi");
  EXPECT_EQ((*root)->read("current/config.json", 100, Links::follow)->bytes, "{\"a\":1}");
  disk.erase("/pi/plugins");
  EXPECT_EQ(disk.files().size(), 1U);
}

TEST(MemoryFileSystem, records_every_change_in_steps_as_fine_as_system_calls) {
  MemoryFileSystem disk;
  disk.put_directory("/d");
  disk.clear_log();
  const auto root = disk.open_root("/d");
  ASSERT_TRUE((*root)->write_new("new", "text", {.mode = 0644}, Sync::yes));
  ASSERT_TRUE((*root)->rename("new", **root, "live", RenameMode::no_replace));
  ASSERT_TRUE((*root)->sync());
  EXPECT_THAT(names_of(disk.log()), ElementsAre("create /d/new", "attributes /d/new", "write /d/new",
                                                "sync_file /d/new", "rename /d/new", "sync_directory /d"));
}

TEST(MemoryFileSystem, gives_the_same_image_when_its_record_is_replayed) {
  MemoryFileSystem disk;
  disk.put_files({{"/d/config.json", "{}"}, {"/d/old/x", "1"}});
  const DiskImage start = disk.image();
  disk.clear_log();
  const auto root = disk.open_root("/d");
  ASSERT_TRUE((*root)->write_new("new", "text", {}, Sync::yes));
  ASSERT_TRUE((*root)->rename("new", **root, "config.json", RenameMode::exchange));
  ASSERT_TRUE((*root)->make_directory("kept", {.mode = 0700}));
  ASSERT_TRUE((*root)->make_link("kept", "link"));
  auto kept = (*root)->open_writable("kept", Links::refuse);
  ASSERT_TRUE((*root)->rename("new", **kept, "1", RenameMode::no_replace));
  ASSERT_TRUE((*(*root)->open_for_writing("journal", 0600))->append("one\n"));
  ASSERT_TRUE((*root)->overwrite("config.json", "in place"));
  ASSERT_TRUE((*(*root)->open_writable("old", Links::refuse))->remove_file("x"));
  ASSERT_TRUE((*root)->remove_directory("old"));
  DiskImage replayed = start;
  for (const auto& operation : disk.log()) apply(replayed, operation);
  prune(replayed);
  EXPECT_EQ(replayed, disk.image());
  EXPECT_EQ(MemoryFileSystem(replayed).files(), disk.files());
}

TEST(MemoryFileSystem, fails_reading_as_a_worn_card_does) {
  MemoryFileSystem disk;
  disk.put_files({{"/d/config.json", "{}"}, {"/d/plugins/a/manifest.json", "{}"}});
  disk.fail_reading("/d/config.json", EIO);
  disk.fail_reading("/d/plugins", EACCES);
  const auto root = disk.open_root_for_reading("/d");
  EXPECT_EQ((*root)->read("config.json", 10, Links::refuse).error().code, ErrorCode::io);
  EXPECT_EQ((*root)->open("plugins", Links::refuse).error().code, ErrorCode::unreadable);
  EXPECT_EQ(disk.open_root_for_reading("/d/plugins").error().code, ErrorCode::unreadable);
  disk.fail_reading("/d/config.json", 0);
  EXPECT_TRUE((*root)->read("config.json", 10, Links::refuse));
}

TEST(MemoryFileSystem, is_full_when_the_space_is_used_up_and_leaves_no_part_of_a_file) {
  MemoryFileSystem disk;
  disk.put_directory("/d");
  disk.set_free_bytes(10);
  const auto root = disk.open_root("/d");
  ASSERT_TRUE((*root)->write_new("six", "123456", {}, Sync::no));
  EXPECT_EQ((*root)->write_new("five", "12345", {}, Sync::no).error().code, ErrorCode::full);
  EXPECT_EQ(disk.files().size(), 1U);
  ASSERT_TRUE((*root)->remove_file("six"));
  EXPECT_EQ(*(*root)->free_bytes(), 10U);
}

TEST(MemoryFileSystem, can_be_stopped_at_any_step) {
  struct Crash {};
  class StopAt final : public Observer {
   public:
    explicit StopAt(int step) : left_(step) {}
    Status before(const Call&) override {
      if (left_-- == 0) throw Crash{};
      return ok();
    }
    void after(const Call&) override {}

   private:
    int left_;
  };
  const std::vector<std::string> expected = {"<none>", "", "", "text"};
  for (int step = 0; step < 4; ++step) {
    MemoryFileSystem disk;
    disk.put_directory("/d");
    StopAt observer(step);
    disk.set_observer(&observer);
    const auto root = disk.open_root("/d");
    EXPECT_THROW((void)(*root)->write_new("a", "text", {}, Sync::yes), Crash);
    const auto files = disk.files();
    EXPECT_EQ(files.contains("/d/a") ? files.at("/d/a") : "<none>", expected[static_cast<std::size_t>(step)]) << step;
  }
}

TEST(ObservedFileSystem, counts_calls_bytes_and_syncs) {
  MemoryFileSystem disk;
  disk.put_files({{"/d/a", "12345"}});
  CallCounter counter;
  ObservedFileSystem watched(disk, counter);
  const auto root = watched.open_root("/d");
  ASSERT_TRUE((*root)->read("a", 10, Links::refuse));
  ASSERT_TRUE((*root)->write_new("b", "123", {}, Sync::yes));
  ASSERT_TRUE((*root)->rename("b", **root, "a", RenameMode::exchange));
  ASSERT_TRUE((*root)->sync());
  EXPECT_FALSE((*root)->read("absent", 10, Links::refuse));
  EXPECT_EQ(counter.count(Operation::read).calls, 1U);
  EXPECT_EQ(counter.count(Operation::read, "/d/a").bytes, 5U);
  EXPECT_EQ(counter.count(Operation::write).bytes, 3U);
  EXPECT_EQ(counter.syncs(), 2U);
  EXPECT_THAT(counter.trace(), ElementsAre("open /d", "read /d/a (5 bytes)", "create /d/b", "write /d/b (3 bytes)",
                                           "sync_file /d/b", "exchange /d/b -> /d/a", "sync_directory /d"));
}

TEST(ObservedFileSystem, shows_that_a_reader_wrote_nothing) {
  MemoryFileSystem disk;
  disk.put_files({{"/d/a", "1"}});
  DenyWrites deny;
  ObservedFileSystem guarded(disk, deny);
  const DiskImage before = disk.image();
  const auto root = guarded.open_root("/d");
  ASSERT_TRUE((*root)->read("a", 10, Links::refuse));
  ASSERT_TRUE((*root)->list());
  EXPECT_TRUE(deny.attempts().empty());
  EXPECT_FALSE((*root)->write_new("b", "", {}, Sync::no));
  EXPECT_FALSE((*root)->open_for_writing("a", 0600));
  EXPECT_FALSE((*root)->overwrite("a", "2"));
  EXPECT_FALSE((*root)->remove_file("a"));
  EXPECT_FALSE((*root)->make_directory("c", {}));
  EXPECT_FALSE((*root)->sync());
  EXPECT_THAT(deny.attempts(), ElementsAre("create /d/b", "open_for_writing /d/a", "sync_file /d/a", "unlink /d/a",
                                           "make_directory /d/c", "sync_directory /d"));
  EXPECT_EQ(disk.image(), before);
}

TEST(ObservedFileSystem, fails_the_nth_call_once_or_from_then_on) {
  for (const auto scope : {FailNth::Scope::once, FailNth::Scope::from_then_on}) {
    MemoryFileSystem disk;
    disk.put_files({{"/d/a", "1"}});
    FailNth failing(2, EIO, scope);
    ObservedFileSystem faulty(disk, failing);
    const auto root = faulty.open_root("/d");
    EXPECT_FALSE(failing.was_hit());
    EXPECT_EQ((*root)->read("a", 10, Links::refuse).error().os_error, EIO);
    EXPECT_TRUE(failing.was_hit());
    EXPECT_EQ(bool((*root)->read("a", 10, Links::refuse)), scope == FailNth::Scope::once);
  }
}

}  // namespace

}  // namespace trueup::platform
