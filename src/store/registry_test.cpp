#include "store/registry.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/test_data.h"

namespace trueup::store {
namespace {

model::RegistryFacts decode(const std::string& plugins) {
  auto facts = decode_registry(fmt::format(R"({{"version": "1.0.0", "plugins": [{}]}})", plugins), "/registry");
  EXPECT_TRUE(facts) << facts.error().text();
  return facts.value_or(model::RegistryFacts{});
}

std::vector<std::string> ids(const model::RegistryFacts& facts) {
  std::vector<std::string> found;
  for (const auto& entry : facts.entries) found.push_back(entry.id);
  return found;
}

constexpr const char* kWeather = R"({"id": "weather", "name": "Weather", "description": "Rain", "repo": "https://x/y",
  "branch": "main", "plugin_path": "plugins/ledmatrix-weather", "verified": true, "latest_version": "2.6.6",
  "aliases": ["weather-old", 7, "../etc", "weather-old"]})";

TEST(Registry, reads_what_an_entry_says) {
  const auto facts = decode(kWeather);
  ASSERT_EQ(facts.entries.size(), 1U);
  const auto& entry = facts.entries[0];
  EXPECT_EQ(entry.id, "weather");
  EXPECT_EQ(entry.directory, "ledmatrix-weather");
  EXPECT_EQ(entry.aliases, std::vector<std::string>{"weather-old"});
  EXPECT_EQ(entry.latest_version, "2.6.6");
  EXPECT_EQ(entry.repository, "https://x/y");
  EXPECT_EQ(entry.branch, "main");
  EXPECT_EQ(entry.name, "Weather");
  EXPECT_EQ(entry.description, "Rain");
  EXPECT_TRUE(entry.verified);
  EXPECT_EQ(facts.origin, "/registry");
  EXPECT_TRUE(facts.present);
  EXPECT_TRUE(facts.skipped.empty());
}

TEST(Registry, F122_bad_entries_are_left_out_and_counted_and_hide_no_good_one) {
  const auto facts = decode(R"({"name": "no id"}, {"id": null}, {"id": 7}, {"id": ""}, {"id": "../x"},
    {"id": "display"}, 5, null, [], {"id": "theme", "type": "skin"}, {"id": "up", "plugin_path": "plugins/../../etc"},
    {"id": "good"})");
  EXPECT_EQ(ids(facts), std::vector<std::string>{"good"});
  EXPECT_EQ(facts.skipped.size(), 11U);
  for (const std::string& sentence : facts.skipped) EXPECT_NE(sentence.find("is left out: "), std::string::npos);
}

TEST(Registry, F122_wrong_types_of_what_only_describes_are_no_opinion) {
  const auto facts = decode(R"({"id": "a", "name": null, "tags": "clock", "latest_version": 1.2, "verified": "yes",
    "aliases": {"x": 1}, "plugin_path": null, "description": []})");
  ASSERT_EQ(facts.entries.size(), 1U);
  EXPECT_EQ(facts.entries[0].name, "");
  EXPECT_EQ(facts.entries[0].latest_version, "");
  EXPECT_FALSE(facts.entries[0].verified);
  EXPECT_EQ(facts.entries[0].directory, "");
  EXPECT_TRUE(facts.skipped.empty());
}

TEST(Registry, F122_of_duplicates_the_first_counts_and_the_second_is_reported) {
  const auto facts =
      decode(R"({"id": "a", "latest_version": "1.0.0"}, {"id": "b"}, {"id": "a", "latest_version": "6.6.6"})");
  EXPECT_EQ(ids(facts), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(facts.entries[0].latest_version, "1.0.0");
  ASSERT_EQ(facts.skipped.size(), 1U);
  EXPECT_NE(facts.skipped[0].find("entry 3 ('a')"), std::string::npos);
}

TEST(Registry, F122_a_description_of_a_megabyte_is_cut_at_a_whole_character) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "é";
  const auto facts = decode(fmt::format(R"({{"id": "a", "description": "x{}"}})", text));
  ASSERT_EQ(facts.entries.size(), 1U);
  EXPECT_EQ(facts.entries[0].description.size(), 4095U);
}

