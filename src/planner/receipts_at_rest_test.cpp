// What is decided of plugins that are not as they were installed: half installs, missing and changed files, too old a
// LEDMatrix.
#include <gmock/gmock.h>

#include "model/compatibility.h"
#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::FixAction;
using model::Plan;
using model::Source;
using model::StepAction;
using test::ObservationBuilder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kAsideFinding = "plugin_install_interrupted:clock:clock.standalone-backup-preinstall";

ObservationBuilder on(std::string_view id) {
  ObservationBuilder builder;
  builder.section(id, true).recorded(id, true);
  return builder;
}

/// A whole copy of clock that an interrupted install left.
ObservationBuilder& with_copy(ObservationBuilder& builder, bool complete = true) {
  builder.aside("clock", complete);
  builder.seen.disk.asides.back().id = "clock";
  builder.seen.disk.asides.back().version = "1.0.0";
  return builder;
}

/// clock 1.0.0 as trueup installed it.
ObservationBuilder with_receipt() {
  ObservationBuilder builder = on("clock");
  builder.installed("clock").receipt("clock", "1.0.0");
  return builder;
}

const model::Inconsistency* find(const Plan& plan, std::string_view finding) {
  for (const auto& one : plan.findings) {
    if (one.finding == finding) return &one;
  }
  return nullptr;
}

TEST(InstallInterrupted, F72_a_copy_set_aside_comes_back_and_nothing_is_fetched) {
  auto builder = on("clock");
  const Plan plan = make_plan(with_copy(builder).offered("clock").seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::take_aside_in);
  EXPECT_EQ(plan.steps[0].aside->directory, "clock");
  EXPECT_FALSE(plan.steps[0].disruptive);
}

TEST(InstallInterrupted, a_copy_comes_back_over_half_a_plugin_and_never_over_a_whole_one) {
  auto builder = on("clock").installed("clock");
  with_copy(builder);
  EXPECT_THAT(make_plan(builder.seen, {}).steps, IsEmpty());
  builder.seen.disk.directories.back().incomplete = "its manager.py is empty";
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_TRUE(plan.steps[0].disruptive);
}

TEST(InstallInterrupted, a_copy_of_what_the_owner_removed_stays_where_it_is) {
  ObservationBuilder builder;
  const Plan plan = make_plan(with_copy(builder).removed("clock").seen, {});
  ASSERT_NE(find(plan, kAsideFinding), nullptr);
  EXPECT_EQ(find(plan, kAsideFinding)->reason, "removed_by_owner");
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(InstallInterrupted, a_copy_of_a_name_that_no_program_uses_is_only_told_of) {
  auto builder = on("clock");
  with_copy(builder).seen.disk.asides.back().known_suffix = false;
  const Plan plan = make_plan(builder.offered("clock").seen, {});
  EXPECT_EQ(find(plan, kAsideFinding)->fix_action, FixAction::no_action);
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::install_plugin);
}

TEST(InstallInterrupted, nothing_comes_back_while_it_is_unknown_what_the_owner_removed) {
  auto builder = on("clock");
  const Plan plan = make_plan(with_copy(builder).unreadable(Source::tombstones).seen, {});
  EXPECT_EQ(find(plan, kAsideFinding)->reason, "source_unreadable");
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(InstallInterrupted, of_two_whole_copies_the_newer_one_comes_back) {
  auto builder = on("clock");
  with_copy(builder);
  model::Aside older = builder.seen.disk.asides.back();
  older.name = "clock.standalone-backup-migrating";
  older.version = "0.9.0";
  builder.seen.disk.asides.insert(builder.seen.disk.asides.begin(), older);
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].aside->aside, "clock.standalone-backup-preinstall");
}

/// A copy of clock of which the disk did not give out a file, or not even the manifest.
ObservationBuilder& with_unread_copy(ObservationBuilder& builder, const std::string& file = "manager.py") {
  model::Aside& aside = with_copy(builder, false).seen.disk.asides.back();
  aside.problem = "\"" + file + "\": cannot read: Input/output error";
  aside.unread = aside.name + "/" + file;
  if (file == "manifest.json") aside.id = aside.version = "";
  return builder;
}

