// Promise 7: every finding, every step and everything deliberately left alone has a reason code, a sentence, and the
// evidence it rests on.
#include <nlohmann/json.hpp>

#include "promises/promises.h"

namespace trueup::test {
namespace {

using Json = nlohmann::json;

/// Every kind of finding that the disk alone can bring about.
void every_kind(Installation& home) {
  Promises::drift(home);
  home.add_plugin("named", "1.0.0", "other-name").set_enabled("named", true).record("named", true, "1.0.0");
  home.add_plugin("twice", "1.0.0", "twice").add_plugin("twice", "1.0.0", "twice-copy").set_enabled("twice", true);
  home.set_section("text", "\"on\"").add_plugin("text");
  home.set_section("wrong", R"({"enabled":"yes"})").add_plugin("wrong");
  home.set_enabled("nowhere", true).record("nowhere", true);
  home.set_enabled("asleep", false).offer("asleep");
  home.set_enabled("removed", true).offer("removed").add_tombstone("removed");
  home.add_plugin("unwelcome").add_tombstone("unwelcome");
  home.set_section("legacy", R"({"city":"Lund"})").offer("legacy");
  home.write("plugin-repos/broken/manifest.json", "{\"id\": \"bro");
  home.write("plugin-repos/steady.standalone-backup-preinstall/manifest.json", R"({"id": "steady"})");
  home.set_secret("display", R"({"enabled":true})");
}

void expect_explained(const Json& finding) {
  SCOPED_TRACE(finding.dump(2));
  for (const char* field : {"finding", "inconsistency_type", "plugin_id", "reason", "fix_action", "description"}) {
    EXPECT_FALSE(finding.value(field, "").empty()) << field;
  }
  const std::string sentence = finding.value("description", "");
  EXPECT_NE(sentence.find(' '), std::string::npos) << "no sentence";
  EXPECT_FALSE(finding.value("advice", "").empty()) << "what now?";
  const Json evidence = finding.value("evidence", Json::array());
  EXPECT_FALSE(evidence.empty()) << "no evidence";
  for (const Json& one : evidence) {
    EXPECT_FALSE(one.value("where", "").empty());
    EXPECT_FALSE(one.value("fact", "").empty());
  }
}

void expect_all_explained(const Json& answer) {
  std::set<std::string> findings;
  for (const char* list : {"inconsistencies_found", "inconsistencies_fixed", "inconsistencies_manual"}) {
    for (const Json& finding : answer.at(list)) {
      expect_explained(finding);
      if (std::string_view(list) == "inconsistencies_found") {
        EXPECT_TRUE(findings.insert(finding.value("finding", "")).second) << "twice: " << finding.value("finding", "");
      }
    }
  }
  for (const Json& step : answer.at("steps")) {
    SCOPED_TRACE(step.dump(2));
    EXPECT_FALSE(step.value("action", "").empty());
    EXPECT_FALSE(step.value("reason", "").empty());
    EXPECT_NE(step.value("summary", "").find(' '), std::string::npos);
    EXPECT_TRUE(findings.contains(step.value("finding", ""))) << "a step without a finding";
  }
}

TEST_F(Promises, p7_explains_itself_in_every_finding_and_every_step) {
  every_kind(home);
  for (const std::string rules : kRuleSets) {
    SCOPED_TRACE(rules);
    const CommandResult ran = trueup.run(under(rules, {"--json", "plan"}));
    const Json answer = Json::parse(ran.output);
    EXPECT_GT(answer.at("inconsistencies_found").size(), 10U);
    expect_all_explained(answer);
  }
  std::set<std::string> types;
  std::set<std::string> actions;
  for (const ShownFinding& finding : trueup.plan().found) {
    types.insert(finding.type);
    actions.insert(finding.fix_action);
  }
  EXPECT_THAT(types,
              testing::IsSupersetOf({"plugin_missing_in_config", "plugin_missing_on_disk", "plugin_enabled_mismatch",
                                     "plugin_version_mismatch", "plugin_state_corrupted", "plugin_manifest_invalid",
                                     "plugin_id_mismatch", "plugin_config_invalid", "plugin_orphaned_state",
                                     "plugin_install_interrupted", "unknown_config_section"}));
  EXPECT_THAT(actions, testing::UnorderedElementsAre("auto_fix", "manual_fix_required", "no_action"));
}

TEST_F(Promises, p7_explains_itself_in_a_pass_and_afterwards_in_the_history) {
  every_kind(home);
  const CommandResult ran = trueup.run({"--json", "reconcile"});
  const Json answer = Json::parse(ran.output);
  expect_all_explained(answer);
  for (const Json& step : answer.at("steps")) {
    const bool done = step.value("result", "") == "done";
    EXPECT_TRUE(done || !step.value("why", "").empty() || !step.value("held", "").empty()) << step.dump(2);
  }
  const Json history = Json::parse(trueup.run({"--json", "history"}).output).at("history");
  EXPECT_FALSE(history.empty());
  for (const Json& line : history) {
    SCOPED_TRACE(line.dump(2));
    EXPECT_FALSE(line.value("reason", "").empty());
    EXPECT_NE(line.value("result", "").find(' '), std::string::npos);
  }
}

TEST_F(Promises, p7_explains_itself_about_what_it_holds) {
  drift(home);
  trueup.reconcile();
  EXPECT_EQ(trueup.run({"undo", "--to", "1"}).exit_status, 0);
  std::size_t held = 0;
  const Json answer = Json::parse(trueup.run({"--json", "plan"}).output);
  expect_all_explained(answer);
  for (const Json& finding : answer.at("inconsistencies_found")) {
    held += finding.value("reason", "") == "undone_by_owner" ? 1 : 0;
  }
  EXPECT_GE(held, 5U);
}

TEST_F(Promises, p7_explains_itself_about_every_source_it_could_not_read) {
  every_kind(home);
  home.write("config/config_secrets.json", "{\"display\": ");
  home.write("config/uninstalled_plugins.json", "[");
  home.write("registry/plugins.json", "{");
  for (const std::string rules : kRuleSets) {
    const Json answer = Json::parse(trueup.run(under(rules, {"--json", "plan"})).output);
    expect_all_explained(answer);
    for (const Json& source : answer.at("sources")) {
      EXPECT_TRUE(source.value("verdict", "") != "unreadable" || !source.value("reason", "").empty()) << source.dump();
    }
  }
}

TEST_F(Promises, p7_explains_itself_for_every_plugin_by_a_chain_up_to_the_display) {
  every_kind(home);
  std::size_t chains = 0;
  for (const auto& [id, plugin] : trueup.list()) {
    const CommandResult ran = trueup.run({"--json", "explain", id});
    ASSERT_EQ(ran.exit_status, 0) << id << ran.errors;
    const Json answer = Json::parse(ran.output);
    for (const Json& link : answer.at("chain")) {
      SCOPED_TRACE(id + link.dump(2));
      EXPECT_NE(link.value("sentence", "").find(' '), std::string::npos);
      EXPECT_FALSE(link.at("evidence").empty());
      EXPECT_TRUE(link.at("ok") != false || !link.value("mend", "").empty() || !answer.at("findings").empty());
      ++chains;
    }
  }
  EXPECT_GT(chains, 20U);
}

}  // namespace
}  // namespace trueup::test
