// Nothing that `trueup install` would refuse is advised or offered as a choice.
#include "planner/fit.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <ostream>

#include "planner/plan.h"
#include "planner/roster.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::Plan;
using test::ObservationBuilder;
using testing::HasSubstr;
using testing::Not;

/// Where an owner is told that `trueup install` would mend it.
struct Place {
  std::string name;
  std::string finding;
  std::function<void(ObservationBuilder&)> make;
};
void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }

void needs_newer(ObservationBuilder& builder) {
  builder.seen.core_version = "3.0.0";
  builder.seen.registry.entries[0].minimum_core = "3.1.0";
}

class InstallAdvice : public testing::TestWithParam<Place> {};

TEST_P(InstallAdvice, an_install_that_would_be_refused_is_neither_advised_nor_a_choice) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false);
  GetParam().make(builder);
  for (const bool fits : {true, false}) {
    if (!fits) needs_newer(builder);
    const Plan plan = make_plan(builder.seen, {});
    const auto found = std::ranges::find(plan.findings, GetParam().finding, &model::Inconsistency::finding);
    ASSERT_NE(found, plan.findings.end());
    EXPECT_EQ(found->advice.find("trueup install") != std::string::npos, fits) << found->advice;
    EXPECT_EQ(found->advice.find("does not fit this LEDMatrix: needs 3.1.0") == std::string::npos, fits)
        << found->advice;
    for (const model::Choice& choice : found->choices) {
      EXPECT_TRUE(fits || (choice.name != "install" && choice.name != "reinstall")) << choice.does;
    }
    EXPECT_FALSE(found->choices.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, InstallAdvice,
    testing::Values(
        Place{"a_damaged_plugin", "plugin_manifest_invalid:clock",
              [](auto& b) { b.section("clock", true).recorded("clock", true).damaged("clock").offered("clock"); }},
        Place{"a_lost_file", "plugin_files_missing:clock",
              [](auto& b) {
                b.section("clock", true).recorded("clock", true).installed("clock").receipt("clock", "1.0.0");
                b.seen.disk.directories.back().missing_files = {"manager.py"};
                b.offered("clock", "", "2.0.0");
              }},
        Place{"an_older_copy", "plugin_version_mismatch:clock:receipt",
              [](auto& b) {
                b.section("clock", true).recorded("clock", true).installed("clock", "1.0.0").receipt("clock", "1.5.0");
                b.offered("clock", "", "2.0.0");
              }},
        Place{"half_a_copy", "plugin_install_interrupted:clock:clock.standalone-backup-preinstall",
              [](auto& b) {
                b.section("clock", true).recorded("clock", true).aside("clock", false).offered("clock");
                b.seen.disk.asides.back().id = "clock";
              }},
        Place{"a_section_that_does_not_say", "plugin_missing_on_disk:clock",
              [](auto& b) { b.section_without_enabled("clock").offered("clock"); }},
        Place{"a_name_that_may_be_it", "plugin_missing_on_disk:ledmatrix-clock",
              [](auto& b) { b.section("ledmatrix-clock", true).recorded("ledmatrix-clock", true).offered("clock"); }},
        Place{"an_entry_of_another_id", "plugin_missing_on_disk:clock",
              [](auto& b) {
                b.section("clock", true).recorded("clock", true).offered("clock");
                b.seen.registry.entries[0].directory = "wall-clock";
              }}),
    [](const auto& place) { return place.param.name; });

TEST(Fit, what_stands_there_is_put_back_whatever_ledmatrix_that_is) {
  ObservationBuilder builder;
  builder.section("clock", true).recorded("clock", true).damaged("clock").receipt("clock", "1.0.0").offered("clock");
  needs_newer(builder);
  EXPECT_THAT(make_plan(builder.seen, {}).findings.at(0).advice, HasSubstr("trueup install clock"));
}

TEST(Fit, a_plugin_that_is_only_listed_and_does_not_fit_is_explained_without_an_install) {
  ObservationBuilder builder;
  builder.offered("clock");
  EXPECT_THAT(about_unknown(builder.seen, "clock").hint, HasSubstr("trueup install clock"));
  needs_newer(builder);
  EXPECT_THAT(about_unknown(builder.seen, "clock").hint, Not(HasSubstr("trueup install")));
  EXPECT_THAT(about_unknown(builder.seen, "clock").says, HasSubstr("does not fit this LEDMatrix: needs 3.1.0"));
}

}  // namespace
}  // namespace trueup::planner
