// When settings follow a renamed plugin by themselves, and when a person is asked (failure F88).
#include "planner/rename.h"

#include <gmock/gmock.h>

#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Plan;
using model::PluginReference;
using test::ObservationBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFinding = "plugin_renamed:old";

struct Renamed : testing::Test {
  ObservationBuilder home;

  /// `new` is installed and was `old`; the registry says so.
  Renamed& declared_by_registry() {
    home.installed("new").offered("new");
    home.seen.registry.entries.back().aliases = {"old"};
    return *this;
  }
  Renamed& declared_by_manifest() {
    home.installed("new").offered("new");
    home.seen.disk.directories.back().former_ids = {"old"};
    return *this;
  }
  void names(PluginReference::Kind kind, std::vector<std::string> path, std::string id, std::string text = "") {
    home.seen.config.references.push_back(
        {.kind = kind, .path = std::move(path), .plugin_id = std::move(id), .text = std::move(text)});
  }
  [[nodiscard]] Plan plan() const { return make_plan(home.seen, {}); }
  [[nodiscard]] std::string reason(const std::string& id = kFinding) const {
    for (const auto& found : plan().findings) {
      if (found.finding == id) return found.reason;
    }
    return "nothing found";
  }
  [[nodiscard]] std::vector<std::string> choices() const {
    std::vector<std::string> names;
    for (const auto& found : plan().findings) {
      for (const auto& choice : found.choices) names.push_back(found.finding == kFinding ? choice.name : "");
    }
    return names;
  }
};

DocumentEdit renamed(DocumentName document, std::vector<std::string> path) {
  DocumentEdit edit{.document = document, .path = std::move(path), .expected = {}, .value = {}};
  edit.new_key = std::string("new");
  return edit;
}

TEST_F(Renamed, settings_move_where_the_registry_declares_the_rename) {
  declared_by_registry();
  home.section("old", true).secret("old");
  const Plan made = plan();
  ASSERT_THAT(made.steps, SizeIs(1));
  EXPECT_EQ(made.steps[0].action, model::StepAction::rename_plugin);
  EXPECT_FALSE(made.steps[0].disruptive);
  EXPECT_THAT(made.steps[0].edits,
              ElementsAre(renamed(DocumentName::config, {"old"}), renamed(DocumentName::secrets, {"old"})));
}

TEST_F(Renamed, settings_move_where_the_manifest_declares_the_rename) {
  declared_by_manifest();
  home.section("old", true);
  EXPECT_THAT(plan().steps, SizeIs(1));
  EXPECT_EQ(reason(), "declared_rename");
}

TEST_F(Renamed, the_new_name_gets_no_section_of_its_own_while_the_old_one_has_the_settings) {
  declared_by_registry();
  home.section("old", true);
  EXPECT_EQ(reason("plugin_missing_in_config:new"), "settings_under_other_name");
}

TEST_F(Renamed, nothing_is_merged_where_both_names_have_settings) {
  declared_by_registry();
  home.section("old", true).section("new", false);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "settings_under_both_names");
  EXPECT_THAT(choices(), ElementsAre("keep-new", "keep-old"));
}

TEST_F(Renamed, nothing_moves_where_both_names_have_secrets) {
  declared_by_registry();
  home.section("old", true).secret("old").secret("new");
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "secrets_under_both_names");
}

TEST_F(Renamed, a_directory_name_alone_declares_nothing) {
  home.installed("new", "1.0.0", "old").section("old", true);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "settings_under_other_name");
  EXPECT_THAT(choices(), ElementsAre("move"));
}

TEST_F(Renamed, the_short_name_of_the_registry_declares_nothing) {
  home.installed("new").section("old", true).offered("old", "new");
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "settings_under_other_name");
}

TEST_F(Renamed, a_manifest_cannot_take_the_settings_of_another_plugin) {
  declared_by_manifest();
  home.section("old", true).offered("old");
  EXPECT_EQ(reason(), "nothing found");
  EXPECT_EQ(reason("plugin_missing_on_disk:old"), "missing") << "it is fetched as if nobody had claimed its name";

  home.seen.registry.entries.clear();
  home.seen.ledger.receipts.push_back({.plugin_id = "old", .directory = "old", .version = "1.0.0", .origin = ""});
  EXPECT_EQ(reason(), "name_of_another_plugin");
}

