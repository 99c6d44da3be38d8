// What `explain` proposes next can be run and helps; where nothing helps, it proposes nothing.
#include <gmock/gmock.h>

#include "planner/next_command.h"
#include "planner/plain_words.h"
#include "planner/plan.h"
#include "planner/roster.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using test::ObservationBuilder;
using testing::HasSubstr;

ChainLink broken_link(const ObservationBuilder& builder, std::string_view name) {
  const auto told = explain(builder.seen, make_plan(builder.seen, {}), name);
  return told ? told->chain.back() : ChainLink{};
}

TEST(Explain, of_a_plugin_that_is_off_and_runs_proposes_to_end_it) {
  const auto link = broken_link(ObservationBuilder().installed("bus").section("bus", false).runs("bus"), "bus");
  EXPECT_EQ(link.link, "wanted");
  EXPECT_EQ(link.mend, "sudo systemctl restart ledmatrix");
}

TEST(Explain, of_what_is_no_plugin_proposes_nothing) {
  const auto link = broken_link(ObservationBuilder().section("kitchen_notes", true), "kitchen_notes");
  EXPECT_EQ(link.link, "plugin");
  EXPECT_THAT(link.sentence, HasSubstr("nothing shows that it is a plugin"));
  EXPECT_EQ(link.mend, "");
}

TEST(Explain, of_settings_that_are_no_object_names_the_choice_that_mends_them) {
  const auto link = broken_link(ObservationBuilder().installed("news").section_of_type("news", "string"), "news");
  EXPECT_EQ(link.mend, "trueup resolve plugin_config_invalid:news --choose replace");
}

TEST(Explain, of_a_removed_plugin_proposes_to_install_it_only_where_the_registry_lists_it) {
  const auto removed = ObservationBuilder().section("snake", true).removed("snake");
  EXPECT_EQ(broken_link(removed, "snake").mend, "");
  EXPECT_EQ(broken_link(ObservationBuilder(removed).offered("snake"), "snake").mend, "trueup install snake");
}

TEST(Explain, of_a_wanted_plugin_that_no_registry_lists_shows_what_can_be_chosen) {
  const auto link = broken_link(ObservationBuilder().section("garage", true).recorded("garage", true), "garage");
  EXPECT_EQ(link.link, "installed");
  EXPECT_EQ(link.mend, "trueup resolve plugin_missing_on_disk:garage");
}

TEST(Explain, of_settings_that_the_schema_forbids_names_the_command_for_them) {
  const auto link =
      broken_link(ObservationBuilder().installed("news").schema_lacks("fo'nt").section("news", true), "news");
  EXPECT_EQ(link.link, "configured");
  EXPECT_EQ(link.mend, "trueup config unset news 'fo'\\''nt'");
}

TEST(Explain, of_a_damaged_plugin_that_no_registry_lists_does_not_propose_to_install_it) {
  const auto link = broken_link(ObservationBuilder().damaged("news").section("news", true), "news");
  EXPECT_EQ(link.link, "intact");
  EXPECT_EQ(link.mend, "trueup resolve plugin_manifest_invalid:news");
}

TEST(Explain, of_a_plugin_whose_whole_copy_was_left_beside_it_proposes_to_put_it_back) {
  for (const bool recorded : {true, false}) {
    ObservationBuilder builder = ObservationBuilder().installed("other").section("other", false).aside("clock");
    builder.section("clock", true);
    if (recorded) builder.recorded("clock", true);
    const auto told = explain(builder.seen, make_plan(builder.seen, {}), "clock");
    ASSERT_TRUE(told);
    EXPECT_NE(told->chain.front().link, "plugin");
    EXPECT_EQ(told->chain.back().mend, "trueup reconcile clock");
  }
}

TEST(Explain, of_a_plugin_that_asks_for_a_newer_ledmatrix_does_not_say_that_nothing_keeps_it_off) {
  ObservationBuilder builder = ObservationBuilder().installed("clock").section("clock", true).recorded("clock", true);
  const auto verdict = [&] { return verdict_of(*explain(builder.seen, make_plan(builder.seen, {}), "clock")); };
  EXPECT_THAT(verdict(), HasSubstr("nothing known here keeps it off"));
  builder.seen.core_version = "2.5.0";
  builder.seen.disk.directories.back().minimum_core = "9.0.0";
  EXPECT_THAT(verdict(), HasSubstr("unless what was found about it keeps it off"));
}

