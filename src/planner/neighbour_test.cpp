#include "planner/neighbour.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::Winner;
using test::ObservationBuilder;

/// "finding -> outcome" for everything a safe plan finds.
std::vector<std::string> foretold(const ObservationBuilder& builder, Winner winner) {
  const auto plan = make_plan(builder.seen, {});
  std::vector<std::string> lines;
  for (const NextStart& one : foretell(builder.seen, plan.findings, {.found = true, .winner = winner})) {
    EXPECT_NE(one.says, "") << one.finding;
    lines.push_back(one.finding + " -> " + one.outcome);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Foretell, a_differing_record_wins_at_the_seed_and_loses_later) {
  const auto drifted = ObservationBuilder().installed("clock").section("clock", true).recorded("clock", false);
  EXPECT_EQ(foretold(drifted, Winner::state), Lines{"plugin_enabled_mismatch:clock -> state_wins"});
  EXPECT_EQ(foretold(drifted, Winner::config), Lines{"plugin_enabled_mismatch:clock -> config_wins"});
}

TEST(Foretell, a_plugin_without_a_section_gets_one_and_only_the_seed_believes_its_record) {
  const auto fresh = ObservationBuilder().installed("clock").recorded("clock", true);
  EXPECT_EQ(foretold(fresh, Winner::state), Lines{"plugin_missing_in_config:clock -> state_wins"});
  EXPECT_EQ(foretold(fresh, Winner::config), Lines{"plugin_missing_in_config:clock -> adds_section"});
}

TEST(Foretell, a_section_that_it_cannot_read_is_overwritten_and_that_is_said) {
  const auto builder = ObservationBuilder().installed("clock").section_of_type("clock", "array");
  const auto plan = make_plan(builder.seen, {});
  const auto told = foretell(builder.seen, plan.findings, {.found = true, .winner = Winner::config});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].outcome, "adds_section");
  EXPECT_NE(told[0].says.find("is lost"), std::string::npos) << told[0].says;
}

TEST(Foretell, settings_of_its_own_that_it_writes_over_are_named_as_lost) {
  auto builder = ObservationBuilder().damaged("display").section_without_enabled("display");
  builder.seen.disk.directories.back().manifest_is_object = true;  // whose id no plugin of ours may have
  builder.seen.disk.directories.back().id = "display";
  const auto plan = make_plan(builder.seen, {});
  const auto told = foretell(builder.seen, plan.findings, {.found = true, .winner = Winner::config});
  ASSERT_FALSE(told.empty());
  EXPECT_NE(told[0].says.find("LEDMatrix's own settings of that name, which are lost"), std::string::npos)
      << told[0].says;
}

/// "finding -> outcome: sentence" for everything a safe plan finds.
Lines told_in_full(const ObservationBuilder& builder, Winner winner) {
  const auto plan = make_plan(builder.seen, {});
  Lines lines;
  for (const NextStart& one : foretell(builder.seen, plan.findings, {.found = true, .winner = winner})) {
    lines.push_back(fmt::format("{} -> {}: {}", one.finding, one.outcome, one.says));
  }
  return lines;
}

TEST(Foretell, R_6_a_directory_of_another_name_gets_a_section_that_nothing_reads) {
  const auto renamed = ObservationBuilder().installed("tram-times", "1.0.0", "train-times").section("tram-times", true);
  EXPECT_EQ(told_in_full(renamed, Winner::config),
            Lines{"plugin_id_mismatch:tram-times -> fetches: takes it for missing, since its directory is called "
                  "`train-times`, and fetches a second copy from the store, if the store lists it; for its directory "
                  "`train-times`, adds a section to config.json that no plugin reads"});
  const auto unset = ObservationBuilder().installed("tram-times", "1.0.0", "train-times").recorded("tram-times", true);
  const Lines told = told_in_full(unset, Winner::state);
  ASSERT_FALSE(told.empty());
  EXPECT_NE(told[0].find("switches on a plugin which it does not see, since its directory is called `train-times`"),
            std::string::npos)
      << told[0];
}

TEST(Foretell, R_6_the_second_directory_of_a_plugin_gets_a_section_that_nothing_reads) {
  const auto twins =
      ObservationBuilder().installed("twin").installed("twin", "1.0.0", "twin-copy").section("twin", true);
  EXPECT_EQ(told_in_full(twins, Winner::state),
            Lines{"plugin_id_mismatch:twin:claims -> adds_section: for its directory `twin-copy`, adds a section to "
                  "config.json that no plugin reads"});
}

TEST(Foretell, R_10_a_directory_named_like_a_setting_of_its_own_costs_that_setting) {
  const auto place = ObservationBuilder()
                         .installed("weather-place", "1.0.0", "location")
                         .section("weather-place", true)
                         .section_without_enabled("location");
  const Lines told = told_in_full(place, Winner::config);
  ASSERT_FALSE(told.empty());
  EXPECT_NE(
      told[0].find("for its directory `location`, replaces LEDMatrix's own settings of that name, which are lost"),
      std::string::npos)
      << told[0];
}

