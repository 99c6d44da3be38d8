#include "sources/last_good.h"

#include <gtest/gtest.h>

#include "platform/memory_file_system.h"

namespace trueup::sources {
namespace {

class LastGood : public ::testing::Test {
 protected:
  void SetUp() override { disk_.put_directory("/pi/config"); }
  void put(const std::string& path, std::string bytes) { disk_.put_file("/pi/" + path, std::move(bytes)); }
  std::optional<model::LastGoodCopy> find(std::string damaged, std::vector<std::string> kept = {},
                                          model::Source source = model::Source::config) {
    const auto root = disk_.open_root_for_reading("/pi").value();
    const auto found =
        find_last_good(*root, {.source = source, .kept = std::move(kept), .damaged_bytes = std::move(damaged)});
    return found ? std::optional(found->copy) : std::nullopt;
  }

  platform::MemoryFileSystem disk_;
};

TEST_F(LastGood, is_ours_before_LEDMatrix_s_and_the_newest_that_parses_F65) {
  EXPECT_FALSE(find(""));
  put("config/config.json.backup", "{\"a\": 1}");
  EXPECT_EQ(find("")->path, "config/config.json.backup");
  put("config/backups/config.json.backup.20260101_000000", "{\"a\": 1}");
  put("config/backups/config.json.backup.20260301_000000", "{\"a\": 1}");
  put("config/backups/config.json.backup.20260401_000000", "{\"a\": ");
  put("config/backups/config_secrets.json.backup.20260501_000000", "{\"s\": 1}");
  EXPECT_EQ(find("")->path, "config/backups/config.json.backup.20260301_000000");
  EXPECT_EQ(find("", {}, model::Source::secrets)->path, "config/backups/config_secrets.json.backup.20260501_000000");
  put(".trueup/kept/7-config.json", "[]");
  put(".trueup/kept/5-config.json", "{}");
  EXPECT_EQ(find("", {".trueup/kept/7-config.json", ".trueup/kept/5-config.json"})->path, ".trueup/kept/5-config.json");
}

TEST_F(LastGood, says_what_it_lacks_of_what_still_shows) {
  put("config/config.json.backup", "{\"display\": {}, \"weather\": {}}");
  EXPECT_NE(find("{\"display\": {}, \"weather\": {\"ena")->lacks.find("has every section"), std::string::npos);
  const auto copy = find("{\"display\": {}, \"news\": {}, \"stocks\": {\"ena");
  EXPECT_EQ(copy->lacks, "it lacks \"news\", \"stocks\", which the damaged file still shows");
  EXPECT_NE(find("")->lacks.find("cannot be told"), std::string::npos);
}

TEST_F(LastGood, a_copy_that_has_what_still_shows_goes_before_a_newer_one_that_lacks_it) {
  put("config/backups/config.json.backup.20260301_000000", "{\"weather\": {}}");
  put("config/backups/config.json.backup.20260401_000000", "{}");
  EXPECT_EQ(find("{\"weather\": {")->path, "config/backups/config.json.backup.20260301_000000");
}

}  // namespace
}  // namespace trueup::sources
