#include "base/utf8.h"

#include <gtest/gtest.h>

namespace trueup {
namespace {

TEST(Utf8, reads_characters_of_every_length) {
  EXPECT_EQ(utf8_at("a", 0), (Utf8Character{U'a', 1}));
  EXPECT_EQ(utf8_at("x\u00e9", 1), (Utf8Character{U'\u00e9', 2}));
  EXPECT_EQ(utf8_at("\u20ac", 0), (Utf8Character{U'\u20ac', 3}));
  EXPECT_EQ(utf8_at("\U0001F600", 0), (Utf8Character{U'\U0001F600', 4}));
}

TEST(Utf8, refuses_what_is_not_well_formed) {
  EXPECT_FALSE(utf8_at("\x80", 0)) << "a continuation byte alone";
  EXPECT_FALSE(utf8_at("\xC0\xAF", 0)) << "an overlong slash";
  EXPECT_FALSE(utf8_at("\xE0\x80\xAF", 0)) << "an overlong slash of three bytes";
  EXPECT_FALSE(utf8_at("\xED\xA0\x80", 0)) << "a surrogate";
  EXPECT_FALSE(utf8_at("\xF4\x90\x80\x80", 0)) << "above U+10FFFF";
  EXPECT_FALSE(utf8_at("\xE2\x82", 0)) << "cut off by the end";
  EXPECT_FALSE(utf8_at("\xE2\x82z", 0)) << "cut off by another character";
  EXPECT_FALSE(utf8_at("\xFF", 0));
}

TEST(Utf8, writes_every_character_so_that_it_reads_back) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point == 0xD800) code_point = 0xE000;
    std::string text;
    append_utf8(text, code_point);
    const auto read = utf8_at(text, 0);
    ASSERT_TRUE(read) << std::hex << static_cast<std::uint32_t>(code_point);
    ASSERT_EQ(read->code_point, code_point);
    ASSERT_EQ(read->length, text.size());
  }
}

}  // namespace
}  // namespace trueup