TEST_F(Renamed, two_manifests_that_claim_one_name_declare_nothing) {
  declared_by_manifest();
  home.installed("other").section("other", true).section("old", true);
  home.seen.disk.directories.back().former_ids = {"old"};
  for (const auto& step : plan().steps) EXPECT_NE(step.action, model::StepAction::rename_plugin);
}

TEST_F(Renamed, a_manifest_waits_for_a_registry_that_cannot_be_read) {
  declared_by_manifest();
  home.section("old", true).unreadable(model::Source::registry);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "registry_unreadable");
}

TEST_F(Renamed, two_former_names_with_settings_are_a_persons_choice) {
  declared_by_registry();
  home.seen.registry.entries.back().aliases = {"old", "older"};
  home.section("old", true).section("older", false);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "settings_under_several_names");
}

TEST_F(Renamed, nothing_moves_while_secrets_records_or_removals_cannot_be_read) {
  for (const auto source : {model::Source::secrets, model::Source::state, model::Source::tombstones}) {
    home = {};
    declared_by_registry();
    home.section("old", true).unreadable(source);
    for (const auto& step : plan().steps) EXPECT_NE(step.action, model::StepAction::rename_plugin);
  }
}

TEST_F(Renamed, every_place_that_names_the_plugin_goes_along) {
  declared_by_registry();
  home.section("old", true);
  using Kind = PluginReference::Kind;
  names(Kind::element, {"display", "plugin_rotation_order", "0"}, "clock");
  names(Kind::element, {"display", "plugin_rotation_order", "1"}, "old");
  names(Kind::element, {"display", "vegas_scroll", "plugin_order", "0"}, "new");
  names(Kind::element, {"display", "vegas_scroll", "plugin_order", "1"}, "old");
  names(Kind::key, {"display", "display_durations", "old"}, "old");
  const auto edits = plan().steps.at(0).edits;
  EXPECT_THAT(edits, SizeIs(3)) << "the list that names it already stays as it is";
  EXPECT_THAT(edits, Contains(DocumentEdit{
                         DocumentName::config, {"display", "plugin_rotation_order", "1"}, "\"old\"", "\"new\""}));
  EXPECT_THAT(edits, Contains(renamed(DocumentName::config, {"display", "display_durations", "old"})));
}

TEST_F(Renamed, a_duration_that_the_new_name_has_already_is_not_overwritten) {
  declared_by_registry();
  home.section("old", true);
  names(PluginReference::Kind::key, {"display", "display_durations", "old"}, "old");
  names(PluginReference::Kind::key, {"display", "display_durations", "new"}, "new");
  EXPECT_THAT(plan().steps.at(0).edits, ElementsAre(renamed(DocumentName::config, {"old"})));
}

TEST_F(Renamed, uploads_and_the_texts_that_name_them_go_along_unless_the_new_name_has_some) {
  declared_by_registry();
  home.section("old", true);
  home.seen.uploads.names = {"old"};
  names(PluginReference::Kind::upload, {"old", "images", "0"}, "old", "assets/plugins/old/uploads/old/cat.png");
  const auto step = plan().steps.at(0);
  EXPECT_EQ(step.uploads, (model::UploadsMove{"old", "new"}));
  EXPECT_EQ(step.edits.back().value, "\"assets/plugins/new/uploads/old/cat.png\"");

  home.seen.uploads.names = {"new", "old"};
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "uploads_under_both_names");
  home.seen.uploads = {.names = {}, .problem = "assets is a link"};
  EXPECT_EQ(reason(), "uploads_unreadable");
}

