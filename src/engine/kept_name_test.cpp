#include "engine/kept_name.h"

#include <gtest/gtest.h>

namespace trueup::engine {
namespace {

TEST(KeptName, says_whose_text_a_kept_file_holds) {
  const KeptName theirs{.number = 12, .file = "config.json", .whose = Whose::theirs, .count = 2};
  EXPECT_EQ(text_of(theirs), "12-config.json.theirs.2");
  EXPECT_EQ(text_of({.number = 3, .taken_back = true, .file = "config.json", .whose = Whose::ours}),
            "3-taken-back-config.json.ours");
  for (const char* text : {"1-config.json", "1-config.json.2", "12-config.json.theirs.2", "3-taken-back-a.ours"}) {
    const auto parsed = parse_kept_name(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(text_of(*parsed), text);
  }
  EXPECT_EQ(parse_kept_name("12-config.json.theirs.2"), theirs);
}

TEST(KeptName, takes_nothing_for_its_own_that_it_would_not_have_written) {
  for (const char* text : {"", "config.json", "-config.json", "0-config.json", "01-config.json", "x-config.json", "1-",
                           "1-config.json.1", "1-config.json.02", "1-.theirs"}) {
    EXPECT_FALSE(parse_kept_name(text)) << text;
  }
}

}  // namespace
}  // namespace trueup::engine
