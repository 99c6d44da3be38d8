#include "engine/tar.h"

#include <gtest/gtest.h>

#include "platform/real_file_system.h"
#include "support/command.h"
#include "support/files.h"

namespace trueup::engine {
namespace {

TEST(Tar, is_unpacked_by_tar_with_the_very_bytes) {
  const test::TempDirectory directory;
  const std::string bytes = std::string("{\"a\": \"\xff\"}\n") + std::string(3, '\0') + std::string(600, 'x');
  platform::RealFileSystem disk;
  const auto opened = disk.open_root(directory.path().string());
  ASSERT_TRUE(opened);
  const auto archive = (*opened)->open_for_writing("a.tar", 0600);
  ASSERT_TRUE(archive);
  TarWriter tar(**archive);
  ASSERT_TRUE(tar.add("config/config.json", bytes));
  ASSERT_TRUE(tar.add("config/empty.json", ""));
  ASSERT_TRUE(tar.finish());
  const auto run =
      test::run_command({"tar", "-xf", (directory.path() / "a.tar").string(), "-C", directory.path().string()});
  ASSERT_EQ(run.exit_status, 0) << run.errors;
  EXPECT_EQ(test::read_file(directory.path() / "config/config.json"), bytes);
  EXPECT_EQ(test::read_file(directory.path() / "config/empty.json"), "");
}

}  // namespace
}  // namespace trueup::engine
