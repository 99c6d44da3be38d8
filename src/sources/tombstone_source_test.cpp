#include "sources/tombstone_source.h"

#include <gtest/gtest.h>

namespace trueup::sources {
namespace {

TEST(Tombstones, only_well_formed_ids_count_and_the_rest_is_shown_F51) {
  const auto decoded =
      decode_tombstones(R"(["", "..", ".", "../config", "/etc", "foo/bar", "ok-id", 7, null, "ok-id", "b\n", "b"])");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->ids, (std::vector<std::string>{"ok-id", "b"}));
  EXPECT_EQ(decoded->ignored.size(), 9U);
  EXPECT_EQ(decoded->ignored[3], "\"../config\"");
  EXPECT_EQ(decoded->ignored[6], "7");
}

TEST(Tombstones, an_endless_element_is_cut_for_the_reader) {
  const auto decoded = decode_tombstones("[\"" + std::string(10'000, '/') + "\"]");
  ASSERT_TRUE(decoded);
  EXPECT_LT(decoded->ignored.at(0).size(), 100U);
}

TEST(Tombstones, anything_but_a_list_is_unreadable_and_never_an_empty_list_F51) {
  for (const std::string bad : {"{}", "null", "false", "\"a\"", "garbage", "", "[\"a\"", "{\"ok-id\": 1}"}) {
    EXPECT_FALSE(decode_tombstones(bad)) << bad;
  }
  EXPECT_TRUE(decode_tombstones("[]"));
}

}  // namespace
}  // namespace trueup::sources
