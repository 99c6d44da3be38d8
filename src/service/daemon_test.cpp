#include "service/daemon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/daemon_test_support.h"
#include "service/metrics.h"

namespace trueup::service {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

engine::PassReport with_finding(const std::string& reason) {
  engine::PassReport report;
  report.plan.findings.push_back({.plugin_id = "clock",
                                  .inconsistency_type = model::InconsistencyType::plugin_config_invalid,
                                  .fix_action = model::FixAction::manual_fix_required,
                                  .reason = reason,
                                  .finding = "plugin_config_invalid:clock"});
  return report;
}

TEST_F(DaemonTest, publishes_what_is_known_at_once_and_reconciles_behind_it) {
  report = with_finding("schema");
  daemon->start({});
  loop.settle();
  EXPECT_EQ(daemon->snapshot()->phase, Phase::starting);
  ASSERT_TRUE(worker.do_next());
  loop.settle();
  EXPECT_EQ(kinds, std::vector{PassKind::first_look});
  EXPECT_EQ(daemon->snapshot()->phase, Phase::ready);
  EXPECT_EQ(daemon->snapshot()->findings.size(), 1U);
  EXPECT_TRUE(std::ranges::count(supervisor.told, "READY=1"));
  settle();
  EXPECT_EQ(kinds, (std::vector{PassKind::first_look, PassKind::full}));
}

TEST_F(DaemonTest, the_supervisor_is_told_in_one_line_what_was_found) {
  report = with_finding("schema");
  start_up();
  EXPECT_TRUE(std::ranges::count(supervisor.told, "STATUS=1 finding, 1 needs a person"));
  report.plan.findings.push_back(report.plan.findings.front());
  report.plan.findings.push_back({.plugin_id = "news", .fix_action = model::FixAction::no_action, .finding = "note"});
  advance(hours(1));
  EXPECT_EQ(supervisor.told.back(), "STATUS=3 findings, 2 need a person");
  report.plan.findings.clear();
  advance(hours(1));
  EXPECT_EQ(supervisor.told.back(), "STATUS=all in agreement");
  pass_fails = Error{.code = ErrorCode::io, .message = "the disk is gone"};
  advance(hours(1));
  EXPECT_EQ(supervisor.told.back(), "STATUS=the last pass failed: the disk is gone");
}

TEST_F(DaemonTest, the_plugins_it_knows_of_stay_while_their_directory_cannot_be_read) {
  const auto scan = [this](model::Verdict verdict, std::vector<model::PluginDirectory> found) {
    report.observation.reading(model::Source::disk).verdict = verdict;
    report.observation.disk.directories = std::move(found);
  };
  scan(model::Verdict::unreadable, {});
  start_up();
  EXPECT_EQ(daemon->snapshot()->catalogue, nullptr) << "unknown is not none";
  scan(model::Verdict::complete, {{.name = "clock", .manifest = model::ManifestVerdict::good, .id = "clock"}});
  advance(hours(1));
  ASSERT_NE(daemon->snapshot()->catalogue, nullptr);
  EXPECT_NE(daemon->snapshot()->catalogue->find("clock"), nullptr);
  scan(model::Verdict::unreadable, {});
  advance(hours(1));
  EXPECT_NE(daemon->snapshot()->catalogue->find("clock"), nullptr);
}

TEST_F(DaemonTest, F115_any_number_of_triggers_while_a_pass_runs_give_exactly_one_more) {
  start_up();
  const auto before = passes();
  during_pass = [this](const StopWanted&) {
    during_pass = nullptr;
    for (int i = 0; i < 50; ++i) {
      watcher.tell("config");
      loop.advance(seconds(1));
    }
  };
  watcher.tell("config");
  advance(seconds(5));
  EXPECT_EQ(passes() - before, 2U);
}

TEST_F(DaemonTest, at_rest_nothing_wakes_it_but_the_hourly_pass) {
  start_up();
  EXPECT_EQ(loop.timers(), 1U);
  const auto before = passes();
  advance(hours(10));
  EXPECT_EQ(passes() - before, 10U);
  EXPECT_TRUE(scribe.jobs.empty()) << "nothing is written";
}

TEST_F(DaemonTest, a_burst_of_ten_thousand_events_costs_a_handful_of_passes) {
  start_up();
  const auto before = passes();
  for (int i = 0; i < 10'000; ++i) {
    watcher.tell("plugin-" + std::to_string(i % 50));
    if (i % 10 == 0) advance(milliseconds(1));
  }
  advance(seconds(5));
  EXPECT_GE(passes() - before, 1U);
  EXPECT_LE(passes() - before, 5U);
}

TEST_F(DaemonTest, a_change_is_looked_at_as_soon_as_it_has_settled) {
  start_up();
  const auto before = passes();
  watcher.tell("config");
  advance(milliseconds(29));
  EXPECT_EQ(passes(), before);
  advance(milliseconds(5));
  EXPECT_EQ(passes(), before + 1);
}

TEST_F(DaemonTest, when_events_were_lost_it_watches_anew_and_then_looks_at_everything) {
  start_up();
  const auto before = passes();
  watcher.watched.clear();
  watcher.tell_everything("more happened than the kernel could tell");
  advance(seconds(1));
  EXPECT_EQ(watcher.watched.size(), 1U);
  EXPECT_EQ(passes(), before + 1);
}

TEST_F(DaemonTest, what_changed_before_a_new_directory_was_watched_is_looked_at) {
  start_up();
  const auto before = passes();
  watch_from_now_on = std::vector{platform::WatchedDirectory{.path = "/pi/plugin-repos/new", .topic = "new"}};
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(watcher.watched, *watch_from_now_on);
  EXPECT_EQ(passes(), before + 2);
}

TEST_F(DaemonTest, where_it_cannot_watch_it_says_so_once_and_looks_every_minute) {
  watcher.cannot_see = {"/pi/config cannot be watched: no watches left"};
  start_up();
  const auto before = passes();
  advance(minutes(10));
  EXPECT_GE(passes() - before, 9U);
  EXPECT_EQ(logged("watching.degraded"), 1U);
  EXPECT_EQ(daemon->snapshot()->blind, watcher.cannot_see);
}

TEST_F(DaemonTest, F58_a_pass_that_fails_is_tried_again_by_its_own_back_off_however_often_somebody_asks) {
  pass_fails = Error{.code = ErrorCode::io, .message = "the disk said no"};
  start_up();
  ASSERT_EQ(passes(), 1U);
  for (int i = 0; i < 500; ++i) {
    EXPECT_TRUE(daemon->snapshot()->problem);
    advance(milliseconds(10));
  }
  EXPECT_EQ(passes(), 1U);
  advance(minutes(30));
  EXPECT_EQ(passes(), 1U + 5U) << "after about 30 s, 1, 2, 4, 8 minutes";
  EXPECT_EQ(logged("pass.failed"), 1U) << "told once";
  pass_fails.reset();
  advance(hours(1));
  EXPECT_EQ(logged("pass.recovered"), 1U);
  EXPECT_TRUE(daemon->snapshot()->is_healthy());
  EXPECT_EQ(loop.timers(), 1U);
}

TEST_F(DaemonTest, a_step_that_fails_again_and_again_is_tried_later_and_later) {
  report.plan.steps.resize(1);
  report.steps = {{.kind = engine::StepResult::Kind::failed}};
  start_up();
  const auto before = passes();
  advance(hours(6));
  EXPECT_LE(passes() - before, 16U);
  EXPECT_EQ(daemon->snapshot()->counters.repairs_failed, passes());
}

TEST_F(DaemonTest, another_trueup_at_work_is_no_failure_to_be_alarmed_at_and_is_waited_for_shortly) {
  pass_fails = Error{.code = ErrorCode::busy, .message = "another trueup is working"};
  start_up();
  pass_fails.reset();
  advance(seconds(3));
  EXPECT_EQ(passes(), 2U);
  for (const LogEvent& event : logger.events) EXPECT_NE(event.level, LogLevel::error) << event.name;
}

TEST_F(DaemonTest, another_network_is_a_reason_for_a_pass_and_the_same_one_or_none_is_not) {
  start_up();
  const auto told = [this](const std::string& now) {
    network = now;
    network_news.tell();
    const auto before = passes();
    advance(2 * kNetworkSettles);
    return passes() - before;
  };
  EXPECT_EQ(told("at home"), 0U) << "a lease was renewed";
  EXPECT_EQ(told(""), 0U);
  EXPECT_EQ(told("at home"), 0U) << "back again";
  EXPECT_EQ(told("at work"), 1U);
  EXPECT_EQ(told("at work"), 0U);
}

TEST_F(DaemonTest, what_settles_is_looked_at_once_more_when_it_has_settled) {
  again_at = clock.monotonic_now() + seconds(10);
  start_up();
  const auto before = passes();
  again_at.reset();
  advance(seconds(9));
  EXPECT_EQ(passes(), before);
  advance(seconds(2));
  EXPECT_EQ(passes(), before + 1);
}

TEST_F(DaemonTest, F05_a_finding_is_gone_from_what_it_tells_as_soon_as_a_pass_no_longer_finds_it) {
  report = with_finding("schema");
  start_up();
  ASSERT_EQ(daemon->snapshot()->findings.size(), 1U);
  report = {};
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_TRUE(daemon->snapshot()->findings.empty());
}

TEST_F(DaemonTest, whoever_subscribed_hears_of_every_change_until_he_leaves) {
  start_up();
  std::vector<std::uint64_t> versions;
  auto subscription = daemon->subscribe([&] { versions.push_back(daemon->snapshot()->version); });
  watcher.tell("config");
  advance(seconds(1));
  ASSERT_GE(versions.size(), 2U);
  EXPECT_TRUE(std::ranges::is_sorted(versions));
  const auto count = versions.size();
  subscription.reset();
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(versions.size(), count);
}

TEST_F(DaemonTest, the_supervisor_hears_of_it_as_often_as_it_wants_unless_the_worker_hangs) {
  watchdog = minutes(5);
  start();
  start_up();
  advance(hours(1));
  EXPECT_GE(std::ranges::count(supervisor.told, "WATCHDOG=1"), 12);
  watcher.tell("config");
  loop.advance(seconds(1));
  ASSERT_FALSE(worker.jobs.empty()) << "and nobody does it";
  loop.advance(hours(2));
  const auto told = std::ranges::count(supervisor.told, "WATCHDOG=1");
  loop.advance(hours(2));
  EXPECT_EQ(std::ranges::count(supervisor.told, "WATCHDOG=1"), told);
}

TEST_F(DaemonTest, reloading_looks_at_everything_anew_and_says_when_it_has) {
  start_up();
  const auto before = passes();
  daemon->reload();
  EXPECT_TRUE(supervisor.told.back().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  settle();
  EXPECT_EQ(passes(), before + 1);
  EXPECT_TRUE(std::ranges::count(supervisor.told, "READY=1") == 2);
}

TEST_F(DaemonTest, stopping_asks_what_is_at_work_to_end_after_its_step_and_begins_nothing_more) {
  start_up();
  const auto before = passes();
  bool asked = false;
  during_pass = [&](const StopWanted& stop) { asked = stop(); };
  watcher.tell("config");
  loop.advance(seconds(1));
  watcher.tell("config");
  bool ended = false;
  daemon->stop([&] { ended = true; });
  loop.settle();
  EXPECT_FALSE(ended) << "a pass is at work";
  EXPECT_TRUE(std::ranges::count(supervisor.told, "STOPPING=1"));
  ASSERT_TRUE(worker.do_next());
  loop.settle();
  EXPECT_TRUE(asked);
  EXPECT_TRUE(ended);
  advance(hours(3));
  EXPECT_EQ(passes(), before + 1);
}

TEST_F(DaemonTest, a_disk_that_takes_no_writes_is_only_looked_at_until_the_back_off_finds_it_mended) {
  pass_fails = Error{.code = ErrorCode::read_only, .message = "the disk is read-only"};
  start_up();
  kinds.clear();
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(kinds, std::vector{PassKind::look});
  ASSERT_EQ(daemon->snapshot()->gates.size(), 1U);
  EXPECT_EQ(daemon->snapshot()->gates.front().reason, "disk_read_only");
  pass_fails.reset();
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(kinds.back(), PassKind::look) << "a look proves nothing about writing";
  EXPECT_FALSE(daemon->snapshot()->is_healthy());
  advance(minutes(5));
  EXPECT_EQ(kinds.back(), PassKind::full);
  EXPECT_TRUE(daemon->snapshot()->gates.empty());
  EXPECT_TRUE(daemon->snapshot()->is_healthy());
}

TEST_F(DaemonTest, a_gate_is_told_of_when_it_closes_and_when_it_opens) {
  gates = {{.reason = "under_voltage", .says = "too weak"}};
  start_up();
  EXPECT_EQ(daemon->snapshot()->gates, gates);
  gates.clear();
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(logged("gate.closed"), 1U);
  EXPECT_EQ(logged("gate.open"), 1U);
}

TEST_F(DaemonTest, the_owners_program_is_given_each_finding_once_when_it_comes) {
  on_finding = {"/usr/local/bin/tell-me"};
  report = with_finding("schema");
  start_up();
  for (int i = 0; i < 5; ++i) {
    watcher.tell("config");
    advance(seconds(1));
  }
  ASSERT_EQ(programs.size(), 1U);
  EXPECT_EQ(programs.front().first, on_finding);
  EXPECT_NE(programs.front().second.find("\"finding\": \"plugin_config_invalid:clock\""), std::string::npos);
  program_fails = Error{.code = ErrorCode::not_found, .message = "no such program"};
  for (int i = 0; i < 2; ++i) {
    for (const bool there : {false, true}) {
      report = there ? with_finding("schema") : engine::PassReport{};
      watcher.tell("config");
      advance(minutes(20));
    }
  }
  EXPECT_EQ(programs.size(), 3U);
  EXPECT_EQ(logged("on_finding.failed"), 1U) << "told once";
}

TEST_F(DaemonTest, a_program_that_is_named_later_is_given_what_stands_already) {
  report = with_finding("schema");
  start_up();
  EXPECT_THAT(programs, testing::IsEmpty());
  on_finding = {"/usr/local/bin/tell-me"};
  for (int i = 0; i < 2; ++i) {
    watcher.tell("config");
    advance(seconds(1));
  }
  EXPECT_EQ(programs.size(), 1U);
  on_finding.emplace_back("loudly");
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(programs.size(), 2U) << "that is another one";
}

TEST_F(DaemonTest, a_fight_is_told_of_when_it_is_noticed_and_counted_while_it_stands) {
  start_up();
  report = with_finding("fought_over");
  report.fights.push_back({.plugin_id = "clock", .field = "config.json: clock.enabled"});
  watcher.tell("config");
  advance(seconds(2));
  EXPECT_EQ(logged("fight"), 1U);
  EXPECT_NE(metrics(*daemon->snapshot(), {}).find("trueup_fights 1\n"), std::string::npos);
}

}  // namespace
}  // namespace trueup::service
