#include "sources/damaged_text.h"

#include <gtest/gtest.h>

namespace trueup::sources {
namespace {

TEST(DamagedText, names_the_accidents_of_whole_files_F65_F78) {
  EXPECT_EQ(common_accident(""), "the file is empty (0 bytes)");
  EXPECT_NE(common_accident(std::string(300, '\0')).find("300 zero bytes"), std::string::npos);
  EXPECT_NE(common_accident(std::string("{\n\"a\": 1,\n\0\0", 12)).find("from line 3 on"), std::string::npos);
  EXPECT_EQ(common_accident(std::string("{\n\"a\": \"x\0y\"}", 13)),
            "there is a zero byte at line 2 column 8, which no text may hold");
  EXPECT_NE(common_accident("{\n" + std::string(512, '\0') + "}").find("from line 2 on"), std::string::npos);
  EXPECT_NE(common_accident("\xef\xbb\xbf{}").find("byte order mark"), std::string::npos);
  EXPECT_EQ(common_accident(" \n\t"), "the file is nothing but 3 blanks");
  EXPECT_EQ(common_accident("{}"), "");
  EXPECT_EQ(common_accident("{"), "");
}

TEST(DamagedText, still_shows_the_keys_of_a_file_that_was_cut_off) {
  const auto keys = visible_top_level_keys(R"({"display": {"rows": 1, "x": [{"y": 2}]}, "weather": {"enabled": tr)");
  EXPECT_EQ(keys, (std::vector<std::string>{"display", "weather"}));
}

TEST(DamagedText, a_lost_quote_does_not_hide_what_follows) {
  const auto keys = visible_top_level_keys("{\n  \"display: {\n  },\n  \"weather\": {},\n  \"weather\": 1\n}");
  EXPECT_EQ(keys, (std::vector<std::string>{"weather"}));
}

TEST(DamagedText, takes_no_value_for_a_key_and_nothing_from_garbage) {
  EXPECT_EQ(visible_top_level_keys(R"({"a": "b", "c": "d: e"})"), (std::vector<std::string>{"a", "c"}));
  EXPECT_TRUE(visible_top_level_keys("garbage").empty());
  EXPECT_TRUE(visible_top_level_keys(std::string(64, '\0')).empty());
  EXPECT_TRUE(visible_top_level_keys(R"("a\)").empty());
}

TEST(DamagedText, finds_one_setting_in_what_is_left) {
  EXPECT_EQ(visible_string(R"({"plugin_system": {"plugins_directory" : "/mnt/usb"}, "x": {)", "plugins_directory"),
            "/mnt/usb");
  EXPECT_FALSE(visible_string(R"({"plugins_directory": 5})", "plugins_directory"));
  EXPECT_FALSE(visible_string(R"({"plugins_directory": "/mnt)", "plugins_directory"));
}

}  // namespace
}  // namespace trueup::sources
