// What the safe rules decide, in the owner's words. The whole table of situations is in tests/property.
#include "planner/plan.h"

#include <gmock/gmock.h>

#include "planner/budget.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::Plan;
using model::Source;
using model::StepAction;
using test::ObservationBuilder;
using testing::IsEmpty;
using testing::SizeIs;

Plan plan_of(const ObservationBuilder& builder, const model::Policy& policy = {}) {
  return make_plan(builder.seen, policy);
}

const Inconsistency* find(const Plan& plan, std::string_view finding) {
  for (const Inconsistency& one : plan.findings) {
    if (one.finding == finding) return &one;
  }
  return nullptr;
}

std::string reason(const Plan& plan, std::string_view finding) {
  const Inconsistency* found = find(plan, finding);
  return found == nullptr ? "nothing found" : found->reason;
}

TEST(Plan, finds_nothing_where_everything_agrees) {
  const Plan plan =
      plan_of(ObservationBuilder().installed("clock").section("clock", true).recorded("clock", true).offered("clock"));
  EXPECT_THAT(plan.findings, IsEmpty());
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, adds_a_missing_section_switched_off_F25) {
  const Plan plan = plan_of(ObservationBuilder().installed("fresh"));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::add_section);
  ASSERT_THAT(plan.steps[0].edits, SizeIs(1));
  EXPECT_EQ(plan.steps[0].edits[0].value, "{\"enabled\": false}");
  EXPECT_EQ(plan.steps[0].edits[0].expected, std::nullopt);
}

TEST(Plan, adds_a_missing_section_as_it_was_last_recorded) {
  const Plan plan = plan_of(ObservationBuilder().installed("clock").recorded("clock", true));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].edits[0].value, "{\"enabled\": true}");
}

TEST(Plan, the_record_follows_the_config_in_both_directions_F18) {
  for (const bool config : {true, false}) {
    const Plan plan =
        plan_of(ObservationBuilder().installed("clock").section("clock", config).recorded("clock", !config));
    ASSERT_THAT(plan.steps, SizeIs(1));
    EXPECT_EQ(plan.steps[0].action, StepAction::set_recorded);
    for (const auto& edit : plan.steps[0].edits) EXPECT_EQ(edit.document, model::DocumentName::state);
    EXPECT_EQ(plan.steps[0].edits[0].value, config ? "true" : "false");
  }
}

TEST(Plan, leaves_the_record_to_the_web_process_while_it_runs) {
  ObservationBuilder builder;
  builder.installed("clock").section("clock", true).recorded("clock", false);
  builder.seen.web_process = model::Tristate::unknown;
  const Plan plan = plan_of(builder);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_enabled_mismatch:clock"), "owned_by_running_program");
}

TEST(Plan, a_section_without_enabled_keeps_the_recorded_choice_and_gets_no_enabled_F12) {
  const Plan plan =
      plan_of(ObservationBuilder().installed("news").section_without_enabled("news").recorded("news", false));
  EXPECT_THAT(plan.findings, IsEmpty());
}

TEST(Plan, fetches_a_missing_plugin_that_is_wanted_on_and_listed) {
  const Plan plan =
      plan_of(ObservationBuilder().installed("other").section("other", false).section("clock", true).offered("clock"));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::install_plugin);
  EXPECT_EQ(plan.steps[0].install->wanted_id, "clock");
}

TEST(Plan, keeps_disabled_plugin_that_is_missing_on_disk) {
  const Plan plan = plan_of(ObservationBuilder().section("clock", false).offered("clock"));
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_missing_on_disk:clock"), "disabled_not_needed");
}

TEST(Plan, a_key_that_only_the_secrets_bring_is_never_a_plugin_F01_F02) {
  const Plan plan =
      plan_of(ObservationBuilder().secret("github").secret("youtube").secret("weather").offered("weather"));
  EXPECT_THAT(plan.findings, IsEmpty());
}

