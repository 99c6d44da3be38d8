// Promise 4: with its inputs at rest a second pass finds nothing to do, and what does not help is not tried for ever.
#include <filesystem>

#include "promises/promises.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

void expect_rest(Installation& home) {
  Trueup trueup{TRUEUP_BINARY, home};
  const Shown planned = trueup.plan();
  EXPECT_EQ(planned.steps_to_do(), 0U) << planned.ran.output;
  const Snapshot before = take_snapshot(home.root());
  EXPECT_EQ(trueup.reconcile().steps_to_do(), 0U);
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(Promises, p4_converges_in_one_pass_and_the_second_leaves_even_times_and_inodes_alone) {
  drift(home);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  expect_rest(home);
}

TEST_F(Promises, p4_converges_when_the_record_has_to_be_made_again_before_anything_can_rest_on_it) {
  drift_with_damaged_state(home);
  const Shown first = trueup.reconcile();  // the record; what rests on it was held
  EXPECT_EQ(first.ran.exit_status, 2) << "a second pass has work, and nobody is told";
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  expect_rest(home);
}

TEST_F(Promises, p4_converges_and_says_so_when_it_takes_a_second_pass) {
  drift_with_damaged_state(home);
  const CommandResult ran = trueup.run({"reconcile"});
  EXPECT_NE(ran.output.find("More can be mended now than before: run `trueup reconcile` once more (2 steps)."),
            std::string::npos)
      << ran.output;
}

TEST_F(Promises, p4_converges_after_every_verb) {
  drift(home);
  home.offer("extra").offer("steady", "2.0.0");
  trueup.reconcile();
  for (const Words& words : {Words{"disable", "steady"},
                             {"enable", "fresh"},
                             {"install", "extra"},
                             {"update", "steady"},
                             {"uninstall", "switched"},
                             {"uninstall", "--keep-config", "newer"},
                             {"undo", "1"}}) {
    const CommandResult ran = trueup.run(words);
    ASSERT_EQ(ran.exit_status, 0) << words[0] << ran.errors;
    EXPECT_EQ(trueup.plan().steps_to_do(), 0U) << words[0];
    const Snapshot before = take_snapshot(home.root());
    trueup.reconcile();
    EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << words[0];
  }
}

TEST_F(Promises, p4_converges_although_one_plugin_cannot_be_had) {
  home.add_healthy("clock");
  home.offer("impostor").set_enabled("impostor", true).record("impostor", true);
  home.root();
  write_plugin(home.registry() / "plugins/impostor", "someone-else", "1.0.0");
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 3) << first.ran.output;
  EXPECT_FALSE(fs::exists(home.plugin("impostor")));
  const Shown planned = trueup.plan();
  EXPECT_EQ(planned.steps_to_do(), 0U) << planned.ran.output;
  const Snapshot before = take_snapshot(home.root());
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << "it was tried again";
  // Once the store has it right, it is fetched when it is asked for.
  write_plugin(home.registry() / "plugins/impostor", "impostor", "1.0.0");
  EXPECT_EQ(trueup.run({"reconcile", "impostor"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("impostor/manifest.json")));
}

TEST_F(Promises, p4_converges_under_a_hold_of_undo_and_names_overrule_it) {
  drift(home);
  trueup.reconcile();
  EXPECT_EQ(trueup.run({"undo", "--to", "1"}).exit_status, 0);
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
  const Snapshot before = take_snapshot(home.root());
  trueup.reconcile();
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  EXPECT_EQ(trueup.run({"reconcile", "absent"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("absent")));
}

}  // namespace
}  // namespace trueup::test
