#include "base/shell_word.h"

#include <gtest/gtest.h>

namespace trueup {
namespace {

TEST(ShellWord, a_plain_name_stays_as_it_is) {
  EXPECT_EQ(shell_word("plugin_renamed:of-the.day/x"), "plugin_renamed:of-the.day/x");
}

TEST(ShellWord, what_a_shell_would_read_as_its_own_is_quoted) {
  EXPECT_EQ(shell_word("$(touch pwned)"), "'$(touch pwned)'");
  EXPECT_EQ(shell_word("a b;c|d&e>f*"), "'a b;c|d&e>f*'");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_word("wetter-\xc3\xbc"), "'wetter-\xc3\xbc'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(ShellWord, what_cannot_be_shown_is_spelled_so_that_it_can_still_be_copied) {
  EXPECT_EQ(shell_word("\x1b[31m'\\"), R"($'\x1b[31m\'\\')");
  EXPECT_EQ(shell_word("`id`"), R"($'\x60id\x60')");
  EXPECT_EQ(shell_word("a\xff\n"), R"($'a\xff\x0a')");
}

}  // namespace
}  // namespace trueup
