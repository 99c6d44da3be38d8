#include "support/files.h"

#include <gtest/gtest.h>

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

TEST(TempDirectory, leaves_nothing_behind_even_when_rights_were_taken_away) {
  fs::path path;
  {
    const TempDirectory directory;
    path = directory.path();
    write_file(path / "a/b/file", "bytes");
    EXPECT_EQ(read_file(path / "a/b/file"), "bytes");
    fs::permissions(path / "a/b", fs::perms::none);
    fs::permissions(path / "a", fs::perms::none);
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace trueup::test
