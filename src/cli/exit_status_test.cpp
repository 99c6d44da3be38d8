#include "cli/exit_status.h"

#include <gtest/gtest.h>

namespace trueup::cli {
namespace {

using model::FixAction;
using model::Inconsistency;
using model::InconsistencyType;

TEST(ExitStatus, is_the_first_of_64_4_1_5_3_2_that_applies) {
  // Every combination of the six reasons, against the order that the design states.
  for (unsigned bits = 0; bits < 64; ++bits) {
    const auto bit = [bits](unsigned n) { return ((bits >> n) & 1U) != 0; };
    const Outcome outcome{.wrong_usage = bit(0),
                          .another_works = bit(1),
                          .failed = bit(2),
                          .source_unreadable = bit(3),
                          .person_needed = bit(4),
                          .fixable = bit(5)};
    const int expected = bit(0) ? 64 : bit(1) ? 4 : bit(2) ? 1 : bit(3) ? 5 : bit(4) ? 3 : bit(5) ? 2 : 0;
    EXPECT_EQ(exit_status(outcome), expected) << bits;
  }
}

TEST(ExitStatus, of_findings_counts_what_can_be_mended_what_needs_a_person_and_what_could_not_be_read) {
  const Inconsistency fixable{.inconsistency_type = InconsistencyType::plugin_missing_in_config,
                              .fix_action = FixAction::auto_fix};
  const Inconsistency manual{.inconsistency_type = InconsistencyType::plugin_manifest_invalid,
                             .fix_action = FixAction::manual_fix_required};
  const Inconsistency unread{.inconsistency_type = InconsistencyType::source_unreadable,
                             .fix_action = FixAction::manual_fix_required};
  const Inconsistency unread_but_harmless{.inconsistency_type = InconsistencyType::source_unreadable,
                                          .fix_action = FixAction::no_action};
  const Inconsistency note{.inconsistency_type = InconsistencyType::unknown_config_section,
                           .fix_action = FixAction::no_action};
  const auto status = [](const std::vector<Inconsistency>& findings) { return exit_status(outcome_of(findings)); };
  EXPECT_EQ(status({}), 0);
  EXPECT_EQ(status({note}), 0);
  EXPECT_EQ(status({unread_but_harmless}), 0);
  EXPECT_EQ(status({fixable, note}), 2);
  EXPECT_EQ(status({fixable, manual}), 3);
  EXPECT_EQ(status({fixable, manual, unread}), 5);
}

TEST(ExitStatus, of_an_error_tells_a_working_neighbour_from_a_failure) {
  EXPECT_EQ(exit_status(outcome_of(Error{.code = ErrorCode::busy})), 4);
  EXPECT_EQ(exit_status(outcome_of(Error{.code = ErrorCode::io})), 1);
  EXPECT_EQ(exit_status(outcome_of(Error{.code = ErrorCode::unreadable})), 1);
}

}  // namespace
}  // namespace trueup::cli
