#include <gtest/gtest.h>

#include "model/inconsistency.h"
#include "model/plugin_id.h"
#include "model/shown_json.h"
#include "model/step.h"

namespace trueup::model {
namespace {

TEST(PluginId, refuses_everything_that_could_be_a_path_an_option_or_a_core_setting_F141) {
  for (const std::string_view bad :
       {"", ".", "..", "../config", "a/../../config", "/etc", "%2e%2e%2fconfig", "foo/", "foo\\..", "-rf", " foo",
        "foo ", "caf\xc3\xa9", "display", "Display", "vegas_anything", "github", "a.standalone-backup-x"}) {
    EXPECT_FALSE(PluginId::parse(bad)) << bad;
  }
  EXPECT_FALSE(PluginId::parse(std::string_view("foo\0bar", 7)));
  EXPECT_FALSE(PluginId::parse(std::string(129, 'a')));
}

TEST(PluginId, takes_the_ids_found_in_the_wild) {
  for (const std::string_view good :
       {"7-segment-clock", "ledmatrix-weather", "of-the-day", "web-ui-info", "a", "F1.b_c"}) {
    EXPECT_TRUE(PluginId::parse(good)) << good;
  }
  EXPECT_TRUE(PluginId::parse(std::string(128, 'a')));
}

TEST(PluginId, the_prefix_and_the_aside_mark_are_read_in_one_place) {
  EXPECT_EQ(without_legacy_prefix("ledmatrix-weather"), "weather");
  EXPECT_FALSE(without_legacy_prefix("ledmatrix-"));
  EXPECT_FALSE(without_legacy_prefix("weather"));
  EXPECT_EQ(aside_owner("foo.standalone-backup-preinstall"), "foo");
  EXPECT_FALSE(aside_owner("foo.bak"));
  EXPECT_TRUE(aside_owner(kContainerName));
}

TEST(Plan, digest_changes_with_what_is_decided_and_not_with_what_is_held) {
  Plan plan;
  plan.steps.push_back(
      {.action = StepAction::add_section, .plugin_id = "a", .edits = {{.path = {"a"}, .value = "{}"}}});
  const std::string before = plan_digest(plan);
  plan.steps[0].held = "over_budget";
  EXPECT_EQ(plan_digest(plan), before);
  plan.steps[0].edits[0].value = "{\"enabled\": true}";
  EXPECT_NE(plan_digest(plan), before);
}

TEST(Inconsistency, evidence_digest_changes_when_the_evidence_does) {
  Inconsistency finding;
  finding.finding = finding_id(InconsistencyType::plugin_missing_on_disk, "weather");
  EXPECT_EQ(finding.finding, "plugin_missing_on_disk:weather");
  const std::string before = evidence_digest(finding);
  finding.evidence.push_back({"registry", "lists weather 1.2"});
  EXPECT_NE(evidence_digest(finding), before);
}

TEST(Inconsistency, a_hold_outlasts_a_line_that_moved_a_newer_offer_and_a_rising_count) {
  Inconsistency finding;
  finding.finding = finding_id(InconsistencyType::plugin_config_invalid, "clock", "schema");
  finding.evidence = {{"config.json, line 3", "`n` must be at most 10", "config.json n /maximum number 50"}};
  const std::string before = evidence_digest(finding);
  finding.evidence[0].where = "config.json, line 4";
  EXPECT_EQ(evidence_digest(finding), before);
  finding.evidence[0].lasting = "config.json n /maximum number 90";
  EXPECT_NE(evidence_digest(finding), before);
  EXPECT_EQ(without_numbers("held back after 3 failures (line 12, column 7)"),
            without_numbers("held back after 41 failures (line 1, column 70)"));
  EXPECT_NE(without_numbers("no answer"), without_numbers("no city"));
}

TEST(ShownJson, says_of_an_object_a_list_and_a_long_text_only_what_they_are) {
  EXPECT_EQ(shown_json(R"({"token": "CANARY"})"), "(an object)");
  EXPECT_EQ(shown_json("[1]"), "(a list)");
  EXPECT_EQ(shown_json('"' + std::string(50, 'x') + '"'), "(a long text)");
  EXPECT_EQ(shown_json("\"yes\""), "\"yes\"");
  EXPECT_EQ(shown_as_json("[1]"), "\"(a list)\"");
  EXPECT_EQ(shown_as_json("1"), "1");
}

}  // namespace
}  // namespace trueup::model
