#include "support/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    write_file(root() / "a/file", "bytes");
    fs::create_symlink("file", root() / "a/link");
  }
  fs::path root() const { return directory_.path(); }

  TempDirectory directory_;
};

TEST_F(SnapshotTest, is_equal_when_nothing_happened) {
  const auto before = take_snapshot(root());
  EXPECT_EQ(before.size(), 4U);
  EXPECT_EQ(before.at("a/link").link_target, "file");
  read_file(root() / "a/file");
  EXPECT_EQ(difference(before, take_snapshot(root())), "");
}

TEST_F(SnapshotTest, sees_bytes_modes_links_and_names) {
  const auto before = take_snapshot(root());
  write_file(root() / "a/file", "other");
  fs::permissions(root() / "a", fs::perms::owner_all);
  fs::remove(root() / "a/link");
  fs::create_symlink("elsewhere", root() / "a/link");
  write_file(root() / "new", "");
  const auto seen = difference(before, take_snapshot(root()), Compare::contents);
  EXPECT_THAT(seen, HasSubstr("changed a/file: sha256"));
  EXPECT_THAT(seen, HasSubstr("changed a: mode"));
  EXPECT_THAT(seen, HasSubstr("changed a/link: link file -> elsewhere"));
  EXPECT_THAT(seen, HasSubstr("new new (file)"));
  fs::remove(root() / "a/file");
  EXPECT_THAT(difference(before, take_snapshot(root())), HasSubstr("gone a/file"));
}

TEST_F(SnapshotTest, tells_a_rewrite_with_the_same_bytes_from_no_write) {
  const auto before = take_snapshot(root());
  fs::rename(root() / "a/file", root() / "a/old");
  write_file(root() / "a/file", "bytes");
  fs::remove(root() / "a/old");
  EXPECT_EQ(difference(before, take_snapshot(root()), Compare::contents), "");
  EXPECT_THAT(difference(before, take_snapshot(root())), HasSubstr("changed a/file"));
}

}  // namespace
}  // namespace trueup::test
