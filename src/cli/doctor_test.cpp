#include "cli/doctor.h"

#include <gtest/gtest.h>

namespace trueup::cli {
namespace {

using Verdict = Check::Verdict;

model::Observation sound() {
  model::Observation observation;
  for (std::size_t i = 0; i < model::kAllSources.size(); ++i) {
    observation.sources[i] = {.source = model::kAllSources[i], .verdict = model::Verdict::complete, .path = "a/file"};
  }
  return observation;
}

DoctorFacts healthy() {
  return {.root = "/r",
          .paths = {{.path = "config/config_secrets.json", .info = platform::FileInfo{.mode = 0640}},
                    {.path = ".trueup", .info = platform::FileInfo{.mode = 0700}}},
          .lease = LeaseVerdict::works,
          .free_bytes = 1U << 30U,
          .free_plugins_bytes = 1U << 30U};
}

std::vector<Check> checks_of(const DoctorFacts& facts) { return make_checks(facts, sound(), {}); }

const Check* named(const std::vector<Check>& checks, const std::string& name, Verdict verdict) {
  for (const Check& check : checks) {
    if (check.name == name && check.verdict == verdict) return &check;
  }
  return nullptr;
}

TEST(Doctor, finds_nothing_to_do_on_a_sound_machine) {
  const auto checks = checks_of(healthy());
  for (const Check& check : checks) EXPECT_EQ(check.verdict, Verdict::good) << check.name << check.says;
  EXPECT_EQ(exit_status(outcome_of(checks)), 0);
}

TEST(Doctor, says_what_is_wrong_with_a_schedule_that_heavy_work_is_to_wait_for) {
  DoctorFacts facts = healthy();
  facts.display = engine::DisplayTime{.hours = {.problems = {"the hours are odd"}}, .now = model::WallTime{}};
  EXPECT_EQ(named(checks_of(facts), "heavy work", Verdict::warning), nullptr) << "nothing waits for it";
  facts.heavy_work = model::HeavyWork::display_off;
  const auto checks = checks_of(facts);
  EXPECT_EQ(named(checks, "heavy work", Verdict::warning)->says, "the hours are odd");
  EXPECT_EQ(exit_status(outcome_of(checks)), 0);
  facts.display->hours.problems.clear();
  EXPECT_NE(named(checks_of(facts), "heavy work", Verdict::warning)->says.find("the display never is"),
            std::string::npos);
  facts.display->hours.has_schedule = true;  // and off all day
  EXPECT_EQ(named(checks_of(facts), "heavy work", Verdict::warning), nullptr);
  EXPECT_NE(named(checks_of(facts), "heavy work", Verdict::good), nullptr);
  facts.display.reset();
  EXPECT_NE(named(checks_of(facts), "heavy work", Verdict::note), nullptr);
}

TEST(Doctor, a_setting_of_trueups_own_that_does_nothing_is_told_with_the_one_that_may_be_meant) {
  DoctorFacts facts = healthy();
  facts.unknown_settings = {"restart_displai", "volume"};
  std::vector<Check> told;
  for (const Check& check : checks_of(facts)) {
    if (check.name == "own settings") told.push_back(check);
  }
  ASSERT_EQ(told.size(), 2U);
  EXPECT_NE(told[0].says.find("\"restart_displai\""), std::string::npos);
  EXPECT_NE(told[0].advice.find("\"restart_display\""), std::string::npos);
  EXPECT_EQ(told[1].advice, "take it out");
  EXPECT_EQ(exit_status(outcome_of(told)), 0) << "it does no harm";
}

TEST(Doctor, warns_when_others_may_read_secrets_or_write_settings) {
  DoctorFacts facts = healthy();
  facts.paths[0].info->mode = 0644;
  EXPECT_EQ(named(checks_of(facts), "rights", Verdict::warning)->advice, "chmod 640 config/config_secrets.json");
  facts.paths[0] = {.path = "config", .info = platform::FileInfo{.mode = 0777}};
  EXPECT_EQ(named(checks_of(facts), "rights", Verdict::warning)->advice, "chmod o-w config");
  facts.paths[0] = {.path = ".trueup/kept/1-config_secrets.json", .info = platform::FileInfo{.mode = 0640}};
  EXPECT_EQ(named(checks_of(facts), "rights", Verdict::warning)->advice,
            "chmod 600 .trueup/kept/1-config_secrets.json");
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 3);
}

TEST(Doctor, warns_of_a_directory_in_which_nothing_can_be_replaced) {
  DoctorFacts facts = healthy();
  facts.user_id = 1000;
  facts.paths.push_back(
      {.path = "config", .info = platform::FileInfo{.kind = platform::FileKind::directory, .mode = 0555, .uid = 1000}});
  facts.paths[0].info->uid = facts.paths[1].info->uid = 1000;
  EXPECT_EQ(named(checks_of(facts), "user", Verdict::warning)->advice, "chmod u+wx config");
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 3);
  facts.paths.back().info->mode = 0755;
  EXPECT_EQ(named(checks_of(facts), "user", Verdict::warning), nullptr);
  facts.paths.back().info->mode = 0555;
  facts.user_id = 0;  // may do it all the same
  EXPECT_EQ(named(checks_of(facts), "user", Verdict::warning), nullptr);
}

