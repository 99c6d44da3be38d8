#include "engine/unattended.h"

#include <gtest/gtest.h>

#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "store/local_source.h"

namespace trueup::engine {
namespace {

using std::chrono::seconds;

/// An installation that is looked after, with a registry that offers `clock`.
class UnattendedTest : public EngineTest {
 protected:
  UnattendedTest() : store(disk, "/registry") {
    disk.put_file("/registry/plugins.json",
                  R"({"plugins": [{"id": "clock", "name": "Clock", "plugin_path": "plugins/clock", )"
                  R"("latest_version": "1.0.0", "repo": "https://example.invalid/r"}]})");
    const std::string plugin = "/registry/plugins/clock/";
    disk.put_file(plugin + "manifest.json",
                  R"({"id": "clock", "name": "clock", "version": "1.0.0", "class_name": "P", )"
                  R"("entry_point": "manager.py", "display_modes": ["clock"]})");
    disk.put_file(plugin + "manager.py", "class P:\n    pass\n");
    add_plugin("other");  // an empty plugins directory would be a question of its own
    ask_for_clock();
  }

  void ask_for_clock() { configure({{"other", "{\"enabled\": false}"}, {"clock", "{\"enabled\": true}"}}); }
  void ask_for_nothing() { configure({{"other", "{\"enabled\": false}"}}); }

  PassReport pass() {
    World it = world();
    it.store = &store;
    it.unattended = &memory;
    it.stop_wanted = stop_wanted;
    auto report = reconcile(it, {});
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport();
  }
  bool installed() { return read("plugin-repos/clock/manager.py") != "(not there)"; }

  store::LocalSource store;
  Unattended memory;
  std::function<bool()> stop_wanted;
};

TEST_F(UnattendedTest,
       what_is_missing_at_the_first_look_is_brought_back_only_when_it_is_still_missing_ten_seconds_later) {
  const PassReport first = pass();
  EXPECT_FALSE(installed());
  ASSERT_EQ(first.plan.findings.size(), 1u);
  EXPECT_EQ(first.plan.findings.front().reason, "settling");
  ASSERT_TRUE(memory.settling.due());
  ports.clock.advance(seconds(9));
  pass();
  EXPECT_FALSE(installed());
  ports.clock.advance(seconds(1));
  pass();
  EXPECT_TRUE(installed());
}

TEST_F(UnattendedTest, a_directory_that_went_missing_a_moment_ago_may_be_in_the_middle_of_somebodys_update) {
  add_plugin("clock");
  pass();
  ports.clock.advance(seconds(60));
  disk.erase(path("plugin-repos/clock"));
  const PassReport seen = pass();
  EXPECT_FALSE(installed());
  ASSERT_EQ(seen.plan.findings.size(), 1u);
  EXPECT_EQ(seen.plan.findings.front().reason, "settling");
  add_plugin("clock");
  ports.clock.advance(seconds(60));
  pass();
  EXPECT_EQ(read("plugin-repos/clock/.trueup-receipt.json"), "(not there)") << "the one that came back is left alone";
}

TEST_F(UnattendedTest, what_the_owner_asks_for_after_the_first_look_is_fetched_at_once) {
  ask_for_nothing();
  pass();
  ask_for_clock();
  pass();
  EXPECT_TRUE(installed());
}

TEST_F(UnattendedTest, a_pass_that_is_asked_to_stop_begins_no_further_step_and_what_it_did_stands) {
  ask_for_nothing();
  pass();
  ask_for_clock();
  record_state({record("clock", false)});
  int asked = 0;
  stop_wanted = [&asked] { return ++asked > 1; };
  const PassReport stopped = pass();
  ASSERT_TRUE(stopped.error);
  EXPECT_FALSE(stopped.result.reconciliation_successful);
  EXPECT_NE(read("data/plugin_state.json").find("\"enabled\": true"), std::string::npos);
  EXPECT_FALSE(installed());
  stop_wanted = nullptr;
  pass();
  EXPECT_TRUE(installed());
}

TEST_F(UnattendedTest, what_was_called_off_while_it_was_fetched_is_no_failure_and_is_fetched_the_next_time) {
  class CutShort final : public store::PluginSource {
   public:
    explicit CutShort(const store::PluginSource& whole) : whole_(whole) {}
    Result<model::RegistryFacts> registry() const override { return whole_.registry(); }
    Result<std::vector<store::TreeFile>> contents(const model::RegistryEntry& entry,
                                                  const store::FetchLimits& limits) const override {
      return whole_.contents(entry, limits);
    }
    Result<store::FetchedPlugin> fetch(const model::RegistryEntry&, platform::WritableDirectory&,
                                       const store::FetchLimits&) const override {
      asked = true;
      return Error{.code = ErrorCode::conflict, .message = "only a part of it came"};
    }
    mutable bool asked = false;

   private:
    const store::PluginSource& whole_;
  };
  CutShort cut_short(store);
  World it = world();
  it.store = &cut_short;
  it.stop_wanted = [&cut_short] { return cut_short.asked; };
  ASSERT_TRUE(reconcile(it, {}));
  EXPECT_TRUE(cut_short.asked);
  EXPECT_TRUE(look(it)->observation.ledger.attempts.empty());
  it.stop_wanted = nullptr;
  ASSERT_TRUE(reconcile(it, {}));
  EXPECT_FALSE(look(it)->observation.ledger.attempts.empty()) << "one that nobody called off is a failure";
  EXPECT_FALSE(installed());
  it.store = &store;
  ASSERT_TRUE(reconcile(it, {.retry = true}));
  EXPECT_TRUE(installed());
}

TEST_F(UnattendedTest, a_repair_that_another_program_keeps_undoing_is_left_alone_by_everybody_until_a_person_decides) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  const auto undo_it = [this] { record_state({record("clock", false)}); };
  const auto recorded = [this](const char* text) {
    return read("data/plugin_state.json").find(std::string("\"enabled\": ") + text) != std::string::npos;
  };
  for (int round = 1; round <= Fights::kRounds; ++round) {
    undo_it();
    const PassReport mended = pass();
    EXPECT_TRUE(recorded("true"));
    EXPECT_EQ(mended.fights.size(), round == Fights::kRounds ? 1U : 0U) << round;
  }
  undo_it();
  const PassReport left = pass();
  ASSERT_EQ(left.plan.findings.size(), 1U);
  EXPECT_EQ(left.plan.findings.front().reason, model::kFoughtOver);
  EXPECT_EQ(left.plan.findings.front().fix_action, model::FixAction::manual_fix_required);
  EXPECT_NE(left.plan.findings.front().advice.find("plugin_state.json: states.clock.enabled"), std::string::npos);
  EXPECT_TRUE(recorded("false"));