TEST(InstallInterrupted, nothing_is_fetched_while_a_copy_cannot_be_read_and_may_come_back_F72) {
  for (const std::string file : {"manager.py", "manifest.json"}) {
    auto builder = on("clock").section("radar", true).recorded("radar", true).offered("clock").offered("radar");
    const Plan plan = make_plan(with_unread_copy(builder, file).seen, {});
    const std::string path = builder.seen.disk.path + "/clock.standalone-backup-preinstall/" + file;
    ASSERT_THAT(plan.steps, SizeIs(1)) << "nothing else is held";
    EXPECT_EQ(plan.steps[0].plugin_id, "radar");
    const auto* copy = find(plan, kAsideFinding);
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(copy->reason, "aside_unreadable");
    EXPECT_EQ(copy->fix_action, FixAction::manual_fix_required);
    EXPECT_THAT(copy->advice, HasSubstr(path));
    EXPECT_EQ(copy->choices[0].name, "install") << "the owner may have the registry's all the same";
    const auto* missing = find(plan, "plugin_missing_on_disk:clock");
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->reason, "aside_unreadable");
    EXPECT_EQ(missing->fix_action, FixAction::no_action);
    EXPECT_THAT(missing->advice, HasSubstr("held until " + path));
  }
}

TEST(InstallInterrupted, a_plugin_with_a_new_name_waits_for_an_unread_copy_under_that_name) {
  ObservationBuilder builder = on("old").offered("clock");
  builder.seen.registry.entries.back().aliases = {"old"};
  EXPECT_THAT(make_plan(builder.seen, {}).steps, SizeIs(1));
  const Plan plan = make_plan(with_unread_copy(builder, "manifest.json").seen, {});
  EXPECT_THAT(plan.steps, IsEmpty());
  ASSERT_NE(find(plan, "plugin_missing_on_disk:old"), nullptr);
  EXPECT_EQ(find(plan, "plugin_missing_on_disk:old")->reason, "aside_unreadable");
}

TEST(InstallInterrupted, a_copy_in_a_directory_of_the_older_spelling_counts_while_its_manifest_cannot_be_read) {
  auto builder = on("clock").offered("clock");
  model::Aside& aside = with_unread_copy(builder, "manifest.json").seen.disk.asides.back();
  aside.owner = "ledmatrix-clock";
  aside.name = "ledmatrix-clock.standalone-backup-preinstall";
  EXPECT_THAT(make_plan(builder.seen, {}).steps, IsEmpty());
}

TEST(InstallInterrupted, a_copy_that_cannot_be_read_holds_nothing_where_it_would_not_come_back) {
  auto stands = on("clock").installed("clock");
  const Plan plan = make_plan(with_unread_copy(stands).seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::no_action) << "the plugin stands";
  auto nobodys = on("clock").offered("clock");
  with_unread_copy(nobodys).seen.disk.asides.back().known_suffix = false;
  EXPECT_THAT(make_plan(nobodys.seen, {}).steps, SizeIs(1));
  auto two = on("clock").offered("clock");
  with_unread_copy(two).aside("clock").seen.disk.asides.back().name = "clock.standalone-backup-migrating";
  const Plan whole = make_plan(two.seen, {});
  ASSERT_THAT(whole.steps, SizeIs(1));
  EXPECT_EQ(whole.steps[0].aside->aside, "clock.standalone-backup-migrating") << "one that is whole was read";
}

TEST(FilesMissing, nothing_is_fetched_while_a_copy_beside_it_cannot_be_read) {
  auto builder = with_receipt().offered("clock");
  builder.seen.disk.directories.back().missing_files = {"manager.py"};
  builder.seen.disk.directories.back().incomplete = "its manager.py is not there";
  EXPECT_THAT(make_plan(builder.seen, {}).steps, SizeIs(1));
  const Plan plan = make_plan(with_unread_copy(builder).seen, {});
  EXPECT_THAT(plan.steps, IsEmpty());
  ASSERT_NE(find(plan, "plugin_files_missing:clock"), nullptr);
  EXPECT_EQ(find(plan, "plugin_files_missing:clock")->reason, "aside_unreadable");
}

TEST(FilesMissing, F71_what_is_gone_is_fetched_at_the_same_version) {
  auto builder = with_receipt();
  builder.seen.disk.directories.back().missing_files = {"assets/icon.png"};
  const Plan plan = make_plan(builder.offered("clock").seen, {});
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::repair_files);
  EXPECT_EQ(plan.steps[0].install->version, "1.0.0");
  EXPECT_EQ(plan.steps[0].install->directory, "clock");
}

