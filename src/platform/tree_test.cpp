#include "platform/tree.h"

#include <gmock/gmock.h>

#include "platform/contract_test_support.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::platform {

namespace {

using ::testing::ElementsAre;

class Tree : public DiskContract {
 protected:
  void SetUp() override {
    DiskContract::SetUp();
    directory("plugin");
    directory("plugin/data");
    put("plugin", "main.py", "print()\n");
    put("plugin/data", "font.bdf", "x");
    ASSERT_TRUE(open("plugin")->set_attributes("main.py", {.mode = 0755}));
    ASSERT_TRUE(open("plugin")->make_link("../outside", "link"));
    directory("outside");
    put("outside", "precious", "mine");
  }

  std::unique_ptr<WritableDirectory> open(const std::string& path) {
    auto opened = root_->open_writable(path, Links::refuse);
    return opened ? std::move(*opened) : nullptr;
  }
  void directory(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const auto parent = slash == std::string::npos ? open(".") : open(path.substr(0, slash));
    ASSERT_TRUE(parent->make_directory(path.substr(slash + 1), {.mode = 0755}));
  }
  void put(const std::string& path, const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(open(path)->write_new(name, bytes, {}, Sync::no));
  }
};

TEST_P(Tree, lists_parents_before_children_and_follows_no_link) {
  EXPECT_THAT(*list_tree(*open("plugin")),
              ElementsAre(TreeEntry{"data", FileKind::directory}, TreeEntry{"data/font.bdf", FileKind::regular},
                          TreeEntry{"link", FileKind::link}, TreeEntry{"main.py", FileKind::regular}));
}

TEST_P(Tree, copies_bytes_modes_and_links_as_links) {
  directory("copy");
  ASSERT_TRUE(copy_tree(*open("plugin"), *open("copy")));
  EXPECT_EQ(*list_tree(*open("copy")), *list_tree(*open("plugin")));
  EXPECT_EQ(read("copy/main.py"), "print()\n");
  EXPECT_EQ(read("copy/data/font.bdf"), "x");
  EXPECT_EQ(root_->info("copy/main.py", Links::refuse)->mode, 0755U);
  EXPECT_EQ(root_->info("copy/data", Links::refuse)->mode, 0755U);
  EXPECT_EQ(*root_->link_target("copy/link"), "../outside");
  EXPECT_TRUE(sync_tree(*open("copy")));
}

TEST_P(Tree, overwrites_nothing_when_it_copies) {
  directory("copy");
  put("copy", "main.py", "the owner's");
  EXPECT_FALSE(copy_tree(*open("plugin"), *open("copy")));
  EXPECT_EQ(read("copy/main.py"), "the owner's");
}

TEST_P(Tree, removes_everything_but_what_links_point_to) {
  const RemovedTree removed = remove_tree(*root_, "plugin");
  EXPECT_TRUE(removed.complete()) << removed.first_error.text();
  EXPECT_EQ(removed.removed, 5U);
  EXPECT_FALSE(root_->info("plugin", Links::refuse));
  EXPECT_EQ(read("outside/precious"), "mine");
  EXPECT_TRUE(remove_tree(*root_, "plugin").complete());
}

TEST_P(Tree, stops_at_its_limits) {
  EXPECT_EQ(list_tree(*open("plugin"), {.entries = 3}).error().code, ErrorCode::unreadable);
  EXPECT_TRUE(list_tree(*open("plugin"), {.entries = 4}));
  EXPECT_EQ(list_tree(*open("plugin"), {.depth = 1}).error().code, ErrorCode::unreadable);
  directory("copy");
  EXPECT_EQ(copy_tree(*open("plugin"), *open("copy"), {.depth = 1}).error().code, ErrorCode::unreadable);
  EXPECT_EQ(sync_tree(*open("plugin"), {.entries = 3}).error().code, ErrorCode::unreadable);
}

INSTANTIATE_TEST_SUITE_P(Disks, Tree, ::testing::Values("real", "memory"), disk_name);

TEST(RemoveTree, counts_and_names_what_could_not_be_deleted) {
  /// A plugin that runs as root left files that the owner may not delete.
  class KeepsRootsFiles final : public Observer {
   public:
    Status before(const Call& call) override {
      if (call.operation != Operation::unlink || !call.path.ends_with(".pyc")) return ok();
      return os_error(EACCES, "remove", call.path);
    }
    void after(const Call&) override {}
  } observer;
  MemoryFileSystem disk;
  disk.put_files({{"/p/a/one.pyc", ""}, {"/p/a/two.pyc", ""}, {"/p/a/main.py", ""}, {"/p/b/x", ""}});
  disk.set_observer(&observer);
  const auto root = disk.open_root("/");
  const RemovedTree removed = remove_tree(**root, "p");
  EXPECT_FALSE(removed.complete());
  EXPECT_EQ(removed.removed, 3U);  // main.py, x, b
  EXPECT_EQ(removed.left, 4U);     // both files, a, p
  EXPECT_THAT(removed.first_left, ElementsAre("p/a/one.pyc", "p/a/two.pyc"));
  EXPECT_EQ(removed.first_error.code, ErrorCode::read_only);
  EXPECT_EQ(disk.files(), (std::map<std::string, std::string>{{"/p/a/one.pyc", ""}, {"/p/a/two.pyc", ""}}));
}

TEST(SyncTree, makes_every_file_durable_before_the_directories_that_name_them) {
  MemoryFileSystem disk;
  disk.put_files({{"/s/a/one", "1"}, {"/s/two", "2"}});
  CallCounter counter;
  ObservedFileSystem watched(disk, counter);
  const auto staged = watched.open_root("/s");
  counter.clear();
  ASSERT_TRUE(sync_tree(**staged));
  EXPECT_EQ(counter.syncs(), 4U);
  EXPECT_EQ(counter.trace().back(), "sync_directory /s");
  EXPECT_EQ(counter.count(Operation::sync_file, "/s/a/one").calls, 1U);
  EXPECT_EQ(counter.count(Operation::sync_directory, "/s/a").calls, 1U);
}

}  // namespace

}  // namespace trueup::platform
