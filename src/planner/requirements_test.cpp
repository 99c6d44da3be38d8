// What follows from Python packages that the display's Python lacks, by what the owner allows.
#include "planner/requirements.h"

#include <gmock/gmock.h>

#include "planner/pip_command.h"
#include "planner/plan.h"
#include "support/observation_builder.h"

namespace trueup::planner {
namespace {

using model::FixAction;
using model::PythonRequirements;
using test::ObservationBuilder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kCommand =
    "sudo /home/ledmatrix/venv/bin/python3 -m pip install --break-system-packages -r "
    "/home/ledmatrix/plugin-repos/clock/requirements.txt";

ObservationBuilder lacking(bool marked, std::size_t odd_line = 0) {
  return ObservationBuilder()
      .installed("clock")
      .section("clock", true)
      .recorded("clock", true, "1.0.0")
      .lacks_package("clock", marked, odd_line);
}

model::Plan planned(const ObservationBuilder& builder, model::Policy policy = {}) {
  policy.python_requirements = PythonRequirements::install;
  return make_plan(builder.seen, policy);
}

TEST(Requirements, are_told_with_the_command_and_nothing_is_run_unless_the_owner_allows_it) {
  for (const bool marked : {true, false}) {
    const model::Plan plan = make_plan(lacking(marked).seen, {});
    ASSERT_THAT(plan.findings, SizeIs(1));
    EXPECT_EQ(plan.findings[0].reason, kRequirementsMissing);
    EXPECT_EQ(plan.findings[0].fix_action, marked ? FixAction::manual_fix_required : FixAction::no_action);
    EXPECT_THAT(plan.findings[0].advice, HasSubstr(kCommand));
    EXPECT_THAT(plan.steps, IsEmpty());
  }
}

TEST(Requirements, are_installed_by_a_step_of_its_own_where_the_owner_allows_it) {
  const model::Plan plan = planned(lacking(false));
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].action, model::StepAction::install_requirements);
  EXPECT_EQ(plan.steps[0].reason, kRequirementsMissing);
  EXPECT_EQ(plan.steps[0].finding, plan.findings[0].finding);
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::auto_fix);
  EXPECT_EQ(plan.steps[0].summary, "install requests>=2.0.0 with `" + std::string(kCommand).substr(5) + "`");
  EXPECT_NE(plan.digest, make_plan(lacking(false).seen, {}).digest) << "what is confirmed is what is done";
}

TEST(Requirements, of_an_odd_file_are_never_given_to_pip) {
  const model::Plan plan = planned(lacking(true, 3), {.only = {"clock"}, .retry = true});
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_EQ(plan.findings[0].reason, kRequirementsNotPlain);
  EXPECT_EQ(plan.findings[0].fix_action, FixAction::manual_fix_required);
  EXPECT_THAT(plan.findings[0].advice, HasSubstr("line 3"));
  EXPECT_THAT(plan.findings[0].advice, HasSubstr(kCommand));
}

TEST(Requirements, that_pip_failed_for_wait_unless_they_are_asked_for) {
  const auto failed = lacking(true).pip_failed("clock");
  EXPECT_THAT(planned(failed).steps, IsEmpty());
  const auto found = planned(failed).findings[0];
  EXPECT_EQ(found.reason, kRequirementsWait);
  EXPECT_EQ(found.fix_action, FixAction::manual_fix_required);
  EXPECT_THAT(found.advice, HasSubstr("pip failed with exit status 1"));
  EXPECT_THAT(planned(failed, {.retry = true}).steps, SizeIs(1));
  EXPECT_THAT(planned(failed, {.only = {"clock"}}).steps, SizeIs(1));
  auto over = failed;
  over.seen.python.missing.back().waits = false;
  EXPECT_THAT(planned(over).steps, SizeIs(1));
}

TEST(Requirements, that_the_owner_ignores_are_left_alone) {
  auto builder = lacking(true);
  const auto found = planned(builder).findings[0];
  builder.seen.ledger.holds.push_back({.finding = found.finding,
                                       .evidence_digest = model::evidence_digest(found),
                                       .reason = std::string(model::kIgnoredByOwner)});
  EXPECT_THAT(planned(builder).steps, IsEmpty());
}

TEST(Requirements, of_what_is_off_was_removed_or_comes_back_from_a_copy_are_no_finding) {
  auto off = ObservationBuilder().installed("clock").section("clock", false).recorded("clock", false, "1.0.0");
  EXPECT_THAT(planned(off.lacks_package("clock", true)).findings, IsEmpty());
  for (const auto& finding : planned(lacking(true).removed("clock")).findings) {
    EXPECT_NE(finding.reason, kRequirementsMissing);
  }
  EXPECT_THAT(planned(lacking(true).unreadable(model::Source::ledger)).steps, IsEmpty())
      << "whether pip failed before is not known";
}

TEST(Requirements, are_installed_by_the_very_words_that_a_person_is_told) {
  EXPECT_EQ(pip_command("/usr/bin/python3", "/a b/it's.txt"),
            R"(/usr/bin/python3 -m pip install --break-system-packages -r '/a b/it'\''s.txt')");
  EXPECT_EQ(pip_words("/usr/bin/python3", "/a b/r.txt").back(), "/a b/r.txt");
}

}  // namespace
}  // namespace trueup::planner