TEST_F(Renamed, the_record_goes_along_and_says_what_config_and_manifest_say) {
  declared_by_registry();
  home.section("old", true).recorded("old", false, "0.9.0");
  const auto edits = plan().steps.at(0).edits;
  DocumentEdit record = renamed(DocumentName::state, {"states", "old"});
  record.expected = home.seen.state.back().text;
  EXPECT_THAT(edits, Contains(record));
  EXPECT_THAT(edits, Contains(DocumentEdit{DocumentName::state, {"states", "new", "plugin_id"}, "\"old\"", "\"new\""}));
  EXPECT_THAT(edits, Contains(DocumentEdit{DocumentName::state, {"states", "new", "enabled"}, "false", "true"}));
  EXPECT_THAT(edits,
              Contains(DocumentEdit{DocumentName::state, {"states", "new", "version"}, "\"0.9.0\"", "\"1.0.0\""}));
  EXPECT_THAT(plan().steps, SizeIs(1)) << "no other rule writes a record that is about to move";
}

TEST_F(Renamed, the_record_is_left_to_the_web_process_while_it_runs) {
  declared_by_registry();
  home.section("old", true).recorded("old", true);
  home.seen.web_process = model::Tristate::yes;
  EXPECT_THAT(plan().steps.at(0).edits, ElementsAre(renamed(DocumentName::config, {"old"})));
}

/// Two entries of the registry say that theirs was `old`.
ObservationBuilder claimed_twice() {
  ObservationBuilder home;
  home.section("old", true).secret("old").offered("other").offered("new");
  for (auto& entry : home.seen.registry.entries) entry.aliases = {"old"};
  return home;
}

TEST_F(Renamed, two_entries_that_claim_one_name_declare_nothing_and_both_are_named_F88) {
  const auto expect_asked = [this] {
    for (const auto& step : plan().steps) EXPECT_NE(step.plugin_id, "old");
    for (const auto& step : plan().steps) EXPECT_NE(step.action, model::StepAction::rename_plugin);
    for (const auto& found : plan().findings) {
      if (found.finding != "plugin_missing_on_disk:old") continue;
      EXPECT_EQ(found.fix_action, model::FixAction::manual_fix_required);
      EXPECT_THAT(found.advice, testing::HasSubstr("`other` and `new`"));
    }
    EXPECT_EQ(reason("plugin_missing_on_disk:old"), "claimed_by_several");
  };
  home = claimed_twice();
  expect_asked();
  home = claimed_twice();
  home.installed("new").installed("other");
  expect_asked();
}

TEST_F(Renamed, of_two_entries_that_claim_one_name_the_installed_one_has_it_wherever_it_stands) {
  for (const std::string id : {"new", "other"}) {
    home = claimed_twice();
    home.installed(id);
    ASSERT_THAT(plan().steps, SizeIs(1)) << id;
    EXPECT_EQ(plan().steps[0].action, model::StepAction::rename_plugin);
    EXPECT_EQ(*plan().steps[0].edits.at(0).new_key, id);
  }
}

DocumentEdit section_of_new(const std::string& text) {
  return {.document = DocumentName::config, .path = {"new"}, .expected = {}, .value = text};
}

TEST_F(Renamed, what_is_recorded_stands_where_neither_name_has_a_section_F88) {
  for (const bool on : {true, false}) {
    home = {};
    declared_by_registry();
    home.secret("old").recorded("old", on);
    const Plan made = plan();
    ASSERT_THAT(made.steps, SizeIs(1));
    EXPECT_EQ(made.steps[0].action, model::StepAction::rename_plugin);
    EXPECT_THAT(made.steps[0].edits, Contains(renamed(DocumentName::secrets, {"old"})));
    EXPECT_THAT(made.steps[0].edits, Contains(section_of_new(on ? R"({"enabled": true})" : R"({"enabled": false})")));
    EXPECT_THAT(made.steps[0].edits, Contains(testing::Field(&DocumentEdit::path, ElementsAre("states", "old"))));
  }
}

