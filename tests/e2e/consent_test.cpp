// `resolve` and `ignore`: what a person decides about what trueup does not settle by itself.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Consent : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  CommandResult resolve(const std::string& finding, const std::string& choice) {
    return trueup.run({"resolve", finding, "--choose", choice});
  }
  std::vector<std::string> choices_of(const std::string& finding) {
    const auto plan = nlohmann::json::parse(trueup.run({"--json", "plan"}).output);
    std::vector<std::string> names;
    for (const auto& one : plan["inconsistencies_found"]) {
      if (one["finding"] != finding) continue;
      for (const auto& choice : one["choices"]) names.push_back(choice["choose"]);
    }
    return names;
  }
};

TEST_F(Consent, a_wrong_typed_enabled_is_settled_by_the_word_of_its_owner) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": "yes", "skin": 1})");
  const std::string finding = "plugin_config_invalid:clock:enabled";
  ASSERT_THAT(choices_of(finding), testing::ElementsAre("on", "off"));
  const auto before = take_snapshot(home.root());
  const auto asked = trueup.run({"resolve", finding});
  EXPECT_EQ(asked.exit_status, 0);
  EXPECT_THAT(asked.output, HasSubstr("on: writes true to `clock.enabled`"));
  const auto unknown = resolve(finding, "maybe");
  EXPECT_EQ(unknown.exit_status, 1);
  EXPECT_THAT(unknown.errors, HasSubstr("choose one of: on, off"));
  EXPECT_EQ(difference(before, take_snapshot(home.root()), Compare::contents), "");

  const auto done = resolve(finding, "on");
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("is settled"));
  EXPECT_EQ(json_at(read_file(home.config()), "/clock"), R"({"enabled":true,"skin":1})");
}

TEST_F(Consent, settings_that_are_no_object_are_replaced_only_by_choice_and_undo_brings_them_back) {
  home.add_plugin("clock").set_section("clock", R"([1, 2,   3])");
  const std::string original = read_file(home.config());
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_EQ(read_file(home.config()), original);
  const auto done = resolve("plugin_config_invalid:clock", "replace");
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_EQ(json_at(read_file(home.config()), "/clock"), R"({"enabled":false})");
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), original);
}

TEST_F(Consent, a_core_key_in_the_secrets_file_goes_where_its_owner_says) {
  home.add_plugin("clock").set_enabled("clock", false);
  home.set_secret("clock", R"({"enabled": true, "api_key": "hush"})");
  const std::string finding = "plugin_config_invalid:clock:secrets.enabled";
  ASSERT_THAT(choices_of(finding), testing::ElementsAre("config", "secrets"));
  EXPECT_EQ(resolve(finding, "secrets").exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/clock/enabled"), "true");
  EXPECT_EQ(json_at(read_file(home.secrets()), "/clock"), R"({"api_key":"hush"})");
  EXPECT_THAT(choices_of(finding), IsEmpty());
}

TEST_F(Consent, of_two_directories_of_one_plugin_the_chosen_one_stays) {
  home.add_plugin("clock").add_plugin("clock", "0.9.0", "clock-old").set_enabled("clock", true);
  const std::string finding = "plugin_id_mismatch:clock:claims";
  ASSERT_THAT(choices_of(finding), testing::UnorderedElementsAre("keep-clock", "keep-clock-old"));
  const std::string old = read_file(home.plugin("clock") / "manifest.json");
  EXPECT_EQ(resolve(finding, "keep-clock-old").exit_status, 0);
  EXPECT_FALSE(std::filesystem::exists(home.plugin("clock")));
  EXPECT_TRUE(std::filesystem::exists(home.plugin("clock-old")));
  EXPECT_TRUE(some_file_is(home.plugins(), old));
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.plugin("clock") / "manifest.json"), old);
}

