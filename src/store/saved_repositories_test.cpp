#include "store/saved_repositories.h"

#include <gmock/gmock.h>

#include "store/registry.h"

namespace trueup::store {
namespace {

using testing::ElementsAre;
using Type = SavedRepository::Type;

// Failure F124.
TEST(SavedRepositories, are_written_in_one_way_and_told_apart_as_ledmatrix_does) {
  EXPECT_EQ(repository_to_save("https://www.github.com/u/my.github.io.git/").value(),
            (SavedRepository{"https://www.github.com/u/my.github.io", "my.github.io", Type::single}));
  EXPECT_EQ(repository_to_save("https://github.com/u/LEDMatrix-Plugins")->type, Type::registry);
  EXPECT_EQ(repository_to_save("https://h/store/plugins.json")->type, Type::registry);
  EXPECT_FALSE(repository_to_save("git@github.com:u/r"));
}

TEST(SavedRepositories, are_read_in_both_shapes_and_each_once) {
  const auto list = decode_saved(R"([{"url": "https://h/u/r.git", "name": "mine", "type": "single"}, 7,
                                     {"url": "https://h/u/r/"}, {"url": "ext::sh -c id"}])");
  ASSERT_TRUE(list);
  EXPECT_THAT(*list, ElementsAre(SavedRepository{"https://h/u/r", "mine", Type::single}));
  EXPECT_EQ(decode_saved(R"({"repositories": [{"url": "https://h/a", "type": "registry"}]})")->front().type,
            Type::registry);
  EXPECT_FALSE(decode_saved("7"));
}

TEST(SavedRepositories, are_asked_where_their_list_or_their_manifest_may_be) {
  EXPECT_THAT(places_of({"https://h/u/r", "r", Type::single}),
              ElementsAre("https://h/u/r/raw/main/manifest.json", "https://h/u/r/raw/master/manifest.json"));
  EXPECT_THAT(places_of({"https://h/x.json", "x", Type::registry}), ElementsAre("https://h/x.json"));
  EXPECT_EQ(places_of({"https://h/u/r", "r", Type::registry}).front(), "https://h/u/r/raw/main/plugins.json");
}

TEST(SavedRepositories, one_that_is_a_plugin_is_a_registry_of_one) {
  const auto text =
      registry_of_manifest(R"({"id": "clock", "name": "Clock", "version": "1.2.0", "tags": 7})", "https://h/r");
  ASSERT_TRUE(text);
  const auto facts = decode_registry(*text, "x");
  ASSERT_TRUE(facts);
  ASSERT_EQ(facts->entries.size(), 1U);
  EXPECT_EQ(facts->entries[0].latest_version, "1.2.0");
  EXPECT_EQ(facts->entries[0].repository, "https://h/r");
  EXPECT_EQ(facts->entries[0].minimum_core, "");
  EXPECT_FALSE(registry_of_manifest("{}", "https://h/r"));
}

TEST(SavedRepositories, F96_one_that_is_a_plugin_says_which_ledmatrix_it_is_for) {
  const auto entry = [](const std::string& fields) {
    const auto text = registry_of_manifest(R"({"id": "clock", "version": "1.2.0", )" + fields + "}", "https://h/r");
    return decode_registry(text.value(), "x")->entries.at(0);
  };
  EXPECT_EQ(entry(R"("min_ledmatrix_version": "3.0", "requires": {"min_ledmatrix_version": "3.10"},
                     "versions": [{"version": "1.2.0", "ledmatrix_min": "3.9"}])")
                .minimum_core,
            "3.10");
  EXPECT_EQ(entry(R"("min_ledmatrix_version": "soon", "requires": [])").minimum_core, "");
  EXPECT_EQ(entry(R"("compatible_versions": ["^2.0.0", 7])").core_ranges, std::vector<std::string>{"^2.0.0"});
  EXPECT_TRUE(entry(R"("compatible_versions": "3.x")").core_ranges.empty());
}

}  // namespace
}  // namespace trueup::store
