// Promise 6: a plan is what reconcile does, it writes nothing, and one that the world has overtaken is refused.
#include "promises/promises.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

std::vector<std::string> named(const std::vector<ShownStep>& steps) {
  std::vector<std::string> names;
  for (const ShownStep& step : steps) names.push_back(step.action + " " + step.plugin_id + " " + step.held);
  return names;
}

TEST_F(Promises, p6_a_plan_is_the_truth_about_what_reconcile_does) {
  for (const auto prepare : {drift, drift_with_damaged_state}) {
    for (const std::string rules : kRuleSets) {
      SCOPED_TRACE(rules);
      Installation place;
      Trueup on_place{TRUEUP_BINARY, place};
      prepare(place);
      const Shown planned = on_place.shown(under(rules, {"plan"}));
      const Shown done = on_place.shown(under(rules, {"reconcile"}));
      EXPECT_THAT(planned.steps, testing::Not(testing::IsEmpty()));
      EXPECT_EQ(named(planned.steps), named(done.steps));
      EXPECT_EQ(planned.plan_digest, done.plan_digest);
      EXPECT_EQ(planned.found.size(), done.found.size());
    }
  }
}

TEST_F(Promises, p6_a_plan_is_the_truth_and_writes_nothing_not_even_a_time) {
  for (const std::string rules : kRuleSets) {
    for (const bool known_here : {false, true}) {
      Installation place;
      Trueup on_place{TRUEUP_BINARY, place};
      drift(place);
      if (known_here) on_place.run({"disable", "steady"});
      const Snapshot before = take_snapshot(place.root().parent_path());
      for (const char* verb : {"plan", "status"}) {
        on_place.shown(under(rules, {verb}));
        on_place.run(under(rules, {verb}));
      }
      EXPECT_EQ(difference(before, take_snapshot(place.root().parent_path())), "") << rules;
    }
  }
}

TEST_F(Promises, p6_a_plan_is_the_truth_and_asks_the_kernel_for_nothing_that_writes) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "strace is not here or may not trace";
  drift(home);
  trueup.run({"disable", "steady"});
  for (const std::string rules : kRuleSets) {
    CommandResult ran;
    EXPECT_THAT(on_disk(writing_calls(trueup.command(under(rules, {"plan"})), &ran)), testing::IsEmpty()) << rules;
    EXPECT_NE(ran.output.find("absent"), std::string::npos) << "it was no plan: " << ran.errors;
  }
}

TEST_F(Promises, p6_a_plan_is_the_truth_only_as_long_as_what_it_rests_on_stands) {
  for (const std::string rules : kRuleSets) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    drift(place);
    const std::string digest = on_place.shown(under(rules, {"plan"})).plan_digest;
    place.add_plugin("another");
    const Snapshot before = take_snapshot(place.root());
    const CommandResult refused = on_place.run(under(rules, {"reconcile", "--confirm", digest}));
    EXPECT_EQ(refused.exit_status, 1) << refused.output;
    EXPECT_NE(refused.errors.find("trueup plan"), std::string::npos) << refused.errors;
    EXPECT_EQ(difference(before, take_snapshot(place.root())), "");
    const std::string fresh = on_place.shown(under(rules, {"plan"})).plan_digest;
    EXPECT_NE(fresh, digest);
    on_place.run(under(rules, {"reconcile", "--confirm", fresh}));
    EXPECT_TRUE(json_at(read_file(place.config()), "/another"));
  }
}

TEST_F(Promises, p6_a_plan_is_the_truth_with_a_digest_that_only_the_plan_decides) {
  drift(home);
  const std::string digest = trueup.plan().plan_digest;
  EXPECT_EQ(trueup.plan().plan_digest, digest);
  home.set_section("steady", R"({"enabled":true,"display_duration":99})");  // nothing that a step rests on
  EXPECT_EQ(trueup.plan().plan_digest, digest);
  home.set_enabled("switched", false);
  EXPECT_NE(trueup.plan().plan_digest, digest);
}

}  // namespace
}  // namespace trueup::test
