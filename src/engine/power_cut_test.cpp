// A pass on a disk whose power is cut behind each of its operations, with everything that a file system may have kept
// by then (crash_disk.h). What the owner wrote is never lost, what was said to be done stays done.
#include <algorithm>
#include <set>

#include "engine/engine_test_support.h"
#include "engine/reconcile.h"
#include "platform/crash_disk.h"

namespace trueup::engine {
namespace {

class PassUnderPowerCut : public EngineTest {
 protected:
  PassUnderPowerCut() {
    add_plugin("clock");
    add_plugin("news");
    configure({{"clock", R"({"enabled": true})"}});
    record_state({record("clock", false)});
  }
};

TEST_F(PassUnderPowerCut, leaves_each_file_old_or_new_and_the_next_pass_finishes) {
  const auto start = disk.image();
  disk.clear_log();
  const std::string config_path = path("config/config.json");
  const std::string state_path = path("data/plugin_state.json");
  const auto old_files = theirs(disk);
  {
    auto here = world();
    ASSERT_TRUE(reconcile(here, {}));
  }
  const auto new_files = theirs(disk);
  const auto log = disk.log();
  std::set<std::string> seen;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    const platform::CrashOptions options{.random_selections = 3, .seed = cut + 1, .most_singles = 6};
    for (const auto& survivor : platform::surviving_disks(start, log, cut, options)) {
      const bool finished = cut == log.size();
      if (!seen.insert(platform::fingerprint(survivor.image) + (finished ? "+" : "-")).second) continue;
      const std::string where = fmt::format("cut behind {} operations, {}", cut, survivor.variant);
      platform::MemoryFileSystem after(survivor.image);
      const auto files = after.files();
      for (const auto& name : {config_path, state_path}) {
        const auto found = files.find(name);
        ASSERT_NE(found, files.end()) << name << ": " << where;
        EXPECT_TRUE(found->second == old_files.at(name) || found->second == new_files.at(name))
            << name << ": " << where;
        EXPECT_TRUE(!finished || found->second == new_files.at(name)) << "a reported success was lost: " << where;
      }
      if (files.at(config_path) != old_files.at(config_path)) {
        const bool kept =
            std::ranges::any_of(files, [&](const auto& file) { return file.second == old_files.at(config_path); });
        EXPECT_TRUE(kept) << "the displaced file is gone: " << where;
      }
      Ports others;
      auto here = others.world(after);
      const auto report = reconcile(here, {});
      ASSERT_TRUE(report) << where << ": " << report.error().text();
      EXPECT_FALSE(report->error) << where << ": " << report->error->text();
      EXPECT_EQ(theirs(after), new_files) << where;
    }
  }
  EXPECT_GT(seen.size(), log.size() / 2);
}

TEST_F(PassUnderPowerCut, never_brings_a_recorded_repair_back_over_what_the_owner_did_since) {
  const auto start = disk.image();
  const std::string wish = read("config/config.json");
  disk.clear_log();
  {
    auto here = world();
    ASSERT_TRUE(reconcile(here, {}));
  }
  ASSERT_NE(read("config/config.json"), wish);
  // Then the owner removes that plugin with its section, and the power goes before the journal is seen to be empty.
  const auto log = disk.log();
  for (const auto& survivor : platform::surviving_disks(start, log, log.size())) {
    platform::MemoryFileSystem after(survivor.image);
    after.erase(path("plugin-repos/news"));
    after.put_file(path("config/config.json"), wish);
    Ports others;
    auto here = others.world(after);
    ASSERT_TRUE(reconcile(here, {})) << survivor.variant;
    EXPECT_EQ(after.files().at(path("config/config.json")), wish) << survivor.variant;
  }
}

}  // namespace
}  // namespace trueup::engine
