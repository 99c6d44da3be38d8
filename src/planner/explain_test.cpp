// What `explain` proposes next can be run and helps; where nothing helps, it proposes nothing.
#include <gmock/gmock.h>

#include "planner/next_command.h"
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

TEST(Plan, a_file_that_this_user_may_not_read_is_not_called_damaged) {
  ObservationBuilder builder = ObservationBuilder().unreadable(model::Source::config);
  builder.seen.reading(model::Source::config).reason = "permission";
  builder.seen.last_good.push_back({.source = model::Source::config, .path = ".trueup/kept/1"});
  const model::Plan plan = make_plan(builder.seen, {});
  EXPECT_THAT(plan.findings.front().advice, HasSubstr("owner and mode"));
  EXPECT_TRUE(plan.findings.front().choices.empty());
}

}  // namespace
}  // namespace trueup::planner
