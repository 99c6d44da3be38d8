// `resolve` and `ignore`: what a person decides about what trueup does not settle by itself.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

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

TEST_F(Consent, a_second_ignore_says_that_it_ends_the_first_and_undo_brings_that_back) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": "yes"})");
  const std::string finding = "plugin_config_invalid:clock:enabled";
  ASSERT_EQ(trueup.run({"ignore", finding}).exit_status, 0);
  const auto shorter = trueup.run({"ignore", finding, "--for", "1h"});
  EXPECT_EQ(shorter.exit_status, 0) << shorter.errors;
  EXPECT_THAT(shorter.output, HasSubstr("it was ignored without an end, and no longer is"));
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"status"}).exit_status, 0) << "the first one counts again";
  EXPECT_THAT(trueup.run({"ignore", finding}).output, HasSubstr("was ignored already")) << "without an end";
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3);
}

TEST_F(Consent, the_value_of_the_secrets_file_is_taken_out_when_that_is_the_wrong_one) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": true, "n": 5})").set_secret("clock", R"({"n": 50})");
  home.write("plugin-repos/clock/config_schema.json",
             R"({"type": "object", "properties": {"n": {"type": "integer", "maximum": 10}}})");
  const std::string finding = "plugin_config_invalid:clock:schema";
  EXPECT_THAT(trueup.run({"plan"}).output, HasSubstr("config/config_secrets.json, line"));
  const std::string config = read_file(home.config());
  const auto done = resolve(finding, "unset");
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_EQ(read_file(home.config()), config) << "the right value stays";
  EXPECT_EQ(json_at(read_file(home.secrets()), "/clock/n"), std::nullopt);
  EXPECT_EQ(trueup.plan().finding(finding), nullptr);
}

TEST_F(Consent, what_is_ignored_stays_so_when_only_a_line_moved_and_comes_back_when_it_gets_worse) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": true, "n": 50})");
  home.write("plugin-repos/clock/config_schema.json",
             R"({"type": "object", "properties": {"n": {"type": "integer", "maximum": 10}, "m": {"type": "string"}}})");
  const std::string finding = "plugin_config_invalid:clock:schema";
  ASSERT_EQ(trueup.run({"ignore", finding}).exit_status, 0);
  ASSERT_EQ(trueup.run({"status"}).exit_status, 0);
  const std::string config = read_file(home.config());
  write_file(home.config(), "\n\n  " + config);
  EXPECT_EQ(trueup.run({"status"}).exit_status, 0) << "only lines moved";
  home.set_section("clock", R"({"enabled": true, "n": 90})");
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3) << "it has another value";
  home.set_section("clock", R"({"enabled": true, "n": 50, "m": 7})");
  EXPECT_EQ(trueup.run({"status"}).exit_status, 3) << "more is wrong";
}

TEST_F(Consent, what_undo_took_back_stays_held_when_the_store_offers_a_newer_version) {
  home.add_healthy("clock").offer("weather", "1.0.0").set_enabled("weather", true);
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  ASSERT_EQ(trueup.plan().finding("plugin_missing_on_disk:weather")->reason, "undone_by_owner");
  home.offer("weather", "1.0.1");
  EXPECT_EQ(trueup.plan().finding("plugin_missing_on_disk:weather")->reason, "undone_by_owner");
}

TEST_F(Consent, an_enabled_that_no_text_may_repeat_is_settled_all_the_same) {
  for (const char* theirs : {R"("CANARY-yes")", R"(["CANARY"])", R"({"token": "CANARY"})"}) {
    Installation other;
    Trueup command{TRUEUP_BINARY, other};
    other.add_plugin("clock").set_enabled("clock", false);
    other.set_secret("clock", std::string(R"({"enabled": )") + theirs + R"(, "api_key": "hush"})");
    const auto done = command.run({"enable", "clock"});
    EXPECT_EQ(done.exit_status, 0) << done.errors;
    EXPECT_EQ(json_at(read_file(other.config()), "/clock/enabled"), "true");
    EXPECT_EQ(json_at(read_file(other.secrets()), "/clock"), R"({"api_key":"hush"})");
  }
}