TEST(Plan, an_unknown_section_is_told_and_left_alone_F03) {
  const Plan plan =
      plan_of(ObservationBuilder().section("frobnicate", true).section("sync", true).section("auto_update", false));
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].finding, "unknown_config_section:frobnicate");
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::no_action);
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, an_unreadable_config_decides_nothing_and_is_one_finding_F09) {
  ObservationBuilder builder;
  for (const std::string_view id : {"a", "b", "c", "d", "e", "f"}) builder.installed(id).recorded(id, true);
  const Plan plan = plan_of(builder.unreadable(Source::config, "syntax"));
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].finding, "source_unreadable:config");
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, an_unmounted_plugins_directory_is_one_finding_and_no_download_F10) {
  ObservationBuilder builder;
  for (int i = 0; i < 8; ++i) builder.section("p" + std::to_string(i), true).offered("p" + std::to_string(i));
  const Plan plan = plan_of(builder.unreadable(Source::disk, "unmounted"));
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, a_new_card_is_one_question_and_its_installs_wait_for_the_confirmation) {
  ObservationBuilder builder;
  builder.seen.ledger.installation_id.clear();
  for (int i = 0; i < 8; ++i) builder.section("p" + std::to_string(i), true).offered("p" + std::to_string(i));
  const Plan plan = plan_of(builder);
  EXPECT_EQ(std::count_if(plan.findings.begin(), plan.findings.end(),
                          [](const auto& one) { return one.fix_action == FixAction::manual_fix_required; }),
            1);
  ASSERT_THAT(plan.steps, SizeIs(8));
  for (const auto& step : plan.steps) EXPECT_EQ(step.held, "plugins_directory_empty");

  model::Policy confirmed;
  confirmed.confirmed_digest = plan.digest;
  for (const auto& step : plan_of(builder, confirmed).steps) EXPECT_EQ(step.held, "");
}

TEST(Plan, a_prefix_alone_is_no_evidence_and_the_candidate_is_named_F80) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false);
  builder.section("ledmatrix-clock", true).recorded("ledmatrix-clock", true).offered("clock");
  const Plan plan = plan_of(builder);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_missing_on_disk:ledmatrix-clock"), "candidate_unconfirmed");
  EXPECT_THAT(find(plan, "plugin_missing_on_disk:ledmatrix-clock")->advice, testing::HasSubstr("`clock`"));
}

TEST(Plan, the_last_segment_of_the_registrys_path_confirms_the_prefix_F80) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false);
  builder.section("ledmatrix-weather", true).offered("weather", "ledmatrix-weather");
  const Plan plan = plan_of(builder);
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].install->candidates, std::vector<std::string>{"weather"});
  EXPECT_EQ(plan.steps[0].install->wanted_id, "ledmatrix-weather");
}

TEST(Plan, a_ghost_record_of_the_registrys_short_name_is_removed_F81) {
  ObservationBuilder builder;
  builder.installed("ledmatrix-weather").section("ledmatrix-weather", true).recorded("weather", false);
  const Plan plan = plan_of(builder.offered("weather", "ledmatrix-weather"));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::remove_record);
  EXPECT_EQ(reason(plan, "plugin_orphaned_state:weather"), "alias_of_installed");
}

TEST(Plan, a_record_alone_is_no_wish_F50) {
  const Plan plan = plan_of(ObservationBuilder().recorded("foo", true).offered("foo"));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::remove_record);
}

TEST(Plan, a_damaged_directory_is_a_persons_and_never_replaced_F76) {
  const Plan plan =
      plan_of(ObservationBuilder().damaged("mine").section("mine", true).recorded("mine", true).offered("mine"));
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].finding, "plugin_manifest_invalid:mine");
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, which_of_two_directories_counts_does_not_depend_on_their_order_F84) {
  ObservationBuilder forward;
  forward.installed("foo", "1.0.0").installed("foo", "2.0.0", "foo-copy").section("foo", true).recorded("foo", true);
  ObservationBuilder backward = forward;
  std::swap(backward.seen.disk.directories[0], backward.seen.disk.directories[1]);
  EXPECT_EQ(plan_of(forward), plan_of(backward));
  EXPECT_EQ(reason(plan_of(forward), "plugin_id_mismatch:foo:claims"), "claimed_twice");
}

