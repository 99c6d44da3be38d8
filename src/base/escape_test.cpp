#include "base/escape.h"

#include <gtest/gtest.h>

namespace trueup {
namespace {

TEST(Escape, leaves_ordinary_text_of_any_script_alone) {
  for (const char* text : {"", "weather 1.2.0", "Malm\u00f6", "\u5929\u6c17", "\u05e9\u05dc\u05d5\u05dd",
                           "\U0001F469\u200D\U0001F52C", "a\\b"}) {
    EXPECT_EQ(escape_for_display(text), text);
  }
}

TEST(Escape, shows_terminal_control_instead_of_obeying_it) {
  EXPECT_EQ(escape_for_display("\x1b[2Jgone"), "\\x1b[2Jgone");
  EXPECT_EQ(escape_for_display("\x1b]0;title\a"), "\\x1b]0;title\\x07");
  EXPECT_EQ(escape_for_display("\u009b31mred"), "\\u009b31mred") << "C1 control sequence introducer";
  EXPECT_EQ(escape_for_display("back\b\x7f"), "back\\x08\\x7f");
  EXPECT_EQ(escape_for_display(std::string_view("a\0b", 3)), "a\\x00b");
}

// NOLINTBEGIN(misc-misleading-bidirectional): misleading text is what this is about.
TEST(Escape, shows_what_would_reorder_or_hide_text) {
  EXPECT_EQ(escape_for_display("plugin\u202Etxt.exe"), "plugin\\u202etxt.exe");
  EXPECT_EQ(escape_for_display("\u202A\u202B\u202C\u202D"), "\\u202a\\u202b\\u202c\\u202d");
  EXPECT_EQ(escape_for_display("\u2066\u2067\u2068\u2069"), "\\u2066\\u2067\\u2068\\u2069");
  EXPECT_EQ(escape_for_display("we\u200Bather\uFEFF"), "we\\u200bather\\ufeff");
  EXPECT_EQ(escape_for_display("\U000E0041"), "\\U000e0041");
}
// NOLINTEND(misc-misleading-bidirectional)

TEST(Escape, shows_bytes_that_are_not_utf8) {
  EXPECT_EQ(escape_for_display("caf\xe9"), "caf\\xe9");
  EXPECT_EQ(escape_for_display("\xC0\xAF"), "\\xc0\\xaf");
  EXPECT_EQ(escape_for_display("\xE2\x82"), "\\xe2\\x82");
}

TEST(Escape, keeps_one_line_one_line_unless_asked) {
  EXPECT_EQ(escape_for_display("one\ntwo\r\n\tthree\u2028four"), "one\\ntwo\\r\\n\\tthree\\u2028four");
  EXPECT_EQ(escape_for_display("one\n\ttwo\r\x1b", LineBreaks::keep), "one\n\ttwo\\r\\x1b");
}

}  // namespace
}  // namespace trueup