TEST(Registry, F122_ten_thousand_entries_are_no_trouble) {
  std::string plugins;
  for (int i = 0; i < 10'000; ++i)
    plugins += fmt::format(R"({}{{"id": "p{}", "plugin_path": "plugins/p{}"}})", i == 0 ? "" : ",", i, i);
  EXPECT_EQ(decode(plugins).entries.size(), 10'000U);
}

TEST(Registry, F126_a_plugin_path_is_cleaned_or_refused) {
  EXPECT_EQ(directory_of_plugin_path("plugins/clock"), "clock");
  EXPECT_EQ(directory_of_plugin_path("plugins/clock/"), "clock");
  EXPECT_EQ(directory_of_plugin_path("./plugins//clock/./"), "clock");
  EXPECT_EQ(directory_of_plugin_path("clock"), "clock");
  for (const char* path : {"", "/", ".", "..", "/plugins/clock", "../clock", "plugins/../clock", "plugins/..",
                           "plugins/a b", "plugins/.git", "plugins/x.standalone-backup-y"}) {
    EXPECT_EQ(directory_of_plugin_path(path), std::nullopt) << path;
  }
}

TEST(Registry, an_entry_has_another_digest_when_it_changes) {
  const auto digest = [](const char* entry) { return decode(entry).entries.at(0).digest; };
  EXPECT_EQ(digest(R"({"id": "a", "x": 1})"), digest(R"({"id": "a", "x": 1})"));
  EXPECT_NE(digest(R"({"id": "a", "x": 1})"), digest(R"({"id": "a", "x": 2})"));
}

TEST(Registry, says_its_own_date) {
  EXPECT_EQ(decode_registry(R"({"last_updated": "2026-03-26T12:00:00Z", "plugins": []})", "x")->age,
            "as of 2026-03-26");
  EXPECT_EQ(decode_registry(R"({"last_updated": "2026-03-26", "plugins": []})", "x")->age, "as of 2026-03-26");
  EXPECT_EQ(decode_registry(R"({"last_updated": "yesterday", "plugins": []})", "x")->age, "");
  EXPECT_EQ(decode_registry(R"({"last_updated": 7, "plugins": []})", "x")->age, "");
}

TEST(Registry, reads_where_an_archive_is_in_all_the_ways_that_registries_said_it) {
  const auto facts = decode(R"(
    {"id": "a", "download_url": "https://x/a.zip", "download_url_template": "https://x/{version}.zip",
     "latest_version": "1.0.0", "commit": "0123456789ABCDEF0123456789abcdef01234567", "tags": ["one", "", 7, "one"]},
    {"id": "b", "download_url_template": "https://x/{version}/b-{version}.zip", "latest_version": "1.0.0"},
    {"id": "c", "versions": [{"version": "2.0.0", "download_url": "https://x/c2.zip"}, {"version": "1.0.0"}]},
    {"id": "d", "latest_version": "1.0.0", "commit": "main",
     "versions": [7, {"version": "2.0.0", "download_url": "no"}, {"version": "1.0.0", "download_url": "https://x/d1.zip"}]},
    {"id": "e", "download_url_template": "https://x/{version}.zip"})");
  ASSERT_EQ(facts.entries.size(), 5U);
  EXPECT_EQ(facts.entries[0].download_url, "https://x/a.zip");
  EXPECT_EQ(facts.entries[0].commit, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(facts.entries[0].tags, std::vector<std::string>{"one"});
  EXPECT_EQ(facts.entries[1].download_url, "https://x/1.0.0/b-1.0.0.zip");
  EXPECT_EQ(facts.entries[2].latest_version, "2.0.0");
  EXPECT_EQ(facts.entries[2].download_url, "https://x/c2.zip");
  EXPECT_EQ(facts.entries[3].download_url, "https://x/d1.zip");
  EXPECT_EQ(facts.entries[3].commit, "");
  EXPECT_EQ(facts.entries[4].download_url, "");
}

TEST(Registry, F96_reads_which_ledmatrix_an_entry_or_its_offered_version_asks_for_and_the_strictest_counts) {
  const auto facts = decode(R"(
    {"id": "a", "ledmatrix_min_version": "3.1.0", "min_ledmatrix_version": "3.10.0", "ledmatrix_min": "3.9.0",
     "versions": [{"version": "1.0.0", "ledmatrix_min": "3.2.0"}]},
    {"id": "b", "ledmatrix_min": "3.1", "compatible_versions": [">=3.1.0", "2.0.0 - 2.9.9"]},
    {"id": "c", "latest_version": "1.0.0",
     "versions": [{"version": "2.0.0", "ledmatrix_min": "9.0.0", "compatible_versions": ["9.0.0"]},
                  {"version": "1.0.0", "ledmatrix_min_version": "3.0.0", "compatible_versions": ["^3.0.0"]}]},
    {"id": "d", "versions": [{"version": "2.0.0", "ledmatrix_min": "4.0.0"}, {"version": "1.0.0", "ledmatrix_min": "1"}]},
    {"id": "e"},
    {"id": "f", "ledmatrix_min_version": "3.1.0", "requires": {"min_ledmatrix_version": "3.2.0"},
     "versions": [{"version": "1.0.0", "ledmatrix_min": "9.0.0"}]})");
  ASSERT_EQ(facts.entries.size(), 6U);
  EXPECT_EQ(facts.entries[0].minimum_core, "3.10.0");
  EXPECT_EQ(facts.entries[1].minimum_core, "3.1");
  EXPECT_EQ(facts.entries[1].core_ranges, (std::vector<std::string>{">=3.1.0", "2.0.0 - 2.9.9"}));
  EXPECT_EQ(facts.entries[2].minimum_core, "3.0.0") << "another version's is no word about the one that is offered";
  EXPECT_EQ(facts.entries[2].core_ranges, std::vector<std::string>{"^3.0.0"});
  EXPECT_EQ(facts.entries[3].minimum_core, "4.0.0");
  EXPECT_EQ(facts.entries[4].minimum_core, "");
  EXPECT_TRUE(facts.entries[4].core_ranges.empty());
  EXPECT_EQ(facts.entries[5].minimum_core, "9.0.0");
}

TEST(Registry, F93_a_list_of_ranges_that_cannot_be_kept_whole_is_no_opinion) {
  const std::string eight = R"("2.0.0", "2.1.0", "2.2.0", "2.3.0", "2.4.0", "2.5.0", "2.6.0", "2.7.0")";
  const std::string too_long = "3.2.0-" + std::string(60, 'x');
  const auto facts = decode(fmt::format(R"(
    {{"id": "a", "compatible_versions": [{0}]}}, {{"id": "b", "compatible_versions": [{0}, "3.2.0"]}},
    {{"id": "c", "compatible_versions": ["2.0.0", "{1}"]}}, {{"id": "d", "compatible_versions": [{0}, "2.0.0", "soon"]}},
    {{"id": "e", "versions": [{{"version": "1.0.0", "compatible_versions": [{0}, "3.2.0"]}}]}})",
                                        eight, too_long));
  ASSERT_EQ(facts.entries.size(), 5U);
  EXPECT_EQ(facts.entries[0].core_ranges.size(), 8U);
  EXPECT_TRUE(facts.entries[1].core_ranges.empty()) << "what was cut off has this LEDMatrix in it, perhaps";
  EXPECT_TRUE(facts.entries[2].core_ranges.empty()) << "one that is too long to keep was cut off as well";
  EXPECT_EQ(facts.entries[3].core_ranges.size(), 8U) << "the same once more, and what is no range, are no loss";
  EXPECT_TRUE(facts.entries[4].core_ranges.empty());
}

TEST(Registry, F96_what_an_entry_says_of_ledmatrix_and_cannot_be_read_is_no_opinion) {
  const std::string long_version = "3.0.0-" + std::string(5000, 'x');
  for (const std::string& value :
       {std::string("null"), std::string("7"), std::string("[]"), std::string("{}"), std::string("true"),
        std::string(R"("")"), std::string(R"("soon")"), std::string(R"("3.x")"), "\"" + long_version + "\""}) {
    for (const char* key : {"ledmatrix_min_version", "min_ledmatrix_version", "ledmatrix_min"}) {
      const auto facts = decode(fmt::format(
          R"({{"id": "a", "{0}": {1}, "versions": [null, 7, {{"version": "1.0.0", "{0}": {1}}}]}})", key, value));
      ASSERT_EQ(facts.entries.size(), 1U) << key << value;
      EXPECT_EQ(facts.entries[0].minimum_core, "") << key << value.substr(0, 20);
      EXPECT_TRUE(facts.skipped.empty());
    }
    const auto facts = decode(fmt::format(
        R"({{"id": "a", "compatible_versions": {0}}}, {{"id": "b", "compatible_versions": [{0}, ">=3.0.0"]}})", value));
    ASSERT_EQ(facts.entries.size(), 2U) << value;
    EXPECT_TRUE(facts.entries[0].core_ranges.empty()) << value.substr(0, 20);
    if (value.size() > 1000) continue;  // a range, only too long: told elsewhere
    EXPECT_EQ(facts.entries[1].core_ranges, std::vector<std::string>{">=3.0.0"}) << value.substr(0, 20);
  }
  EXPECT_EQ(decode(R"({"id": "a", "ledmatrix_min_version": "soon", "ledmatrix_min": "3.0.0"})").entries[0].minimum_core,
            "3.0.0")
      << "one that can be read is taken behind one that cannot";
}

TEST(Registry, a_digest_that_cannot_be_one_leaves_the_entry_out_instead_of_unchecked) {
  const std::string good(64, 'A');
  const auto facts = decode(R"({"id": "a", "sha256": ")" + good + R"("}, {"id": "b", "sha256": "abc"},
    {"id": "c", "sha256": 7}, {"id": "d", "sha256": null})");
  EXPECT_EQ(ids(facts), (std::vector<std::string>{"a", "d"}));
  EXPECT_EQ(facts.entries[0].sha256, std::string(64, 'a'));
  EXPECT_EQ(facts.skipped.size(), 2U);
}

TEST(Registry, what_is_no_registry_is_unreadable_and_not_empty) {
  const std::vector<std::string> texts{
      "", "[]", "null", "{}", R"({"plugins": {}})", R"({"plugins": [)", "<html>404</html>"};
  for (const std::string& text : texts) {
    const auto facts = decode_registry(text, "x");
    ASSERT_FALSE(facts) << text;
    EXPECT_EQ(facts.error().code, ErrorCode::unreadable) << text;
  }
}

TEST(Registry, finds_entries_by_id_then_by_directory_then_by_alias) {
  const auto facts = decode(R"({"id": "weather", "plugin_path": "plugins/ledmatrix-weather"},
    {"id": "other", "aliases": ["weather"]}, {"id": "third", "plugin_path": "plugins/weather"})");
  std::vector<std::string> found;
  for (const auto* entry : entries_for(facts, "weather")) found.push_back(entry->id);
  EXPECT_EQ(found, (std::vector<std::string>{"weather", "third", "other"}));
  ASSERT_EQ(entries_for(facts, "ledmatrix-weather").size(), 1U);
  EXPECT_EQ(find_entry(facts, "ledmatrix-weather"), nullptr);
  EXPECT_EQ(find_entry(facts, "other")->id, "other");
}

TEST(Registry, reads_the_real_one) {
  const auto registry = test::test_data("registry-2026-06/plugins.json");
  if (!registry) GTEST_SKIP() << "skipped: the test data is not here";
  std::ifstream file(*registry);
  std::stringstream text;
  text << file.rdbuf();
  const auto facts = decode_registry(text.str(), "real");
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_EQ(facts->entries.size(), 34U);
  EXPECT_TRUE(facts->skipped.empty());
  EXPECT_EQ(facts->age, "as of 2026-06-02");
  ASSERT_NE(find_entry(*facts, "weather"), nullptr);
  EXPECT_EQ(find_entry(*facts, "weather")->directory, "ledmatrix-weather");
}

}  // namespace
}  // namespace trueup::store