TEST(Explain, of_a_plugin_whose_receipt_cannot_be_read_does_not_call_it_broken) {
  ObservationBuilder builder = ObservationBuilder().installed("clock").section("clock", true).recorded("clock", true);
  builder.seen.disk.directories.back().receipt_problem = "its receipt: it is cut off";
  const model::Plan plan = make_plan(builder.seen, {});
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_EQ(plan.findings[0].reason, "receipt_unreadable");
  EXPECT_THAT(plan.findings[0].description, HasSubstr("is not known"));
  EXPECT_EQ(plan.findings[0].fix_action, model::FixAction::no_action);
  EXPECT_EQ(broken_link(builder, "clock").link, "running");
}

TEST(Plan, a_plugin_that_this_user_may_not_read_is_not_called_damaged) {
  ObservationBuilder builder = ObservationBuilder().section("clock", true).recorded("clock", true).damaged("clock");
  builder.offered("clock");
  builder.seen.disk.directories.back().manifest = model::ManifestVerdict::unreadable;
  builder.seen.disk.directories.back().manifest_problem = "its manifest.json: cannot open: Permission denied";
  const model::Plan plan = make_plan(builder.seen, {});
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_EQ(plan.findings[0].reason, "manifest_unreadable");
  EXPECT_THAT(plan.findings[0].description, HasSubstr("could not be read"));
  EXPECT_THAT(plan.findings[0].advice, HasSubstr("owner and mode"));
  EXPECT_EQ(plan.findings[0].advice.find("uninstall"), std::string::npos);
  for (const model::Choice& choice : plan.findings[0].choices) EXPECT_EQ(choice.name, "keep");
}

TEST(Plan, taking_a_damaged_plugin_away_says_that_this_is_noted) {
  ObservationBuilder builder = ObservationBuilder().section("clock", true).damaged("clock");
  const model::Plan plan = make_plan(builder.seen, {});
  ASSERT_FALSE(plan.findings.empty());
  EXPECT_THAT(plan.findings[0].choices.at(0).does, HasSubstr("notes in config/uninstalled_plugins.json"));
  ObservationBuilder unnamed = ObservationBuilder().damaged("clock");
  const model::Plan other = make_plan(unnamed.seen, {});
  ASSERT_FALSE(other.findings.empty());
  EXPECT_EQ(other.findings[0].choices.at(0).does.find("notes in"), std::string::npos);
}

TEST(Plan, a_file_that_this_user_may_not_read_is_not_called_damaged) {
  ObservationBuilder builder = ObservationBuilder().unreadable(model::Source::config);
  builder.seen.reading(model::Source::config).reason = "permission";
  builder.seen.last_good.push_back({.source = model::Source::config, .path = ".trueup/kept/1"});
  const model::Plan plan = make_plan(builder.seen, {});
  EXPECT_THAT(plan.findings.front().advice, HasSubstr("owner and mode"));
  EXPECT_TRUE(plan.findings.front().choices.empty());
}

TEST(Explain, F10_of_a_wanted_plugin_whose_directory_cannot_be_read_says_what_is_unknown) {
  const ObservationBuilder builder =
      ObservationBuilder().section("clock", true).recorded("clock", true).unreadable(model::Source::disk);
  const auto told = explain(builder.seen, make_plan(builder.seen, {}), "clock");
  ASSERT_TRUE(told);
  for (const ChainLink& link : told->chain) {
    EXPECT_EQ(link.known, link.link != "installed" && link.link != "intact" && link.link != "running") << link.link;
  }
  EXPECT_EQ(verdict_of(*told), "may be on the display: whether it is installed cannot be told");
}

TEST(Explain, of_a_plugin_that_runs_in_another_version_says_that_it_is_on_the_display) {
  const ObservationBuilder builder = ObservationBuilder()
                                         .installed("clock", "1.1.0")
                                         .section("clock", true)
                                         .recorded("clock", true)
                                         .runs("clock", "1.0.0");
  const auto told = explain(builder.seen, make_plan(builder.seen, {}), "clock");
  ASSERT_TRUE(told);
  EXPECT_EQ(verdict_of(*told), "is on the display, in another version than the one that is installed");
}

TEST(Plan, a_plain_file_in_the_place_of_a_plugin_is_not_to_be_uninstalled) {
  ObservationBuilder builder = ObservationBuilder().section("clock", true).damaged("clock");
  builder.seen.disk.directories.back().kind = model::EntryKind::other;
  const model::Plan plan = make_plan(builder.seen, {});
  ASSERT_FALSE(plan.findings.empty());
  EXPECT_THAT(plan.findings[0].advice, HasSubstr("move plugin-repos/clock away yourself"));
  EXPECT_EQ(plan.findings[0].advice.find("uninstall"), std::string::npos);
}

}  // namespace
}  // namespace trueup::planner
