#include "engine/reconcile.h"

#include <cerrno>
#include <functional>

#include "base/digest.h"
#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/undo.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

class Reconcile : public EngineTest {
 protected:
  /// One plugin without a section, one whose record is wrong.
  void drift() {
    add_plugin("clock");
    add_plugin("news");
    configure({{"clock", "{\n        \"enabled\": true,\n        \"color\": [255, 0, 0]\n    }"}});
    record_state({record("clock", false)});
  }
  PassReport pass(const model::Policy& policy = {}) {
    auto here = world();
    auto report = reconcile(here, policy);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport{};
  }
};

TEST_F(Reconcile, mends_each_file_with_one_write_and_nothing_else_in_it_changes) {
  drift();
  const auto report = pass();
  EXPECT_EQ(report.result.message,
            "Reconciliation complete: 2 inconsistencies found, 2 fixed automatically, 0 require manual attention");
  EXPECT_TRUE(report.result.reconciliation_successful);
  EXPECT_EQ(
      read("config/config.json"),
      "{\n    \"timezone\": \"UTC\",\n    \"display\": {\n        \"brightness\": 90\n    },\n    \"clock\": {\n     "
      "   \"enabled\": true,\n        \"color\": [255, 0, 0]\n    },\n    \"news\": {\n        \"enabled\": false\n  "
      "  }\n}");
  EXPECT_NE(read("data/plugin_state.json").find("\"status\": \"enabled\",\n      \"enabled\": true"),
            std::string::npos);
  EXPECT_EQ(report.history.size(), 2U);
}

TEST_F(Reconcile, F75_a_file_that_cannot_be_written_holds_up_no_other) {
  struct NoState final : platform::Observer {
    Status before(const platform::Call& call) override {
      const bool state = call.to_path.ends_with("/data/plugin_state.json") ||
                         call.path.find("data/.plugin_state.json") != std::string::npos;
      if (!state || !platform::is_writing(call.operation)) return ok();
      return Error{.code = ErrorCode::unreadable, .message = "no permission", .where = call.path, .os_error = EACCES};
    }
    void after(const platform::Call& /*call*/) override {}
  } no_state;
  add_plugin("clock");
  add_plugin("fresh");
  configure({{"clock", R"({"enabled": true})"}});
  record_state({record("clock", false)});
  const std::string state = read("data/plugin_state.json");
  disk.set_observer(&no_state);
  const auto report = pass();
  disk.set_observer(nullptr);
  EXPECT_NE(read("config/config.json").find("\"fresh\""), std::string::npos);
  EXPECT_EQ(read("data/plugin_state.json"), state);
  int failed = 0;
  for (const auto& step : report.steps) failed += step.kind == StepResult::Kind::failed ? 1 : 0;
  EXPECT_EQ(failed, 1);
  EXPECT_FALSE(report.result.reconciliation_successful);
}

TEST_F(Reconcile, states_the_digest_of_a_write_that_many_share_once_and_undo_of_all_gives_the_bytes_back) {
  // Laid out as no edit would lay it out: only the copy gives these bytes back.
  const std::string before =
      "{\"version\": 1,\n\n \"states\": {\"clock\" : {\"enabled\": true},\n\n\n  \"news\": {\"enabled\":  false}  ,"
      "\"radar\":{} }, \"last_updated\": null}";
  write("data/plugin_state.json", before);
  EXPECT_EQ(pass().history.size(), 3U);
  const std::string digest = sha256_hex(read("data/plugin_state.json"));
  const std::string history = read(".trueup/ledger.db");
  const std::size_t first = history.find(digest);
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(history.find(digest, first + 1), std::string::npos) << "each of thousands would state it";
  auto here = world();
  ASSERT_TRUE(undo(here, 0, UndoReach::last_command));
  EXPECT_EQ(read("data/plugin_state.json"), before);
}

TEST_F(Reconcile, leaves_nothing_for_which_the_next_look_would_read_config_json_twice) {
  struct Reads final : platform::Observer {
    Status before(const platform::Call& call) override {
      if (call.operation == platform::Operation::read && call.path.ends_with("config/config.json")) ++of_config;
      return ok();
    }
    void after(const platform::Call& /*call*/) override {}
    int of_config = 0;
  } reads;
  drift();
  (void)pass();
  platform::ObservedFileSystem observed(disk, reads);
  auto here = ports.world(observed);
  ASSERT_TRUE(look(here, sources::SettingsCheck::changed));
  EXPECT_EQ(reads.of_config, 1) << "history holds nothing that the owner had asked for";
}

TEST_F(Reconcile, finds_nothing_to_do_in_a_second_pass_and_writes_nothing) {
  drift();
  (void)pass();
  const auto before = disk.files();
  const auto second = pass();
  EXPECT_TRUE(second.result.inconsistencies_found.empty()) << second.result.inconsistencies_found.front().description;
  auto after = disk.files();
  after[path(".trueup/lock")] = before.at(path(".trueup/lock"));  // names its last holder
  EXPECT_EQ(after, before);
}

TEST_F(Reconcile, plan_writes_nothing_and_takes_no_lock) {
  drift();
  platform::DenyWrites deny;
  platform::ObservedFileSystem watched(disk, deny);
  auto here = ports.world(watched);
  const auto planned = plan(here, {});
  ASSERT_TRUE(planned) << planned.error().text();
  EXPECT_EQ(planned->plan.steps.size(), 2U);
  EXPECT_EQ(deny.attempts(), std::vector<std::string>{});
}

