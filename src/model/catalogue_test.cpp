#include "model/catalogue.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "support/observation_builder.h"

namespace trueup::model {
namespace {

using test::ObservationBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids_of(const std::vector<const CataloguePlugin*>& plugins) {
  std::vector<std::string> ids;
  for (const CataloguePlugin* plugin : plugins) ids.push_back(plugin->id);
  return ids;
}

TEST(Catalogue, tells_of_one_plugin_what_its_manifest_says) {
  const auto catalogue =
      make_catalogue(ObservationBuilder().installed("weather", "1.2.0", "weather-main").modes({"now", "later"}).seen);
  ASSERT_EQ(catalogue.plugins().size(), 1U);
  EXPECT_EQ(catalogue.find("weather")->version, "1.2.0");
  EXPECT_EQ(catalogue.directory_of("weather"), "weather-main");
  EXPECT_THAT(*catalogue.display_modes_of("weather"), ElementsAre("now", "later"));
  EXPECT_EQ(catalogue.find("clock"), nullptr);
  EXPECT_EQ(catalogue.directory_of("clock"), std::nullopt);
  EXPECT_EQ(catalogue.display_modes_of("clock"), nullptr);
}

TEST(Catalogue, knows_a_plugin_by_its_directory_and_by_the_registrys_names) {
  ObservationBuilder builder;
  builder.installed("ledmatrix-weather", "1.0.0", "weather-main").offered("weather", "ledmatrix-weather");
  builder.seen.registry.entries.back().aliases = {"forecast"};
  const auto catalogue = make_catalogue(builder.seen);
  for (const char* name : {"ledmatrix-weather", "weather-main", "weather", "forecast"}) {
    ASSERT_NE(catalogue.find_by_name(name), nullptr) << name;
    EXPECT_EQ(catalogue.find_by_name(name)->id, "ledmatrix-weather");
  }
  EXPECT_EQ(catalogue.find_by_name("ledmatrix"), nullptr);
}

TEST(Catalogue, a_damaged_directory_hides_no_other_F07) {
  const auto catalogue = make_catalogue(ObservationBuilder().installed("a").damaged("b").installed("c").seen);
  ASSERT_EQ(catalogue.plugins().size(), 2U);
  EXPECT_EQ(catalogue.plugins()[1].id, "c");
  ASSERT_EQ(catalogue.damaged().size(), 1U);
  EXPECT_EQ(catalogue.damaged()[0].directory, "b");
  EXPECT_NE(catalogue.damaged()[0].problem, "");
}

TEST(Catalogue, takes_the_same_of_two_directories_in_any_order_F84) {
  ObservationBuilder builder;
  builder.installed("weather", "1.0.0", "weather-copy").installed("weather", "2.0.0").installed("a");
  const auto catalogue = make_catalogue(builder.seen);
  std::reverse(builder.seen.disk.directories.begin(), builder.seen.disk.directories.end());
  EXPECT_EQ(make_catalogue(builder.seen).plugins(), catalogue.plugins());
  EXPECT_EQ(catalogue.find("weather")->version, "2.0.0");
  EXPECT_THAT(catalogue.find("weather")->other_directories, ElementsAre("weather-copy"));
}

TEST(Catalogue, does_not_list_what_the_owner_removed) {
  const auto catalogue =
      make_catalogue(ObservationBuilder().installed("weather").modes({"now"}).removed("weather").seen);
  EXPECT_THAT(catalogue.plugins(), IsEmpty());
  EXPECT_THAT(catalogue.providers_of("now"), IsEmpty());
}

TEST(Catalogue, finds_a_mode_whatever_its_letters_and_the_blanks_around_it) {
  const auto catalogue = make_catalogue(ObservationBuilder()
                                            .installed("weather")
                                            .modes({" Weather_Now ",
                                                    "\xc3\x9c"
                                                    "BERSICHT"})
                                            .seen);
  for (const char* mode : {"weather_now", "WEATHER_NOW\n", "  Weather_Now",
                           "\xc3\xbc"
                           "bersicht"}) {
    EXPECT_THAT(ids_of(catalogue.providers_of(mode)), ElementsAre("weather")) << mode;
  }
  EXPECT_THAT(catalogue.providers_of("weather now"), IsEmpty());
}

TEST(Catalogue, a_plugin_without_modes_has_one_of_its_own_name) {
  const auto catalogue = make_catalogue(ObservationBuilder().installed("starlark-apps").modes({"", "  "}).seen);
  EXPECT_THAT(*catalogue.display_modes_of("starlark-apps"), ElementsAre("starlark-apps"));
}

TEST(Catalogue, names_the_plugins_that_share_a_mode_once_each) {
  const auto catalogue = make_catalogue(ObservationBuilder()
                                            .installed("b")
                                            .modes({"Now", "now"})
                                            .installed("a")
                                            .modes({"now"})
                                            .installed("b", "1.0.0", "b-copy")
                                            .modes({"now"})
                                            .installed("c")
                                            .seen);
  EXPECT_THAT(ids_of(catalogue.providers_of("now")), ElementsAre("a", "b"));
  EXPECT_THAT(catalogue.mode_conflicts(), ElementsAre(ModeConflict{.mode = "now", .plugins = {"a", "b"}}));
}

TEST(Catalogue, names_ids_that_share_a_section_of_the_settings) {
  ObservationBuilder builder;
  builder.installed("Clock").installed("clock").damaged("screen");
  builder.seen.disk.directories.back().id = "Display";  // what its manifest says
  EXPECT_THAT(make_catalogue(builder.seen).key_collisions(),
              ElementsAre(KeyCollision{KeyCollision::Kind::reserved_key, "Display", "display"},
                          KeyCollision{KeyCollision::Kind::letter_case, "Clock", "clock"}));
}

}  // namespace
}  // namespace trueup::model