TEST(Plan, what_the_owner_removed_does_not_come_back_F48) {
  ObservationBuilder builder;
  builder.installed("web-ui-info").removed("web-ui-info").offered("web-ui-info");
  builder.section("kept", true).removed("kept").offered("kept");
  const Plan plan = plan_of(builder);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_missing_in_config:web-ui-info"), "removed_by_owner");
  EXPECT_EQ(reason(plan, "plugin_missing_on_disk:kept"), "removed_by_owner");
}

TEST(Plan, a_plugin_named_like_a_core_setting_is_reported_and_the_setting_untouched_F86) {
  const Plan plan = plan_of(ObservationBuilder().installed("sync").section("sync", true));
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, a_damaged_state_file_is_made_again_from_what_is_installed_F44) {
  ObservationBuilder builder;
  builder.installed("a", "1.1.0").section("a", true).installed("b").section("b", false).installed("c");
  const Plan plan = plan_of(builder.unreadable(Source::state, "syntax"));
  ASSERT_THAT(plan.steps, SizeIs(1));
  ASSERT_EQ(plan.steps[0].action, StepAction::rebuild_state);
  ASSERT_THAT(plan.steps[0].rebuild->entries, SizeIs(3));
  EXPECT_THAT(plan.steps[0].rebuild->entries[0].record,
              testing::HasSubstr("\"enabled\": true, \"version\": \"1.1.0\""));
}

TEST(Plan, one_damaged_record_is_made_again_and_hides_no_other_F45) {
  ObservationBuilder builder;
  builder.installed("a").section("a", true).damaged_record("a").installed("b").section("b", true).recorded("b", true);
  const Plan plan = plan_of(builder);
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::rebuild_record);
  EXPECT_EQ(plan.steps[0].plugin_id, "a");
}

TEST(Plan, what_undo_brought_back_is_held_until_its_evidence_changes) {
  ObservationBuilder builder;
  builder.installed("clock").section("clock", true).recorded("clock", false);
  const Inconsistency before = *find(plan_of(builder), "plugin_enabled_mismatch:clock");
  builder.seen.ledger.holds = {{before.finding, model::evidence_digest(before), "undone_by_owner"}};
  EXPECT_THAT(plan_of(builder).steps, IsEmpty());
  EXPECT_EQ(reason(plan_of(builder), before.finding), "undone_by_owner");

  model::Policy by_name;
  by_name.only = {"clock"};
  EXPECT_THAT(plan_of(builder, by_name).steps, SizeIs(1));

  builder.seen.state[0].status = "error";  // the evidence changed
  EXPECT_THAT(plan_of(builder).steps, SizeIs(1));
}

TEST(Plan, a_candidate_that_was_refused_is_not_tried_again_unless_asked) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false).section("clock", true).offered("clock");
  builder.seen.ledger.attempts = {{.plugin_id = "clock",
                                   .source = "registry",
                                   .entry_digest = "digest-clock",
                                   .count = 1,
                                   .terminal = true,
                                   .reason = "identity_mismatch",
                                   .detail = "it states another id"}};
  EXPECT_THAT(plan_of(builder).steps, IsEmpty());
  model::Policy retry;
  retry.retry = true;
  EXPECT_THAT(plan_of(builder, retry).steps, SizeIs(1));
  builder.seen.registry.entries[0].digest = "another";
  EXPECT_THAT(plan_of(builder).steps, SizeIs(1));
}

