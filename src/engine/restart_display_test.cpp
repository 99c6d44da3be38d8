#include "engine/restart_display.h"

#include <gmock/gmock.h>

#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/resolve.h"

namespace trueup::engine {
namespace {

using model::RestartDisplay;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

model::Policy with(RestartDisplay restart, bool quiet_now = false) {
  model::Policy policy;
  policy.restart_display = restart;
  policy.quiet_now = quiet_now;
  return policy;
}

/// clock is on and whole. The display lives, and tells what it runs.
class RestartsDisplay : public EngineTest {
 protected:
  RestartsDisplay() {
    add_plugin("clock");
    configure({{"clock", R"({"enabled": true})"}});
    record_state({record("clock", true)});
    ports.processes.processes = {{.pid = 77, .arguments = {"python3", path("run.py")}, .working_directory = kRoot}};
    ports.processes.units[kDisplayUnit] = platform::UnitState::active;
    tell(R"({})");
    ports.services.then = [this] { tell(R"({"clock": {"loaded": true, "state": "enabled"}})"); };
  }

  void tell(const std::string& plugins) {
    write("cache/plugin_runtime_snapshot.json",
          fmt::format(R"({{"data": {{"schema": 1, "running": true, "pid": 77, "published_at": {}, "stale_after": 3600,)"
                      R"( "plugins": {}}}, "timestamp": 1.0}})",
                      std::chrono::duration<double>(ports.clock.wall_now().time_since_epoch()).count(), plugins));
  }
  World here() {
    World world = EngineTest::world();
    world.display_cache = path("cache");
    return world;
  }
  PassReport pass(const model::Policy& policy) {
    World world = here();
    auto report = reconcile(world, policy);
    EXPECT_TRUE(report) << report.error().text();
    return std::move(*report);
  }
  [[nodiscard]] const std::vector<std::string>& restarts() const { return ports.services.restarted; }
};

TEST_F(RestartsDisplay, for_what_only_a_restart_ends_where_the_owner_allows_it) {
  for (const auto& policy :
       {with(RestartDisplay::never), with(RestartDisplay::ask), with(RestartDisplay::quiet_hours, false)}) {
    EXPECT_EQ(pass(policy).result.inconsistencies_manual.size(), 1U);
    EXPECT_THAT(restarts(), IsEmpty());
  }
  const PassReport report = pass(with(RestartDisplay::quiet_hours, true));
  EXPECT_THAT(restarts(), ElementsAre("ledmatrix.service"));
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  EXPECT_TRUE(report.result.reconciliation_successful);
  EXPECT_THAT(report.notes, testing::Contains("the display was restarted"));
}

TEST_F(RestartsDisplay, never_by_itself_where_the_owner_forbids_it_and_says_what_does_when_something_changed) {
  tell(R"({"clock": {"loaded": true, "state": "enabled"}})");
  for (const auto restart : {RestartDisplay::never, RestartDisplay::ask}) {
    for (const auto unit : {platform::UnitState::active, platform::UnitState::unknown, platform::UnitState::inactive}) {
      ports.processes.units[kDisplayUnit] = unit;
      configure({});  // the section is gone and comes back as it was recorded
      record_state({record("clock", true)});
      const PassReport report = pass(with(restart));
      EXPECT_EQ(testing::Value(report.notes, testing::Contains(HasSubstr("sudo systemctl restart ledmatrix"))),
                unit != platform::UnitState::inactive);
      EXPECT_THAT(pass(with(restart)).notes, testing::Not(testing::Contains(HasSubstr("systemctl")))) << "at rest";
    }
  }
  EXPECT_THAT(restarts(), IsEmpty());
}

TEST_F(RestartsDisplay, once_for_everything) {
  add_plugin("news");
  configure({{"clock", R"({"enabled": true})"}, {"news", R"({"enabled": true})"}});
  record_state({record("clock", true), record("news", true)});
  ports.services.then = [this] {
    tell(R"({"clock": {"loaded": true, "state": "enabled"}, "news": {"loaded": true, "state": "enabled"}})");
  };
  EXPECT_EQ(pass(with(RestartDisplay::always)).result.inconsistencies_fixed.size(), 2U);
  EXPECT_EQ(restarts().size(), 1U);
}

TEST_F(RestartsDisplay, never_again_for_the_very_same_thing_when_it_did_not_help) {
  ports.services.then = [this] { tell(R"({})"); };
  const PassReport first = pass(with(RestartDisplay::always));
  EXPECT_EQ(restarts().size(), 1U);
  EXPECT_TRUE(first.result.inconsistencies_fixed.empty());
  const PassReport second = pass(with(RestartDisplay::always));
  EXPECT_EQ(restarts().size(), 1U);
  ASSERT_EQ(second.plan.findings.size(), 1U);
  EXPECT_THAT(second.plan.findings[0].advice, HasSubstr("did not help"));
  model::Policy again = with(RestartDisplay::always);
  again.retry = true;
  pass(again);
  EXPECT_EQ(restarts().size(), 2U);
}

TEST_F(RestartsDisplay, says_when_it_could_not_and_when_the_display_does_not_tell_afterwards) {
  ports.services.answer = Error{.code = ErrorCode::refused, .message = "Access denied", .where = "ledmatrix.service"};
  const PassReport refused = pass(with(RestartDisplay::always));
  EXPECT_THAT(refused.steps.at(0).why, HasSubstr("Access denied"));
  EXPECT_TRUE(refused.result.inconsistencies_fixed.empty());
  ports.services.answer = ok();
  ports.services.then = [this] { disk.erase(path("cache/plugin_runtime_snapshot.json")); };
  const PassReport silent = pass(with(RestartDisplay::always));
  EXPECT_THAT(silent.steps.at(0).why, HasSubstr("does not tell yet"));
}

TEST_F(RestartsDisplay, so_that_a_repair_reaches_the_panel_of_a_display_that_tells_nothing) {
  disk.erase(path("cache/plugin_runtime_snapshot.json"));
  configure({});
  record_state({record("clock", false)});
  pass(with(RestartDisplay::always));
  EXPECT_THAT(restarts(), IsEmpty()) << "a section that is off changes nothing on the panel";
  configure({});
  record_state({record("clock", true)});
  pass(with(RestartDisplay::always));
  EXPECT_EQ(restarts().size(), 1U);
  EXPECT_THAT(read("config/config.json"), HasSubstr(R"("enabled": true)"));
}

TEST_F(RestartsDisplay, and_leaves_a_display_alone_that_was_stopped) {
  disk.erase(path("cache/plugin_runtime_snapshot.json"));
  ports.processes.units.clear();
  configure({});
  pass(with(RestartDisplay::always));
  EXPECT_THAT(restarts(), IsEmpty());
}

TEST_F(RestartsDisplay, when_a_person_chooses_it) {
  World world = here();
  const auto done = resolve(world, "plugin_not_running:clock", "restart");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(restarts(), ElementsAre("ledmatrix.service"));
}

}  // namespace
}  // namespace trueup::engine