TEST_F(Consent, a_damaged_config_is_put_back_from_the_copy_that_the_finding_offers) {
  home.add_plugin("clock").set_enabled("clock", true);
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  const std::string good = read_file(home.config());
  EXPECT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
  const std::string torn = read_file(home.config()).substr(0, 40);
  write_file(home.config(), torn);
  EXPECT_EQ(choices_of("source_unreadable:config"), std::vector<std::string>{"restore"});
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"status"}, {"plan", "--json"}, {"resolve", "source_unreadable:config"}}) {
    const std::string said = trueup.run(words).output;
    EXPECT_NE(said.find("UTC (less than an hour ago)"), std::string::npos) << "how old is it? " << said;
    EXPECT_NE(said.find("missing from it: action 2 (enable clock)"), std::string::npos) << said;
  }
  const auto done = resolve("source_unreadable:config", "restore");
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_EQ(read_file(home.config()), good);
  EXPECT_TRUE(some_file_is(home.root() / ".trueup/kept", torn));
}

TEST_F(Consent, what_is_ignored_counts_no_more_until_its_evidence_changes_and_undo_takes_it_back) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": "yes"})");
  const std::string finding = "plugin_config_invalid:clock:enabled";
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3);
  const auto done = trueup.run({"ignore", finding});
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_EQ(trueup.run({"status"}).exit_status, 0);
  EXPECT_EQ(trueup.plan().finding(finding)->reason, "ignored_by_owner");
  EXPECT_THAT(trueup.run({"ignore", finding}).output, HasSubstr("was ignored already"));

  home.set_section("clock", R"({"enabled": "no"})");
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3) << "the evidence changed";
  home.set_section("clock", R"({"enabled": "yes"})");
  EXPECT_EQ(trueup.run({"status"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3);
}

TEST_F(Consent, ignoring_holds_what_reconcile_would_do_and_asking_by_name_does_it_all_the_same) {
  home.add_plugin("clock");
  const std::string finding = "plugin_missing_in_config:clock";
  EXPECT_EQ(trueup.run({"ignore", finding, "--for", "7d"}).exit_status, 0);
  const std::string config = read_file(home.config());
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_EQ(trueup.run({"reconcile", "clock"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/clock"), R"({"enabled":false})");
}

TEST_F(Consent, what_cannot_be_read_and_what_is_not_found_is_not_ignored) {
  home.add_plugin("clock").set_enabled("clock", true);
  write_file(home.config(), "{\"clock\": ");
  const auto before = take_snapshot(home.root());
  const auto refused = trueup.run({"ignore", "source_unreadable:config"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("is not ignored"));
  EXPECT_EQ(trueup.run({"ignore", "plugin_missing_on_disk:nothing"}).exit_status, 1);
  EXPECT_EQ(trueup.run({"ignore", "source_unreadable:config", "--for", "soon"}).exit_status, 64);
  EXPECT_EQ(difference(before, take_snapshot(home.root()), Compare::contents), "");
}

TEST_F(Consent, another_programs_write_that_was_displaced_can_be_put_in_place_or_let_go) {
  home.add_plugin("clock").set_enabled("clock", true);
  EXPECT_EQ(trueup.run({"disable", "clock"}).exit_status, 0);
  // The program that still had the old file open writes to it after the exchange.
  const auto kept = home.root() / ".trueup/kept/1-config.json";
  std::string theirs = read_file(kept);
  theirs.insert(theirs.rfind('}'), R"(,"night": {"on": true})");
  write_file(kept, theirs);
  const std::string finding = "write_displaced:config:1-config.json";
  EXPECT_EQ(choices_of(finding), (std::vector<std::string>{"take", "keep"}));
  const std::string ours = read_file(home.config());
  EXPECT_EQ(resolve(finding, "take").exit_status, 0);
  EXPECT_EQ(read_file(home.config()), theirs);
  EXPECT_THAT(choices_of(finding), IsEmpty());
  EXPECT_TRUE(some_file_is(home.root() / ".trueup/kept", ours));
}

}  // namespace
}  // namespace trueup::test