TEST(Foretell, R_10_what_only_the_later_LEDMatrix_takes_for_its_own_is_lost_there_only) {
  const auto builder =
      ObservationBuilder().installed("sync-clock", "1.0.0", "sync").section("sync-clock", true).section("sync", true);
  const Lines later = told_in_full(builder, Winner::config);
  const Lines seed = told_in_full(builder, Winner::state);
  ASSERT_FALSE(later.empty());
  EXPECT_NE(later[0].find("for its directory `sync`, replaces LEDMatrix's own settings"), std::string::npos)
      << later[0];
  EXPECT_EQ(seed[0].find("for its directory"), std::string::npos) << seed[0];
}

TEST(Foretell, what_is_missing_is_fetched_again_and_so_is_a_section_that_is_no_plugin) {
  const auto missing = ObservationBuilder().section("clock", true).recorded("clock", true).offered("clock");
  EXPECT_EQ(foretold(missing, Winner::config), Lines{"plugin_missing_on_disk:clock -> fetches"});
  EXPECT_EQ(foretold(ObservationBuilder().section("notes", true), Winner::state),
            Lines{"unknown_config_section:notes -> fetches"});
}

TEST(Foretell, a_ghost_of_a_record_is_switched_on_by_the_seed) {
  const auto ghost = ObservationBuilder().recorded("gone", true);
  EXPECT_EQ(foretold(ghost, Winner::state), Lines{"plugin_orphaned_state:gone -> state_wins"});
  EXPECT_EQ(foretold(ghost, Winner::config), Lines{"plugin_orphaned_state:gone -> config_wins"});
}

TEST(Foretell, what_it_never_asks_is_left_as_it_is) {
  const auto older =
      ObservationBuilder().installed("clock", "2.0.0").section("clock", true).recorded("clock", true, "1.0.0");
  EXPECT_EQ(foretold(older, Winner::state), Lines{"plugin_version_mismatch:clock -> nothing"});
}

TEST(Foretell, an_unreadable_file_makes_every_answer_unknown) {
  auto builder = ObservationBuilder().installed("clock").section("clock", true).recorded("clock", false);
  const auto plan = make_plan(builder.seen, {});
  builder.unreadable(model::Source::secrets);
  const auto told = foretell(builder.seen, plan.findings, {.found = true, .winner = Winner::state});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].outcome, "unknown");
}

TEST(Foretell, of_an_unknown_LEDMatrix_nothing_is_foretold_and_where_none_lies_nothing_is_said) {
  const auto drifted = ObservationBuilder().installed("clock").section("clock", true).recorded("clock", false);
  EXPECT_EQ(foretold(drifted, Winner::unknown), Lines{"plugin_enabled_mismatch:clock -> unknown"});
  const auto plan = make_plan(drifted.seen, {});
  EXPECT_TRUE(foretell(drifted.seen, plan.findings, {.winner = Winner::state}).empty());
}

TEST(Foretell, R_11_the_later_LEDMatrix_records_what_a_setting_comes_to) {
  const auto text = ObservationBuilder().installed("clock").section_with("clock", R"("yes")").recorded("clock", false);
  EXPECT_NE(told_in_full(text, Winner::config).at(0).find("records true for it"), std::string::npos);
  const auto null = ObservationBuilder().installed("clock").section_with("clock", "null").recorded("clock", true);
  EXPECT_NE(told_in_full(null, Winner::config).at(0).find("records false for it"), std::string::npos);
  const auto same = ObservationBuilder().installed("clock").section_with("clock", R"("yes")").recorded("clock", true);
  EXPECT_NE(told_in_full(same, Winner::config).at(0).find("records true once more"), std::string::npos);
}

TEST(Foretell, of_a_removed_plugin_with_settings_the_record_follows_them_all_the_same) {
  auto builder = ObservationBuilder()
                     .section("gone", true)
                     .recorded("gone", false)
                     .removed("gone")
                     .damaged("gone")
                     .offered("gone");
  builder.seen.disk.directories.clear();
  std::vector<model::Inconsistency> findings{
      {.plugin_id = "gone", .inconsistency_type = model::InconsistencyType::plugin_missing_on_disk, .finding = "f"}};
  const auto told = foretell(builder.seen, findings, {.found = true, .winner = Winner::config});
  EXPECT_EQ(told.at(0).outcome, "config_wins");
  EXPECT_NE(told.at(0).says.find("leaves it away, since you removed it, and records true"), std::string::npos)
      << told.at(0).says;
}

}  // namespace
}  // namespace trueup::planner
