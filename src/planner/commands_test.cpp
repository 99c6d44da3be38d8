// Every command that the advice names can be copied into a shell, whatever names others chose (promise 9).
#include <gmock/gmock.h>

#include <algorithm>

#include "base/shell_word.h"
#include "planner/next_command.h"
#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::Plan;
using test::ObservationBuilder;
using testing::HasSubstr;

/// The texts between backticks that are commands.
std::vector<std::string> commands_of(const std::string& advice) {
  std::vector<std::string> commands;
  std::size_t begin = 0;
  while ((begin = advice.find('`', begin)) != std::string::npos) {
    const std::size_t end = advice.find('`', begin + 1);
    if (end == std::string::npos) break;
    const std::string text = advice.substr(begin + 1, end - begin - 1);
    if (text.starts_with("trueup ") || text.starts_with("mv ")) commands.push_back(text);
    begin = end + 1;
  }
  return commands;
}

/// What a shell would read outside of quotes.
std::string unquoted(const std::string& command) {
  std::string out;
  bool in_quotes = false;
  bool with_escapes = false;  // $'…'
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (in_quotes) {
      if (with_escapes && c == '\\') ++i;
      if (c == '\'') in_quotes = false;
    } else if (c == '\'') {
      in_quotes = true;
      with_escapes = i > 0 && command[i - 1] == '$';
      if (with_escapes) out.pop_back();
    } else if (c == '\\') {
      ++i;
    } else {
      out += c;
    }
  }
  EXPECT_FALSE(in_quotes) << command;
  return out;
}

class Commands : public testing::TestWithParam<std::string> {
 protected:
  /// Every command of every finding; there is one that names the name.
  static void expect_safe(const ObservationBuilder& builder) {
    bool named = false;
    const Plan plan = make_plan(builder.seen, {});
    for (const model::Inconsistency& finding : plan.findings) {
      std::vector<std::string> commands = commands_of(finding.advice);
      commands.push_back(next_command(finding));
      for (const std::string& command : commands) {
        const std::string bare = unquoted(command);
        EXPECT_EQ(bare.find_first_of("$`;&|<>(){}*?!\"\n\x1b"), std::string::npos) << command;
        named = named || command.find(shell_word(GetParam())) != std::string::npos ||
                command.find(shell_word(finding.finding)) != std::string::npos;
      }
    }
    EXPECT_TRUE(named);
  }
};

TEST_P(Commands, to_take_away_a_damaged_directory) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false).damaged(GetParam());
  expect_safe(builder);
}

TEST_P(Commands, about_a_directory_that_claims_the_id_of_another) {
  ObservationBuilder builder;
  builder.section("clock", true).recorded("clock", true).installed("clock").installed("clock", "1.0.0", GetParam());
  expect_safe(builder);
}

TEST_P(Commands, about_settings_of_a_wrong_type) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false).damaged(GetParam()).section_of_type(GetParam(), "array");
  expect_safe(builder);
  ObservationBuilder of_enabled;
  of_enabled.installed("other").section("other", false).damaged(GetParam()).section_with(GetParam(), "7");
  expect_safe(of_enabled);
}

TEST_P(Commands, about_a_display_mode_of_two_plugins) {
  ObservationBuilder builder;
  for (const char* id : {"a", "b"}) {
    builder.section(id, true).recorded(id, true).installed(id).modes({GetParam()});
  }
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_THAT(plan.findings[0].finding, HasSubstr(GetParam()));
  EXPECT_EQ(unquoted("trueup resolve " + shell_word(plan.findings[0].finding)).find_first_of("$`;&|<>()"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Hostile, Commands,
                         testing::Values("$(touch pwned)", "a b", "x;y|z", "it's", "`id`", "\x1b[31m", "a\\b"),
                         [](const auto& name) { return "name_" + std::to_string(name.index); });

}  // namespace
}  // namespace trueup::planner
