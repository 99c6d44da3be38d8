#include "store/packs.h"

#include <gmock/gmock.h>

namespace trueup::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Pack pack(const Packs& packs, const std::string& entry, const std::string& digest, std::uint64_t size = 10) {
  return {.entry = entry, .source = "s", .entry_digest = digest, .file = packs.next_file(), .size = size};
}

TEST(Packs, keep_of_each_plugin_the_last_one) {
  Packs packs;
  EXPECT_THAT(packs.add(pack(packs, "clock", "1")), IsEmpty());
  EXPECT_THAT(packs.add(pack(packs, "weather", "1")), IsEmpty());
  EXPECT_THAT(packs.add(pack(packs, "clock", "2")), ElementsAre("pack-1.tar.gz"));
  EXPECT_EQ(packs.find("clock", "s", "1"), nullptr);
  ASSERT_NE(packs.find("clock", "s", "2"), nullptr);
  EXPECT_EQ(packs.find("clock", "another", "2"), nullptr);
  EXPECT_EQ(decode_packs(encode(packs)), packs);
}

TEST(Packs, keep_the_version_before_as_well_until_there_is_a_newer_one) {
  Packs packs;
  const auto add = [&packs](const std::string& version) {
    Pack one = pack(packs, "clock", "entry of " + version);
    one.version = version;
    return packs.add(one);
  };
  EXPECT_THAT(add("1.0.0"), IsEmpty());
  EXPECT_THAT(add("2.0.0"), IsEmpty());
  ASSERT_NE(packs.find_version("clock", "s", "1.0.0"), nullptr);
  EXPECT_EQ(packs.find_version("clock", "another", "1.0.0"), nullptr);
  EXPECT_EQ(packs.find_version("clock", "s", ""), nullptr);
  EXPECT_THAT(add("2.0.0"), ElementsAre("pack-2.tar.gz")) << "the same version again takes its own place";
  EXPECT_THAT(add("3.0.0"), ElementsAre("pack-1.tar.gz"));
  EXPECT_EQ(packs.find_version("clock", "s", "1.0.0"), nullptr);
  EXPECT_EQ(decode_packs(encode(packs)), packs);
}

TEST(Packs, let_the_oldest_go_when_there_is_no_room_and_never_the_newest) {
  Packs packs;
  packs.add(pack(packs, "a", "1", 40), 100);
  packs.add(pack(packs, "b", "1", 40), 100);
  EXPECT_THAT(packs.add(pack(packs, "c", "1", 40), 100), ElementsAre("pack-1.tar.gz"));
  EXPECT_THAT(packs.add(pack(packs, "d", "1", 400), 100), ElementsAre("pack-2.tar.gz", "pack-3.tar.gz"));
  EXPECT_NE(packs.find("d", "s", "1"), nullptr);
}

TEST(Packs, a_list_that_was_tampered_with_names_no_other_file) {
  EXPECT_THAT(decode_packs(R"({"packs": [{"entry": "x", "file": "../../config/config.json"}]})").packs, IsEmpty());
  EXPECT_THAT(decode_packs("[").packs, IsEmpty());
  EXPECT_FALSE(is_pack_file("pack-.tar.gz"));
  EXPECT_FALSE(is_pack_file("pack-1x.tar.gz"));
}

}  // namespace
}  // namespace trueup::store