TEST_F(Renamed, a_record_alone_or_secrets_alone_go_along) {
  declared_by_manifest();
  home.recorded("old", true);
  ASSERT_THAT(plan().steps, SizeIs(1));
  EXPECT_THAT(plan().steps[0].edits, Contains(section_of_new(R"({"enabled": true})")));
  home = {};
  declared_by_manifest();
  home.secret("old");
  ASSERT_THAT(plan().steps, SizeIs(1));
  EXPECT_THAT(plan().steps[0].edits,
              ElementsAre(renamed(DocumentName::secrets, {"old"}), section_of_new(R"({"enabled": false})")));
}

TEST_F(Renamed, secrets_follow_to_a_name_that_has_none_and_its_own_section_decides) {
  declared_by_registry();
  home.secret("old").recorded("old", true).section("new", false);
  const Plan made = plan();
  ASSERT_THAT(made.steps, SizeIs(1));
  for (const DocumentEdit& edit : made.steps[0].edits) EXPECT_NE(edit.document, DocumentName::config);
  home.secret("new");
  EXPECT_EQ(reason(), "secrets_under_both_names");
  for (const auto& step : plan().steps) EXPECT_NE(step.action, model::StepAction::rename_plugin);
}

TEST_F(Renamed, a_record_of_the_old_name_is_a_ghost_where_the_new_one_has_made_its_choice) {
  declared_by_registry();
  home.recorded("old", true).section("new", false);
  EXPECT_EQ(reason(), "nothing found");
  EXPECT_EQ(reason("plugin_orphaned_state:old"), "alias_of_installed");
}

TEST_F(Renamed, a_record_of_a_name_that_only_an_unreadable_registry_could_explain_waits_for_it) {
  home.installed("new").recorded("old", true).unreadable(model::Source::registry);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason("plugin_orphaned_state:old"), "registry_unreadable");
  EXPECT_EQ(reason("plugin_missing_in_config:new"), "registry_unreadable");
  home.section("new", false);
  EXPECT_EQ(reason("plugin_orphaned_state:old"), "nothing_behind_it");
}

TEST_F(Renamed, secrets_of_a_name_that_nobody_declares_are_left_alone) {
  home.installed("new").offered("new").section("new", true).secret("old");
  EXPECT_THAT(plan().findings, IsEmpty());
}

TEST_F(Renamed, secrets_of_two_former_names_are_a_persons_choice) {
  declared_by_manifest();
  home.seen.disk.directories.back().former_ids = {"old", "older"};
  home.secret("old").secret("older").section("new", true);
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "settings_under_several_names");
  EXPECT_EQ(reason("plugin_renamed:older"), "settings_under_several_names");
}

TEST_F(Renamed, under_the_rules_of_ledmatrix_nothing_moves) {
  declared_by_registry();
  home.section("old", true);
  const Plan made = make_plan(home.seen, {.rules = model::RuleSet::ledmatrix});
  for (const auto& step : made.steps) EXPECT_NE(step.action, model::StepAction::rename_plugin);
}

TEST_F(Renamed, settings_of_a_plugin_that_its_owner_removed_move_only_by_his_word) {
  declared_by_registry();
  home.section("old", true).removed("old");
  EXPECT_THAT(plan().steps, IsEmpty());
  EXPECT_EQ(reason(), "removed_by_owner");
}

TEST_F(Renamed, is_mended_by_the_name_of_the_plugin_that_is_installed_too) {
  declared_by_registry();
  home.section("old", true);
  for (const char* name : {"old", "new"}) {
    const Plan made = make_plan(home.seen, {.only = {name}});
    EXPECT_THAT(made.steps, SizeIs(1)) << name;
  }
}

TEST_F(Renamed, a_choice_between_two_sections_says_that_the_pictures_stay) {
  declared_by_registry();
  home.section("old", true).section("new", true);
  home.seen.uploads.names = {"old"};
  const Plan made = plan();
  ASSERT_FALSE(made.findings.empty());
  for (const model::Choice& choice : made.findings[0].choices) {
    if (choice.name == "keep") continue;
    EXPECT_THAT(choice.does, testing::HasSubstr("the pictures in assets/plugins/old stay there")) << choice.name;
  }
}

}  // namespace
}  // namespace trueup::planner
