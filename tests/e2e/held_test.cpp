// What a rule set holds: said as held, with the reason, and a command is shown only where it would do something.
#include <gtest/gtest.h>

#include "e2e/command_support.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

TEST(Held, what_the_originals_rules_would_damage_is_neither_called_done_nor_offered_to_a_yes) {
  Installation home;
  home.add_healthy("clock").add_plugin("text").set_section("text", "\"on\"").record("text", true);
  const auto run = [&home](std::vector<std::string> words) {
    words.insert(words.begin(), {"--rules", "ledmatrix"});
    return trueup(home, words);
  };
  const CommandResult plan = run({"plan"});
  EXPECT_EQ(plan.exit_status, 3) << plan.output;
  EXPECT_NE(plan.output.find("Not done: "), std::string::npos) << plan.output;
  EXPECT_NE(plan.output.find("its section of config.json is no object"), std::string::npos) << plan.output;
  EXPECT_EQ(plan.output.find("--confirm "), std::string::npos) << plan.output;
  const CommandResult pass = run({"reconcile"});
  EXPECT_EQ(pass.exit_status, 3) << pass.output;
  EXPECT_EQ(pass.output.find("it was done"), std::string::npos) << pass.output;
  EXPECT_NE(pass.output.find("its section of config.json is no object"), std::string::npos) << pass.output;
  EXPECT_EQ(json_at(read_file(home.config()), "/text"), "\"on\"");
}

}  // namespace
}  // namespace trueup::test
