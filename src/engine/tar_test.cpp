#include "engine/tar.h"

#include <gtest/gtest.h>

#include "support/command.h"
#include "support/files.h"

namespace trueup::engine {
namespace {

TEST(Tar, is_unpacked_by_tar_with_the_very_bytes) {
  const test::TempDirectory directory;
  const std::string bytes = std::string("{\"a\": \"\xff\"}\n") + std::string(3, '\0') + std::string(600, 'x');
  std::string archive;
  append_tar_entry(archive, "config/config.json", bytes);
  append_tar_entry(archive, "config/empty.json", "");
  end_tar(archive);
  test::write_file(directory.path() / "a.tar", archive);
  const auto run =
      test::run_command({"tar", "-xf", (directory.path() / "a.tar").string(), "-C", directory.path().string()});
  ASSERT_EQ(run.exit_status, 0) << run.errors;
  EXPECT_EQ(test::read_file(directory.path() / "config/config.json"), bytes);
  EXPECT_EQ(test::read_file(directory.path() / "config/empty.json"), "");
}

}  // namespace
}  // namespace trueup::engine
