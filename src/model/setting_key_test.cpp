#include "model/setting_key.h"

#include <gtest/gtest.h>

namespace trueup::model {
namespace {

using Parts = std::vector<std::string>;

TEST(SettingKey, dots_lead_inside_and_quotes_or_a_pointer_reach_keys_with_dots) {
  EXPECT_EQ(parse_setting_key("city"), Parts{"city"});
  EXPECT_EQ(parse_setting_key("location.city"), (Parts{"location", "city"}));
  EXPECT_EQ(parse_setting_key("teams.0.name"), (Parts{"teams", "0", "name"}));
  EXPECT_EQ(parse_setting_key("leagues.\"eng.1\".enabled"), (Parts{"leagues", "eng.1", "enabled"}));
  EXPECT_EQ(parse_setting_key(R"("a\"b\\c")"), Parts{R"(a"b\c)"});
  EXPECT_EQ(parse_setting_key("/leagues/eng.1/enabled"), (Parts{"leagues", "eng.1", "enabled"}));
  EXPECT_EQ(parse_setting_key("/a~1b/~0"), (Parts{"a/b", "~"}));
  EXPECT_EQ(parse_setting_key("\"\""), Parts{""});
}

TEST(SettingKey, what_can_be_read_in_two_ways_is_refused_with_its_column) {
  for (const char* text :
       {"", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\"b\"", "\"a\\", R"("a\n")", "/a~2", "/a~"}) {
    const auto parsed = parse_setting_key(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid) << text;
    EXPECT_NE(parsed.error().message.find("column"), std::string::npos) << text;
  }
  EXPECT_FALSE(parse_setting_key(std::string(5000, 'a')));
  EXPECT_FALSE(parse_setting_key("a\xff"));
}

TEST(SettingKey, the_text_of_a_path_leads_back_to_it) {
  for (const Parts& path : {Parts{"a", "b"}, Parts{"eng.1"}, Parts{"", "/x", "q\"\\"}, Parts{"/a"}, Parts{"a\\b"}}) {
    EXPECT_EQ(parse_setting_key(setting_key_text(path)), path) << setting_key_text(path);
  }
}

}  // namespace
}  // namespace trueup::model
