// LEDMatrix truncates config.json in place and then writes it: whoever reads it in between waits, at whatever read of
// whatever verb that happens, and never takes what is not written yet for what is not there.
#include <functional>
#include <ostream>

#include "engine/configure.h"
#include "engine/engine_test_support.h"
#include "engine/remove_directory.h"
#include "engine/restore.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

/// The n-th read of config.json finds half of it; while the reader sleeps, the rest is written.
class TornAt final : public platform::Observer {
 public:
  TornAt(int n, std::function<void()> tear) : left_(n), tear_(std::move(tear)) {}
  Status before(const platform::Call& call) override {
    const bool reads = call.operation == platform::Operation::read && call.path.ends_with("/config/config.json");
    if (reads && --left_ == 0) tear_();
    return ok();
  }
  void after(const platform::Call&) override {}
  [[nodiscard]] bool was_hit() const { return left_ <= 0; }

 private:
  int left_;
  std::function<void()> tear_;
};

struct Verb {
  std::string name;
  std::function<Status(World&)> run;
};
void PrintTo(const Verb& verb, std::ostream* out) { *out << verb.name; }

class Torn : public EngineTest, public testing::WithParamInterface<Verb> {
 protected:
  Torn() {
    write("config/config.json",
          "{\n    \"plugin_system\": {\"plugins_directory\": \"mine\"},\n    \"clock\": {\"enabled\": true, \"color\": "
          "1},"
          "\n    \"gone\": {\"enabled\": false}\n}");
    disk.put_directory(path("mine"));
    for (const char* place : {"mine", "plugin-repos"}) {
      for (const char* id : {"clock", "news"}) {
        write(fmt::format("{}/{}/manifest.json", place, id),
              fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "1.0.0", "class_name": "P", "entry_point": )"
                          R"("manager.py", "display_modes": ["{0}"]}})",
                          id));
        write(fmt::format("{}/{}/manager.py", place, id), "class P:\n    pass\n");
      }
    }
  }
};

TEST_P(Torn, at_any_read_it_is_waited_for_and_the_verb_does_what_it_would_have_done) {
  const auto start = disk.image();
  const std::string whole = read("config/config.json");
  auto well = world();
  ASSERT_TRUE(GetParam().run(well));
  const auto expected = theirs(disk);
  int n = 1;
  for (;; ++n) {
    disk = platform::MemoryFileSystem(start);
    bool torn = false;
    TornAt observer(n, [&] {
      torn = true;
      write("config/config.json", whole.substr(0, whole.size() / 2));
    });
    ports.clock.on_sleep([&] {
      if (torn) write("config/config.json", whole);
      torn = false;
    });
    platform::ObservedFileSystem watched(disk, observer);
    auto here = ports.world(watched);
    const Status done = GetParam().run(here);
    ports.clock.on_sleep({});
    if (!observer.was_hit()) break;
    ASSERT_TRUE(done) << "torn at read " << n << ": " << done.error().text();
    if (!torn) {
      EXPECT_EQ(theirs(disk), expected) << "torn at read " << n;
    }
  }
  EXPECT_GT(n, 2);
}

INSTANTIATE_TEST_SUITE_P(EachVerb, Torn,
                         testing::Values(Verb{"config_set",
                                              [](World& world) {
                                                const auto done = set_setting(world, "clock", {"color"}, "2");
                                                return done ? ok() : Status(done.error());
                                              }},
                                         Verb{"config_unset",
                                              [](World& world) {
                                                const auto done = unset_setting(world, "clock", {"color"});
                                                return done ? ok() : Status(done.error());
                                              }},
                                         Verb{"uninstall_directory",
                                              [](World& world) {
                                                const auto done = remove_directory(world, "news");
                                                return done ? ok() : Status(done.error());
                                              }}),
                         [](const auto& verb) { return verb.param.name; });

TEST_F(EngineTest, where_config_cannot_be_read_no_directory_is_removed_and_config_can_still_be_restored) {
  add_plugin("clock");
  const std::string whole = read("config/config.json");
  write("config/backups/config_backup_20260101_000000.json", whole);
  write("config/config.json", whole.substr(0, 20));
  auto here = world();
  const auto removed = remove_directory(here, "clock");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::unreadable) << removed.error().text();
  EXPECT_NE(read("plugin-repos/clock/manifest.json"), "(not there)");
  const auto restored = restore(here, model::DocumentName::config, "config/backups/config_backup_20260101_000000.json");
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_EQ(read("config/config.json"), whole);
}

TEST_F(EngineTest, F47_a_damaged_plugin_that_is_taken_out_is_noted_as_removed_or_stays) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  write("config/uninstalled_plugins.json", "[]");
  auto here = world();
  disk.fail_reading(path("config/uninstalled_plugins.json"), EIO);
  ASSERT_FALSE(remove_directory(here, "clock"));
  EXPECT_NE(read("plugin-repos/clock/manifest.json"), "(not there)");
  disk.fail_reading(path("config/uninstalled_plugins.json"), 0);
  const auto removed = remove_directory(here, "clock");
  ASSERT_TRUE(removed) << removed.error().text();
  EXPECT_NE(read("config/uninstalled_plugins.json").find("clock"), std::string::npos);
}

}  // namespace
}  // namespace trueup::engine