TEST(Plan, what_the_registry_says_is_for_another_ledmatrix_is_not_fetched_until_that_is_there) {
  ObservationBuilder builder;
  builder.installed("other").section("other", false).section("clock", true).offered("clock");
  builder.seen.core_version = "3.0.0";
  builder.seen.registry.entries[0].minimum_core = "3.1.0";
  const Plan plan = plan_of(builder);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_missing_on_disk:clock"), "needs_newer_ledmatrix");
  EXPECT_THAT(plan.findings.at(0).description, testing::HasSubstr("clock"));
  builder.seen.core_version = "3.1.0";
  EXPECT_THAT(plan_of(builder).steps, SizeIs(1)) << "nothing has to be forgotten first";
  builder.seen.registry.entries[0].core_ranges = {"^2.0.0"};
  EXPECT_EQ(reason(plan_of(builder), "plugin_missing_on_disk:clock"), "for_another_ledmatrix");
  builder.seen.core_version.clear();
  EXPECT_THAT(plan_of(builder).steps, SizeIs(1)) << "what nobody knows is no evidence";
}

TEST(Plan, a_core_key_in_the_secrets_file_is_a_persons_and_names_both_values) {
  ObservationBuilder builder;
  builder.installed("clock").section("clock", true).recorded("clock", true).secret_enabled("clock", false);
  builder.seen.config.core_keys_in_secrets[0].config_text = "true";
  const Plan plan = plan_of(builder);
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_THAT(plan.findings[0].description, testing::HasSubstr("false there, true in config.json"));
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
}

TEST(Plan, a_wrong_typed_choice_is_off_whatever_is_recorded_and_no_file_changes) {
  const Plan plan = plan_of(ObservationBuilder()
                                .installed("a")
                                .section_with("a", "\"true\"")
                                .recorded("a", true)
                                .installed("b")
                                .section_of_type("b", "array"));
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(reason(plan, "plugin_config_invalid:a:enabled"), "enabled_not_a_boolean");
  EXPECT_EQ(reason(plan, "plugin_config_invalid:b"), "section_not_an_object");
}

TEST(Plan, settings_that_the_plugins_schema_forbids_are_a_persons_and_say_where) {
  const Plan plan = plan_of(
      ObservationBuilder().installed("news").schema_forbids("size", "must be at most 10").section("news", true));
  ASSERT_THAT(plan.findings, SizeIs(1));
  const model::Inconsistency& found = plan.findings.front();
  EXPECT_EQ(reason(plan, "plugin_config_invalid:news:schema"), "schema_forbids");
  EXPECT_EQ(found.fix_action, FixAction::manual_fix_required);
  EXPECT_THAT(found.description, testing::HasSubstr("`size` must be at most 10"));
  EXPECT_EQ(found.evidence.front().where, "config/config.json, line 4, column 13");
  EXPECT_THAT(found.evidence.front().fact, testing::HasSubstr("plugin-repos/news/config_schema.json"));
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, what_a_schema_forbids_a_plugin_that_is_off_is_only_information) {
  const Plan plan =
      plan_of(ObservationBuilder().installed("news").schema_forbids("size", "is missing").section("news", false));
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings.front().fix_action, FixAction::no_action);
}

std::vector<std::string> choices_of(const Plan& plan, std::string_view finding) {
  std::vector<std::string> names;
  for (const model::Choice& choice : find(plan, finding)->choices) names.push_back(choice.name);
  return names;
}

