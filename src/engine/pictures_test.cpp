#include "engine/pictures.h"

#include "engine/engine_test_support.h"
#include "platform/crash_disk.h"

namespace trueup::engine {
namespace {

constexpr const char* kPng = "\x89PNG\r\n\x1a\nboat";

class Pictures : public EngineTest {
 protected:
  Pictures() {
    add_plugin("clock");
    configure({{"clock", R"({"enabled": true})"}});
  }
};

TEST_F(Pictures, the_first_of_a_plugin_outlast_a_power_cut_with_the_directories_that_were_made_for_them) {
  const auto start = disk.image();
  disk.clear_log();
  auto here = world();
  const auto added = add_pictures(here, "clock", {{.name = "boat.png", .bytes = kPng}});
  ASSERT_TRUE(added) << added.error().text();
  const auto wanted = theirs(disk);
  const auto log = disk.log();
  for (const auto& survivor : platform::surviving_disks(start, log, log.size())) {
    EXPECT_EQ(theirs(platform::MemoryFileSystem(survivor.image)), wanted) << survivor.variant;
  }
}

}  // namespace
}  // namespace trueup::engine
