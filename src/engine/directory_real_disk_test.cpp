// The same steps on the kernel's own file system: the renames, attributes and links that a disk in memory only
// imitates.
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/directory_test_support.h"
#include "platform/real_file_system.h"
#include "store/registry.h"
#include "support/files.h"
#include "support/snapshot.h"

namespace trueup::engine::test {
namespace {

namespace files = std::filesystem;
using trueup::test::read_file;
using trueup::test::TempDirectory;
using trueup::test::write_file;

class RealDisplay : public ::testing::Test {
 protected:
  void SetUp() override {
    files::create_directories(plugins());
    for (const auto& [path, bytes] : plugin_files("clock", "2.0.0"))
      write_file(registry() / "plugins/clock" / path, bytes);
    write_file(registry() / "plugins.json", R"({"plugins": [{"id": "clock", "plugin_path": "plugins/clock"}]})");
  }
  [[nodiscard]] files::path plugins() const { return temporary_.path() / "pi/plugin-repos"; }
  [[nodiscard]] files::path registry() const { return temporary_.path() / "registry"; }

  template <typename Kind>
  Result<Applied> run(Kind& operation) {
    const store::LocalSource source(disk_, registry().string());
    memory_.world.store = &source;
    World world{.file_system = disk_,
                .clock = memory_.clock,
                .random = memory_.random,
                .processes = memory_.processes,
                .services = memory_.services,
                .logger = memory_.logger,
                .root = (temporary_.path() / "pi").string(),
                .store = &source};
    ASSIGN_OR_RETURN(const auto site, Site::open(world));
    site->use_plugins_path("plugin-repos");
    ASSIGN_OR_RETURN(const auto facts, source.registry());
    RETURN_IF_ERROR(prepare(*site, operation, {.entry = store::find_entry(facts, "clock")}));
    return apply(*site, operation);
  }

  TempDirectory temporary_;
  platform::RealFileSystem disk_;
  Display memory_;
};

TEST_F(RealDisplay, installs_a_plugin_and_takes_it_away_again) {
  PublishDirectory install = install_operation("clock");
  const auto installed = run(install);
  ASSERT_TRUE(installed) << installed.error().text();
  EXPECT_EQ(read_file(plugins() / "clock/manager.py"), plugin_files("clock", "2.0.0").at("manager.py"));
  EXPECT_FALSE(files::exists(plugins() / ".trueup.standalone-backup-work/staging/t1"));
  SetDirectoryAside removal{.plugin_id = "clock", .directory = "clock", .kept = "kept/1-clock"};
  ASSERT_TRUE(run(removal));
  EXPECT_FALSE(files::exists(plugins() / "clock"));
  EXPECT_TRUE(files::exists(plugins() / ".trueup.standalone-backup-work/kept/1-clock/manager.py"));
}

TEST_F(RealDisplay, replaces_a_plugin_and_leaves_everything_outside_alone) {
  for (const auto& [path, bytes] : plugin_files("clock", "1.0.0")) write_file(plugins() / "clock" / path, bytes);
  write_file(temporary_.path() / "outside/notes.txt", "mine");
  files::create_symlink("../../../outside", plugins() / "clock/notes");
  const auto before = trueup::test::take_snapshot(temporary_.path() / "outside");
  PublishDirectory install = install_operation("clock", "kept/1-clock");
  const auto installed = run(install);
  ASSERT_TRUE(installed) << installed.error().text();
  EXPECT_EQ(installed->outcomes, std::vector{Outcome::done});
  EXPECT_TRUE(installed->notes.empty());
  EXPECT_EQ(read_file(plugins() / "clock/manager.py"), plugin_files("clock", "2.0.0").at("manager.py"));
  EXPECT_EQ(files::read_symlink(plugins() / "clock/notes"), "../../../outside");
  EXPECT_EQ(read_file(plugins() / ".trueup.standalone-backup-work/kept/1-clock/manager.py"),
            plugin_files("clock", "1.0.0").at("manager.py"));
  EXPECT_EQ(trueup::test::difference(before, trueup::test::take_snapshot(temporary_.path() / "outside")), "");
}

TEST_F(RealDisplay, F150_removing_a_link_leaves_what_it_points_to_untouched) {
  write_file(temporary_.path() / "work/dev/manager.py", "mine");
  files::create_symlink(temporary_.path() / "work/dev", plugins() / "dev");
  const auto before = trueup::test::take_snapshot(temporary_.path() / "work");
  ChangeLink removal{.plugin_id = "dev", .directory = "dev", .from = (temporary_.path() / "work/dev").string()};
  ASSERT_TRUE(run(removal));
  EXPECT_FALSE(files::is_symlink(plugins() / "dev"));
  EXPECT_EQ(trueup::test::difference(before, trueup::test::take_snapshot(temporary_.path() / "work")), "");
}

}  // namespace
}  // namespace trueup::engine::test