TEST(Plan, a_key_that_the_schema_does_not_know_is_called_that_and_can_be_taken_out) {
  const ObservationBuilder builder = ObservationBuilder().installed("news").schema_lacks("font").section("news", true);
  const Plan plan = plan_of(builder);
  const std::string_view name = "plugin_config_invalid:news:schema";
  EXPECT_EQ(reason(plan, name), "setting_unknown");
  EXPECT_THAT(find(plan, name)->advice, testing::HasSubstr("`trueup config unset news font`"));
  EXPECT_THAT(choices_of(plan, name), testing::ElementsAre("unset", "off", "keep"));
  EXPECT_THAT(find(plan, name)->choices.front().does, testing::HasSubstr("`font` (config/config.json, line 4)"));
  const auto options = options_of(builder.seen, *find(plan, name));
  const auto& deed = std::get<model::ReplaceValues>(options.front().deed);
  ASSERT_THAT(deed.values, SizeIs(1));
  EXPECT_THAT(deed.values.front().path, testing::ElementsAre("news", "font"));
  EXPECT_EQ(deed.values.front().value, std::nullopt);
}

TEST(Plan, a_wrong_value_can_give_way_to_the_default_where_the_schema_has_one_and_a_missing_one_cannot) {
  ObservationBuilder builder;
  builder.installed("news").schema_forbids("size", "must be a number").section("news", true);
  const Plan wrong = plan_of(builder);
  EXPECT_THAT(choices_of(wrong, "plugin_config_invalid:news:schema"), testing::ElementsAre("unset", "off", "keep"));
  EXPECT_THAT(wrong.findings.front().choices.front().does, testing::HasSubstr("no default for `size`"));
  builder.seen.settings.front().objections.front().has_default = true;
  const Plan with_default = plan_of(builder);
  EXPECT_THAT(choices_of(with_default, "plugin_config_invalid:news:schema"),
              testing::ElementsAre("default", "off", "keep"));
  EXPECT_THAT(with_default.findings.front().choices.front().does, testing::HasSubstr("schema counts for `size`"));
  EXPECT_THAT(wrong.findings.front().advice, testing::HasSubstr("`trueup config set news size -`"));
  const Plan missing =
      plan_of(ObservationBuilder().installed("news").schema_forbids("key", "is missing").section("news", true));
  EXPECT_THAT(choices_of(missing, "plugin_config_invalid:news:schema"), testing::ElementsAre("off", "keep"));
}

TEST(Plan, a_schema_that_cannot_be_used_is_nobodys_fault_here) {
  const Plan plan =
      plan_of(ObservationBuilder().installed("news").schema_unusable("line 1: it is cut off").section("news", true));
  EXPECT_EQ(reason(plan, "plugin_config_invalid:news:schema"), "schema_unusable");
  EXPECT_EQ(plan.findings.front().fix_action, FixAction::no_action);
}

TEST(Plan, a_display_mode_of_two_plugins_that_are_on_is_a_persons) {
  ObservationBuilder builder;
  builder.installed("clock").modes({"now"}).section("clock", true);
  builder.installed("weather").modes({" NOW ", "later"}).section("weather", true);
  const Plan plan = plan_of(builder);
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
  EXPECT_EQ(reason(plan, "display_mode_conflict:clock:now"), "several_on");
  EXPECT_EQ(plan.findings[0].description, "Plugins clock and weather both provide the display mode now");
  EXPECT_THAT(plan.findings[0].advice, testing::HasSubstr("trueup disable weather"));
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Plan, a_display_mode_of_two_plugins_of_which_one_is_off_is_only_information) {
  ObservationBuilder builder;
  builder.installed("clock").modes({"now"}).section("clock", true);
  builder.installed("weather").modes({"now"}).section("weather", false);
  const Plan plan = plan_of(builder);
  EXPECT_EQ(reason(plan, "display_mode_conflict:clock:now"), "not_on_together");
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::no_action);
}

TEST(Plan, a_removed_plugin_shares_no_display_mode) {
  ObservationBuilder builder;
  builder.installed("clock").modes({"now"}).section("clock", true);
  builder.installed("weather").modes({"now"}).section("weather", true).removed("weather");
  EXPECT_EQ(find(plan_of(builder), "display_mode_conflict:clock:now"), nullptr);
}

}  // namespace
}  // namespace trueup::planner