  World command = world();  // the daemon has gone, and with it what its passes remember
  const auto planned = plan(command, {});
  ASSERT_TRUE(planned);
  EXPECT_TRUE(planned->plan.steps.empty());
  EXPECT_EQ(planned->plan.findings.front().reason, model::kFoughtOver);
  ASSERT_TRUE(reconcile(command, {}));
  EXPECT_TRUE(recorded("false"));
  ASSERT_TRUE(reconcile(command, {.only = {"clock"}}));
  EXPECT_TRUE(recorded("true")) << "asked for by name";

  undo_it();
  pass();
  EXPECT_TRUE(recorded("true")) << "the person decided, and it is counted anew";
}

TEST_F(UnattendedTest, where_fetching_has_to_wait_the_finding_says_why_and_everything_else_is_mended) {
  ask_for_nothing();
  pass();
  ask_for_clock();
  record_state({record("other", true)});
  memory.fetching_waits = {.reason = "under_voltage", .says = "the power supply is too weak"};
  const PassReport held = pass();
  EXPECT_FALSE(installed());
  EXPECT_NE(read("data/plugin_state.json").find("\"enabled\": false"), std::string::npos) << "the record is light";
  const auto finding = std::ranges::find(held.after->findings, "clock", &model::Inconsistency::plugin_id);
  ASSERT_NE(finding, held.after->findings.end());
  EXPECT_EQ(finding->reason, "under_voltage");
  EXPECT_EQ(finding->advice, "held: the power supply is too weak");
  memory.fetching_waits = {};
  pass();
  EXPECT_TRUE(installed());
}

}  // namespace
}  // namespace trueup::engine
