#include "engine/set_enabled.h"

#include <gmock/gmock.h>

#include "engine/configure.h"
#include "engine/engine_test_support.h"
#include "engine/undo.h"
#include "engine/uninstall.h"

namespace trueup::engine {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Switching : public EngineTest {
 protected:
  Switching() {
    configure({{"clock", R"({"enabled": true})"}});
    record_state({record("clock", true)});
  }
  void the_web_process_runs_beside(const std::string& reconciler) {
    add_plugin("clock");
    write("src/plugin_system/state_reconciliation.py", reconciler);
    ports.processes.units["ledmatrix-web.service"] = platform::UnitState::active;
  }
  std::string note_of_switching_off() {
    auto on = world();
    const auto done = set_enabled(on, "clock", false);
    return !done ? done.error().text() : done->notes.size() == 1 ? done->notes[0] : "not one note";
  }
  bool is_there() { return disk.files().contains(path("plugin-repos/clock/manifest.json")); }
  std::string config() { return read("config/config.json"); }
};

TEST_F(Switching, beside_a_ledmatrix_that_goes_by_its_record_says_that_this_does_not_last) {
  the_web_process_runs_beside("self.config_manager.save_config(c); state_manager\n");
  EXPECT_THAT(note_of_switching_off(),
              AllOf(HasSubstr("says that it is on and counts"), HasSubstr("sudo systemctl stop ledmatrix-web"),
                    Not(HasSubstr("decides"))));
}

TEST_F(Switching, beside_a_ledmatrix_that_goes_by_config_says_so) {
  the_web_process_runs_beside("self.state_manager.set_plugin_enabled(1)\n");
  EXPECT_THAT(note_of_switching_off(), HasSubstr("config.json decides"));
}

TEST_F(Switching, beside_a_ledmatrix_whose_ways_are_not_known_does_not_guess) {
  the_web_process_runs_beside("pass\n");
  EXPECT_THAT(note_of_switching_off(), HasSubstr("is not known"));
}

TEST_F(Switching, a_damaged_plugin_on_says_that_it_cannot_run) {
  write("plugin-repos/clock/manifest.json", "{");
  auto on = world();
  const auto done = set_enabled(on, "clock", true);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(done->notes, ElementsAre(HasSubstr("`trueup explain clock` says why")));
}

TEST_F(Switching, a_copy_that_an_interrupted_install_left_comes_back_first) {
  add_plugin_aside("clock");
  auto on = world();
  const auto done = set_enabled(on, "clock", false);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(done->installed);
  EXPECT_THAT(done->notes, ElementsAre(HasSubstr("was put back first")));
  EXPECT_TRUE(is_there());
}

TEST_F(Switching, F72_settings_of_such_a_plugin_are_checked_by_its_own_schema) {
  add_plugin_aside("clock");
  write("plugin-repos/clock.standalone-backup-preinstall/config_schema.json",
        R"({"type": "object", "properties": {"size": {"type": "integer", "maximum": 9},
                                             "account": {"type": "string", "x-secret": true}}})");
  auto on = world();
  EXPECT_FALSE(set_setting(on, "clock", {"size"}, "99"));
  ASSERT_TRUE(set_setting(on, "clock", {"account"}, "S3CRET"));
  EXPECT_THAT(config(), Not(HasSubstr("S3CRET")));
  EXPECT_THAT(read("config/config_secrets.json"), HasSubstr("S3CRET"));
}

TEST_F(Switching, such_a_plugin_can_be_uninstalled) {
  add_plugin_aside("clock");
  auto on = world();
  const auto done = uninstall(on, "clock", Settings::remove);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(config(), Not(HasSubstr("clock")));
  ASSERT_TRUE(undo(on, 0, UndoReach::last_command));
  EXPECT_TRUE(is_there());
}

TEST_F(Switching, a_name_that_is_refused_brings_nothing_back) {
  add_plugin_aside("clock");
  const auto before = theirs(disk);
  auto on = world();
  EXPECT_FALSE(set_enabled(on, "radar", true));
  EXPECT_EQ(theirs(disk), before);
}

}  // namespace
}  // namespace trueup::engine