TEST(FilesMissing, another_version_is_a_persons_choice) {
  auto builder = with_receipt();
  builder.seen.disk.directories.back().missing_files = {"manager.py"};
  const Plan plan = make_plan(builder.offered("clock", "", "2.0.0").seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].reason, "version_not_offered");
  ASSERT_THAT(plan.findings[0].choices, SizeIs(2));
  EXPECT_EQ(plan.findings[0].choices[0].name, "install");
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(FilesMissing, a_version_that_does_not_fit_this_ledmatrix_is_no_choice) {
  auto builder = with_receipt();
  builder.seen.disk.directories.back().missing_files = {"manager.py"};
  builder.offered("clock", "", "2.0.0").seen.core_version = "3.0.0";
  builder.seen.registry.entries[0].minimum_core = "3.1.0";
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_THAT(plan.findings[0].advice, HasSubstr("does not fit this LEDMatrix: needs 3.1.0"));
  EXPECT_THAT(plan.findings[0].advice, Not(HasSubstr("trueup install")));
  ASSERT_THAT(plan.findings[0].choices, SizeIs(1));
  EXPECT_EQ(plan.findings[0].choices[0].name, "keep");
}

TEST(FilesMissing, a_damaged_manifest_is_repaired_where_the_receipt_speaks_for_the_rest) {
  auto builder = on("clock").damaged("clock").receipt("clock", "1.0.0").offered("clock");
  EXPECT_THAT(make_plan(builder.seen, {}).steps, IsEmpty());
  builder.seen.disk.directories.back().receipt_proved = true;
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, StepAction::repair_files);
}

TEST(Modified, an_edit_is_the_owners_and_named) {
  auto builder = with_receipt();
  builder.seen.disk.directories.back().modified_files = {"manager.py"};
  const Plan plan = make_plan(builder.offered("clock").seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
  EXPECT_NE(plan.findings[0].description.find("manager.py"), std::string::npos);
  ASSERT_THAT(plan.findings[0].choices, SizeIs(2));
  EXPECT_EQ(plan.findings[0].choices[0].name, "keep");
  EXPECT_EQ(plan.findings[0].choices[1].name, "reinstall");
  EXPECT_THAT(plan.steps, IsEmpty());
}

TEST(Incompatible, a_plugin_that_is_on_and_needs_a_newer_ledmatrix_needs_a_person) {
  auto builder = on("clock").installed("clock");
  builder.seen.disk.directories.back().minimum_core = "3.0.0";
  EXPECT_THAT(make_plan(builder.seen, {}).findings, IsEmpty()) << "no version is known";
  builder.seen.core_version = "2.4.0";
  const Plan plan = make_plan(builder.seen, {});
  ASSERT_THAT(plan.findings, SizeIs(1));
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
  EXPECT_EQ(plan.findings[0].choices[0].name, "off");
}

TEST(Incompatible, a_plugin_none_of_whose_ranges_has_this_ledmatrix_in_it_needs_a_person_F93) {
  auto builder = on("clock").installed("clock");
  builder.seen.core_version = "3.2.0";
  const auto findings = [&](std::vector<std::string> ranges) {
    builder.seen.disk.directories.back().core_ranges = std::move(ranges);
    return make_plan(builder.seen, {}).findings;
  };
  EXPECT_THAT(findings({"^2.0.0", ">=3.0.0"}), IsEmpty()) << "one that fits is enough";
  EXPECT_THAT(findings({"garbage"}), IsEmpty()) << "what cannot be read is no evidence";
  EXPECT_THAT(findings({}), IsEmpty());
  const auto found = findings({"^2.0.0", "2.5.0 - 2.9.9"});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].reason, "for_another_ledmatrix");
  EXPECT_EQ(found[0].fix_action, FixAction::manual_fix_required);
  EXPECT_EQ(found[0].description, "Plugin clock is for LEDMatrix ^2.0.0 or 2.5.0 - 2.9.9, and this is 3.2.0");
  EXPECT_EQ(found[0].choices[0].name, "off");
}

TEST(Incompatible, versions_that_say_nothing_are_no_evidence) {
  EXPECT_TRUE(model::needs_newer_core("3.0.0", "2.9.9"));
  EXPECT_TRUE(model::needs_newer_core("2.0.1", "1.0.0"));
  EXPECT_FALSE(model::needs_newer_core("2.0.0", "1.0.0"));
  EXPECT_FALSE(model::needs_newer_core("2.0.0", "v2.0"));
  EXPECT_FALSE(model::needs_newer_core("", "1.0.0"));
  EXPECT_FALSE(model::needs_newer_core("3.0.0", ""));
  EXPECT_FALSE(model::needs_newer_core("soon", "2.0.0"));
}

}  // namespace
}  // namespace trueup::planner