TEST_F(Reconcile, keeps_what_it_displaced_and_a_copy_from_before_the_first_write) {
  drift();
  const std::string config = read("config/config.json");
  (void)pass();
  EXPECT_EQ(read(".trueup/kept/1-config.json"), config);
  EXPECT_EQ(read(".trueup/kept/1-config.json"), config);
  const std::string archive = read(".trueup/first-contact.tar");
  EXPECT_NE(archive.find(config), std::string::npos);
  EXPECT_NE(archive.find(read("config/config_secrets.json")), std::string::npos);
}

TEST_F(Reconcile, syncs_at_most_three_times_for_one_file_and_twelve_times_in_the_first_pass) {
  add_plugin("news");
  record_state({});
  platform::CallCounter counter;
  platform::ObservedFileSystem watched(disk, counter);
  auto here = ports.world(watched);
  const auto report = reconcile(here, {});
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->result.inconsistencies_fixed.size(), 1U);
  std::string trace;
  for (const auto& line : counter.trace()) trace += line.find("sync") != std::string::npos ? line + "\n" : "";
  EXPECT_LE(counter.syncs(), 12U) << trace;
}

TEST_F(Reconcile, counts_a_repair_that_another_program_undid_at_once_as_not_fixed) {
  drift();
  // The other program puts its own state file back between our write and our second look.
  const std::string stale = read("data/plugin_state.json");
  struct Stubborn final : platform::Observer {
    Status before(const platform::Call& call) override {
      if (call.operation == platform::Operation::truncate && call.path.ends_with("/journal")) act();
      return ok();
    }
    void after(const platform::Call&) override {}
    std::function<void()> act;
  } stubborn;
  stubborn.act = [&] { write("data/plugin_state.json", stale); };
  disk.set_observer(&stubborn);
  const auto report = pass();
  disk.set_observer(nullptr);
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  ASSERT_EQ(report.result.inconsistencies_manual.size(), 1U);
  EXPECT_EQ(report.result.inconsistencies_manual.front().plugin_id, "clock");
  EXPECT_FALSE(report.result.reconciliation_successful);
}

TEST_F(Reconcile, says_what_it_does_with_id_and_key) {
  drift();
  (void)pass();
  std::vector<std::string> seen;
  for (const auto& event : ports.logger.events) seen.push_back(format_log_line(event, LogFormat::plain));
  std::string all;
  for (const auto& line : seen) all += line + "\n";
  EXPECT_NE(all.find("repair.attempt plugin_id=news"), std::string::npos) << all;
  EXPECT_NE(all.find("repair.done plugin_id=clock"), std::string::npos) << all;
  EXPECT_NE(all.find("config_key="), std::string::npos) << all;
}

TEST_F(Reconcile, refuses_a_plan_that_is_no_longer_the_confirmed_one) {
  drift();
  const auto before = theirs(disk);
  auto here = world();
  const auto report = reconcile(here, {.confirmed_digest = "0123"});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::conflict);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Reconcile, killed_at_any_call_leaves_each_file_whole_and_the_next_pass_finishes) {
  drift();
  const auto start = disk.image();
  const std::string old_config = read("config/config.json");
  const std::string old_state = read("data/plugin_state.json");
  (void)pass();
  const auto finished = theirs(disk);
  int n = 1;
  for (bool hit = true; hit; ++n) {
    platform::MemoryFileSystem again(start);
    Ports others;
    DeadFrom dead(n);
    platform::ObservedFileSystem watched(again, dead);
    auto killed = others.world(watched);
    (void)reconcile(killed, {});
    hit = dead.was_hit();
    const auto between = again.files();
    EXPECT_TRUE(between.at(path("config/config.json")) == old_config ||
                between.at(path("config/config.json")) == finished.at(path("config/config.json")))
        << "stopped at call " << n;
    EXPECT_TRUE(between.at(path("data/plugin_state.json")) == old_state ||
                between.at(path("data/plugin_state.json")) == finished.at(path("data/plugin_state.json")))
        << "stopped at call " << n;
    auto here = others.world(again);
    const auto report = reconcile(here, {});
    ASSERT_TRUE(report) << "stopped at call " << n << ": " << report.error().text();
    EXPECT_EQ(theirs(again), finished) << "stopped at call " << n;
  }
  EXPECT_GT(n, 20);
}

TEST_F(Reconcile, a_call_that_fails_once_changes_nothing_for_good) {
  drift();
  const auto start = disk.image();
  (void)pass();
  const auto finished = theirs(disk);
  for (std::uint64_t n = 1;; ++n) {
    platform::MemoryFileSystem again(start);
    Ports others;
    platform::FailNth fail(n, ENOSPC, platform::FailNth::Scope::once);
    platform::ObservedFileSystem watched(again, fail);
    auto here = others.world(watched);
    (void)reconcile(here, {});
    if (!fail.was_hit()) break;
    auto later = others.world(again);
    const auto report = reconcile(later, {});
    ASSERT_TRUE(report) << "failed at call " << n << ": " << report.error().text();
    EXPECT_EQ(theirs(again), finished) << "failed at call " << n;
  }
}

}  // namespace
}  // namespace trueup::engine
