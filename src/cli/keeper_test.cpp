// What a pass of the daemon comes to, on an installation in memory: the gates, seen from their findings.
#include "cli/keeper.h"

#include <gmock/gmock.h>

#include "cli/machine_test_support.h"
#include "engine/store_test_support.h"
#include "support/files.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;

/// 2026-07-15, a Wednesday.
constexpr std::int64_t kMidnight = 1'784'073'600;

class KeeperTest : public MachineTest<engine::StoreTest> {
 protected:
  /// Begins when it is settled that clock is missing.
  KeeperTest() {
    add_plugin("weather");
    offer("clock", "clock", "1.0.0");
    set_config(R"("schedule": {"start_time": "07:00", "end_time": "23:00"})");
    settings(R"({"heavy_work": "display-off"})");
    for (const char* zone : {"UTC", "America/Chicago", "Australia/Lord_Howe"}) {
      disk.put_file(std::string("/usr/share/zoneinfo/") + zone,
                    test::read_file(std::string("/usr/share/zoneinfo/") + zone));
    }
    pass();
    ports.clock.advance(engine::Settling::kQuiet);
  }
  void set_config(const std::string& members) {
    write("config/config.json", "{" + members + R"(, "clock": {"enabled": true}})");
  }
  void settings(const std::string& text) { write("config/trueup/settings.json", text); }
  void at_utc(int hour, int minute = 0) {
    ports.clock.set_wall(std::chrono::system_clock::time_point(
        std::chrono::seconds(kMidnight) + std::chrono::hours(hour) + std::chrono::minutes(minute)));
  }
  service::PassOutcome pass() { return keeper.pass(service::PassKind::look, memory, {}); }
  /// The reason for which clock is not fetched; empty: it would be.
  static std::string waits_for(const service::PassOutcome& outcome) {
    const auto& plan = outcome.report->plan;
    const auto step = std::ranges::find(plan.steps, "clock", &model::Step::plugin_id);
    if (step != plan.steps.end()) return step->held;
    const auto finding = std::ranges::find(plan.findings, "clock", &model::Inconsistency::plugin_id);
    return finding == plan.findings.end() ? "(no finding)" : finding->reason;
  }
  std::string waits() { return waits_for(pass()); }

  Invocation invocation{.registry = "/registry"};
  Keeper keeper{invocation, machine, engine::kRoot};
  engine::Unattended memory;
};

TEST_F(KeeperTest, plugins_are_fetched_when_the_display_is_off_and_until_then_the_finding_says_why_not) {
  at_utc(12);
  const service::PassOutcome noon = pass();
  EXPECT_EQ(waits_for(noon), "display_on");
  ASSERT_EQ(noon.gates.size(), 1U);
  EXPECT_EQ(noon.gates.front().reason, "display_on");
  EXPECT_FALSE(noon.gates.front().writes_too);
  EXPECT_THAT(noon.gates.front().says, HasSubstr("from 23:00 on"));
  ASSERT_TRUE(noon.again_at);
  EXPECT_LE(*noon.again_at - ports.clock.monotonic_now(), std::chrono::hours(11));
  at_utc(23);
  EXPECT_EQ(waits(), "");
  EXPECT_EQ(pass().gates.size(), 0U);
  at_utc(31);
  EXPECT_EQ(waits(), "display_on") << "the next morning";
}

TEST_F(KeeperTest, by_default_the_display_keeps_nothing_waiting) {
  at_utc(12);
  settings("{}");
  EXPECT_EQ(waits(), "");
  settings(R"({"heavy_work": "any-time"})");
  EXPECT_EQ(waits(), "");
}

TEST_F(KeeperTest, the_clocks_where_the_display_hangs_count) {
  set_config(R"("timezone": "America/Chicago", "schedule": {"start_time": "07:00", "end_time": "23:00"})");
  at_utc(11, 59);
  EXPECT_EQ(waits(), "") << "06:59 there, in summer";
  at_utc(12);
  EXPECT_EQ(waits(), "display_on");
  set_config(R"("timezone": "Australia/Lord_Howe", "schedule": {"start_time": "07:00", "end_time": "23:00"})");
  EXPECT_EQ(waits(), "display_on") << "22:30 there";
  at_utc(12, 30);
  EXPECT_EQ(waits(), "") << "23:00 there";
}

TEST_F(KeeperTest, a_display_that_is_only_dimmed_is_enough_where_the_owner_says_so) {
  const std::string both = R"("schedule": {"start_time": "06:00", "end_time": "02:00"},
                              "dim_schedule": {"enabled": true, "start_time": "21:00", "end_time": "05:00"})";
  set_config(both);
  at_utc(22);
  EXPECT_EQ(waits(), "display_on");
  EXPECT_THAT(pass().gates.front().says, HasSubstr("from 02:00 on Thursday on")) << "over midnight";
  settings(R"({"heavy_work": "display-dimmed"})");
  EXPECT_EQ(waits(), "");
  at_utc(12);
  EXPECT_EQ(waits(), "display_on");
}

TEST_F(KeeperTest, a_schedule_that_cannot_be_understood_or_never_lets_it_be_done_keeps_nothing_waiting) {
  at_utc(12);
  for (const char* config :
       {R"("schedule": {"enabled": false})", R"("schedule": "soon")", R"("schedule": {"start_time": "25:00"})",
        R"("schedule": {"start_time": "00:00", "end_time": "24:00"})", R"("display": {})",
        R"("timezone": "Middle/Earth", "schedule": {"start_time": "07:00", "end_time": "23:00"})",
        R"("timezone": "../../etc/passwd", "schedule": {"start_time": "07:00", "end_time": "23:00"})"}) {
    set_config(config);
    EXPECT_EQ(waits(), "") << config;
  }
}

}  // namespace
}  // namespace trueup::cli