TEST_F(Consent, an_enabled_that_holds_more_than_a_word_is_told_by_its_type) {
  home.add_plugin("clock").set_section("clock", R"({"enabled": {"token": "CANARY-0815"}})");
  for (const auto& words : std::vector<std::vector<std::string>>{{"status"},
                                                                 {"plan"},
                                                                 {"plan", "--json"},
                                                                 {"explain", "clock"},
                                                                 {"list", "--json"},
                                                                 {"doctor"},
                                                                 {"resolve", "plugin_config_invalid:clock:enabled"},
                                                                 {"reconcile"},
                                                                 {"plan", "--rules", "ledmatrix"}}) {
    EXPECT_THAT(trueup.run(words).output, Not(HasSubstr("CANARY"))) << words.front();
  }
  EXPECT_EQ(resolve("plugin_config_invalid:clock:enabled", "off").exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/clock"), R"({"enabled":false})");
}

TEST_F(Consent, a_choice_that_cannot_be_carried_out_is_not_offered) {
  home.add_plugin("clock").set_section("clock", "[1, 2]");
  home.set_secret("clock", R"({"enabled": true})");
  EXPECT_EQ(choices_of("plugin_config_invalid:clock:secrets.enabled"), std::vector<std::string>{"config"});
  EXPECT_THAT(trueup.plan().finding("plugin_config_invalid:clock:secrets.enabled")->advice,
              Not(HasSubstr("trueup enable")));
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

/// Every file below the root that two snapshots do not share, but for what is trueup's own.
std::vector<std::string> changed_files(const Snapshot& before, const Snapshot& after) {
  std::set<std::string> changed;
  const auto compare = [&changed](const Snapshot& a, const Snapshot& b) {
    for (const auto& [path, entry] : a) {
      const auto other = b.find(path);
      const bool same =
          other != b.end() && difference({{path, entry}}, {{path, other->second}}, Compare::contents).empty();
      if (!same && path.find(".trueup") == std::string::npos) changed.insert(path);
    }
  };
  compare(before, after);
  compare(after, before);
  return {changed.begin(), changed.end()};
}

/// Whether `says` names the file; of plugins and uploads, the directory.
bool names(const std::string& says, std::string path) {
  if (path.starts_with("plugin-repos")) path = "plugin-repos";
  const auto below_uploads = std::string_view("assets/plugins/").size();
  if (path.starts_with("assets/plugins/")) path = path.substr(0, path.find('/', below_uploads));
  return says.find(path) != std::string::npos;
}

/// A home in which something needs a person, and what.
struct Question {
  const char* finding;
  void (*make)(Installation& home);
};

constexpr const char* kOneIsWrong =
    R"({"type": "object", "properties": {"n": {"type": "integer", "maximum": 10, "default": 5}, "m": {"type": "string"}}})";

const Question kQuestions[] = {
    {"plugin_config_invalid:clock:enabled",
     [](Installation& home) {
       home.add_plugin("clock").set_section("clock", R"({"enabled": "yes"})").record("clock", false, "1.0.0");
       home.set_secret("clock", R"({"enabled": true})");
     }},
    {"plugin_config_invalid:clock",
     [](Installation& home) { home.add_plugin("clock").set_section("clock", "[1]").record("clock", true, "1.0.0"); }},
    {"plugin_config_invalid:clock:secrets.enabled",
     [](Installation& home) {
       home.add_plugin("clock").set_enabled("clock", false).record("clock", false, "1.0.0");
       home.set_secret("clock", R"({"enabled": true})");
     }},
    {"plugin_config_invalid:clock:schema",
     [](Installation& home) {
       home.add_plugin("clock").set_section("clock", R"({"enabled": true, "n": 50, "m": 1})").record("clock", true);
       home.write("plugin-repos/clock/config_schema.json", kOneIsWrong);
     }},
    {"plugin_incompatible:clock",
     [](Installation& home) {
       home.add_plugin("clock").set_enabled("clock", true).record("clock", true, "1.0.0");
       home.write("src/__init__.py", "__version__ = \"2.0.0\"\n");
       std::string manifest = home.read("plugin-repos/clock/manifest.json");
       manifest.insert(manifest.find('{') + 1, R"("min_ledmatrix_version": "9.0.0",)");
       home.write("plugin-repos/clock/manifest.json", manifest);
     }},
    {"plugin_renamed:cards",
     [](Installation& home) {
       home.add_plugin("other-id", "1.0.0", "cards").set_enabled("cards", true).record("cards", true, "1.0.0");
       home.set_secret("cards", R"({"api_key": "k"})").add_tombstone("cards");
       home.write("assets/plugins/cards/uploads/cat.png", "meow");
     }},
    {"plugin_renamed:cards",
     [](Installation& home) {
       home.add_plugin("other-id", "1.0.0", "cards").set_enabled("cards", true).set_enabled("other-id", false);
       home.record("cards", true, "1.0.0").set_secret("cards", R"({"api_key": "k"})");
     }},
    {"plugin_missing_on_disk:weather",
     [](Installation& home) { home.add_healthy("clock").offer("weather").set_section("weather", R"({"n": 1})"); }},
    {"plugin_missing_on_disk:weather",
     [](Installation& home) {
       home.add_healthy("clock").set_enabled("weather", true).record("weather", true, "1.0.0");
     }},
    {"plugin_id_mismatch:clock:claims",
     [](Installation& home) {
       home.add_plugin("clock").add_plugin("clock", "0.9.0", "clock-old").set_enabled("clock", true);
     }},
};

TEST(Choices, say_every_file_that_they_change) {
  std::size_t chosen = 0;
  for (const Question& question : kQuestions) {
    std::vector<nlohmann::json> choices;
    for (std::size_t i = 0; i == 0 || i < choices.size(); ++i) {
      Installation home;
      question.make(home);
      Trueup trueup{TRUEUP_BINARY, home};
      const auto plan = nlohmann::json::parse(trueup.run({"--json", "plan"}).output);
      choices.clear();
      for (const auto& one : plan["inconsistencies_found"]) {
        if (one["finding"] == question.finding) choices = one["choices"].get<std::vector<nlohmann::json>>();
      }
      ASSERT_FALSE(choices.empty()) << question.finding << plan.dump(1);
      const Snapshot before = take_snapshot(home.root());
      const std::string does = choices[i]["does"];
      const auto done = trueup.run({"resolve", question.finding, "--choose", choices[i]["choose"]});
      EXPECT_EQ(done.exit_status, 0) << question.finding << ": " << does << done.errors;
      for (const std::string& path : changed_files(before, take_snapshot(home.root()))) {
        EXPECT_TRUE(names(does, path)) << question.finding << ": \"" << does << "\" does not name " << path;
      }
      ++chosen;
    }
  }
  EXPECT_GT(chosen, 15U);
}

}  // namespace
}  // namespace trueup::test