TEST(Doctor, a_directory_of_our_own_that_other_users_verbs_may_look_into_is_in_order) {
  DoctorFacts facts = healthy();
  facts.paths[0] = {.path = ".trueup", .info = platform::FileInfo{.mode = 0755}};
  EXPECT_EQ(named(checks_of(facts), "rights", Verdict::warning), nullptr);
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 0);
}

TEST(Doctor, tells_an_interrupted_action_that_the_next_reconcile_settles) {
  DoctorFacts facts = healthy();
  facts.unfinished = 1;
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 2);
  facts.journal_problem = "it was damaged";
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 3);
}

TEST(Doctor, says_when_space_runs_out_and_when_kept_copies_are_gone) {
  DoctorFacts facts = healthy();
  facts.free_bytes = 1U << 20U;
  facts.kept_missing = {"3-config.json"};
  const auto checks = checks_of(facts);
  EXPECT_NE(named(checks, "free space", Verdict::warning), nullptr);
  EXPECT_NE(named(checks, "kept files", Verdict::warning)->says.find("3-config.json"), std::string::npos);
}

TEST(Doctor, an_unreadable_source_counts_and_an_unreadable_template_does_not) {
  model::Observation observation = sound();
  observation.reading(model::Source::template_).verdict = model::Verdict::unreadable;
  EXPECT_EQ(exit_status(outcome_of(make_checks(healthy(), observation, {}))), 0);
  observation.reading(model::Source::disk).verdict = model::Verdict::unreadable;
  EXPECT_EQ(exit_status(outcome_of(make_checks(healthy(), observation, {}))), 5);
}

TEST(Doctor, names_the_LEDMatrix_it_stands_beside_and_the_file_that_one_believes) {
  DoctorFacts facts = healthy();
  facts.neighbour = {.found = true,
                     .version = "3.2.0",
                     .commit = "6b745066" + std::string(32, '0'),
                     .branch = "main",
                     .winner = model::Winner::config};
  EXPECT_EQ(named(checks_of(facts), "LEDMatrix", Verdict::good)->says,
            "version 3.2.0, commit 6b745066 on main; where config.json and plugin_state.json differ it believes "
            "config.json");
  facts.neighbour.winner = model::Winner::state;
  EXPECT_NE(named(checks_of(facts), "LEDMatrix", Verdict::note)->advice, "");
  facts.neighbour = {.found = true, .known_by = "nobody knows it"};
  EXPECT_NE(named(checks_of(facts), "LEDMatrix", Verdict::note)->says.find("nobody knows it"), std::string::npos);
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 0);
}

TEST(Doctor, says_aloud_where_this_system_is_weaker) {
  DoctorFacts facts = healthy();
  facts.lease = LeaseVerdict::unsupported;
  EXPECT_NE(named(checks_of(facts), "exchange", Verdict::note)->says.find("degraded"), std::string::npos);
  EXPECT_EQ(exit_status(outcome_of(checks_of(facts))), 0);
}

TEST(Doctor, shows_a_write_that_was_displaced) {
  const auto checks =
      make_checks(healthy(), sound(), {{.description = "config.json was written to", .advice = "look"}});
  EXPECT_NE(named(checks, "displaced", Verdict::bad), nullptr);
  EXPECT_EQ(exit_status(outcome_of(checks)), 3);
}

}  // namespace
}  // namespace trueup::cli
