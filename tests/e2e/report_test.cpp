// `trueup report` and `trueup plan --from`: the same plan somewhere else, and nothing in it that should not be posted.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "e2e/command_support.h"
#include "support/files.h"
#include "support/property.h"
#include "support/snapshot.h"

namespace trueup::test {
namespace {

using nlohmann::json;

const std::vector<std::string> kPlugins{"clock", "weather", "stocks", "news", "ledmatrix-music"};
const std::vector<std::string> kSecrets{"sk-3c1f9a77e0", "p\xc3\xa4ssw\xc3\xb6rt \"quoted\"", "ghp_0123456789abcdef",
                                        "hunter2-hunter2"};

/// The plan as `trueup --json` prints it elsewhere: no installation is named.
CommandResult plan_from(const std::filesystem::path& report, std::vector<std::string> words = {}) {
  std::vector<std::string> arguments{TRUEUP_BINARY, "plan", "--from", report.string(), "--json"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  return run_command(arguments, {.environment = {{"TRUEUP_ROOT", ""}, {"TRUEUP_REGISTRY", ""}}, .directory = "/"});
}

/// Something of everything that can drift, and secrets in every place that an owner keeps them in.
void drift(Installation& home, Choices& choices) {
  for (const std::string& id : kPlugins) {
    if (choices.one_in(2))
      home.add_plugin(id, choices.one_in(2) ? "1.0.0" : "2.0.0", choices.one_in(4) ? id + "-main" : "");
    if (choices.one_in(2)) home.offer(id, "1.0.0");
    if (choices.one_in(4)) home.add_tombstone(id);
    if (choices.one_in(2)) home.record(id, choices.one_in(2), choices.one_in(2) ? "1.0.0" : "");
    if (choices.one_in(5)) home.record_entry(id, R"({"plugin_id": 5, "metadata": {"last_error": "refused"}})");
    if (choices.one_in(5)) home.write("plugin-repos/" + id + "/manifest.json", R"({"id": "hunter2-hunter2)");
    const std::string& secret = kSecrets[choices.pick(kSecrets.size())];
    if (choices.one_in(2)) home.set_secret(id, json{{"api_key", secret}, {"list", {{{"token", secret}}}}}.dump());
    if (choices.one_in(4)) home.set_secret(id, json{{"enabled", secret}}.dump());
    if (choices.one_in(2)) home.set_section(id, json{{"enabled", choices.one_in(2)}, {"password", secret}}.dump());
    if (choices.one_in(5)) home.set_section(id, json{{"enabled", "yes"}}.dump());
    if (choices.one_in(6)) home.set_section(id, json{"a list"}.dump());
  }
  if (choices.one_in(6)) home.write("config/config.json", R"({"clock": {"password": "sk-3c1f9a77e0)");
  if (choices.one_in(6)) home.write("data/plugin_state.json", R"({"states": {"clock": )");
  if (choices.one_in(3)) home.write("plugin-repos/odd\xff/manifest.json", R"({"id": "../x"})");
}

TEST(Report, another_machine_plans_the_same_from_it_and_no_secret_is_in_it) {
  check_property(15, [](Choices& choices) {
    Installation home;
    home.add_healthy("steady");
    drift(home, choices);
    const std::string rules = choices.one_in(3) ? "ledmatrix" : "safe";
    const auto here = trueup(home, {"--rules", rules, "plan", "--json"});
    const auto report = trueup(home, {"--rules", rules, "report"});
    RC_ASSERT(report.exit_status == 0);
    RC_ASSERT(report.errors.empty());
    TempDirectory elsewhere;
    write_file(elsewhere.path() / "report.json", report.output);
    const auto there = plan_from(elsewhere.path() / "report.json");
    RC_ASSERT(there.output == here.output);
    RC_ASSERT(there.exit_status == here.exit_status);
    for (const std::string& secret : kSecrets) {
      const std::string quoted = json(secret).dump(-1, ' ', true);
      RC_ASSERT(report.output.find(secret) == std::string::npos);
      RC_ASSERT(report.output.find(quoted.substr(1, quoted.size() - 2)) == std::string::npos);
    }
    RC_ASSERT(trueup(home, {"--rules", rules, "report"}).output == report.output);
  });
}

TEST(Report, a_secret_that_stands_for_a_switch_is_not_in_it) {
  Installation home;
  home.add_healthy("clock").set_secret("clock", R"({"enabled": "ghp_0123456789abcdef"})");
  const auto report = trueup(home, {"report"});
  EXPECT_EQ(report.errors, "");
  EXPECT_EQ(report.output.find("ghp_"), std::string::npos) << report.output;
  for (const char* rules : {"safe", "ledmatrix"}) {
    const auto plan = trueup(home, {"--rules", rules, "plan", "--json"});
    EXPECT_TRUE(json::accept(plan.output)) << plan.output;
    EXPECT_EQ(plan.output.find("ghp_"), std::string::npos) << plan.output;
  }
}

TEST(Report, a_secret_text_that_is_a_plugins_name_as_well_stays_and_is_told) {
  Installation home;
  home.add_healthy("weather").set_secret("weather", R"({"provider": "weather", "api_key": "K1234567"})");
  const auto file = home.root().parent_path() / "report.json";
  const auto made = trueup(home, {"report", "-o", file.string()});
  EXPECT_EQ(made.exit_status, 0) << made.errors;
  EXPECT_NE(made.errors.find("part of the name `weather`"), std::string::npos) << made.errors;
  EXPECT_EQ(read_file(file).find("K1234567"), std::string::npos);
  const auto there = plan_from(file);
  EXPECT_EQ(there.exit_status, 0) << there.errors;
  EXPECT_EQ(there.output, trueup(home, {"plan", "--json"}).output);
}

TEST(Report, paths_of_uploads_are_in_it_only_when_something_is_renamed) {
  Installation home;
  home.add_healthy("clock").set_section("clock",
                                        R"({"enabled": true, "picture": "assets/plugins/clock/uploads/us.png"})");
  EXPECT_EQ(trueup(home, {"report"}).output.find("us.png"), std::string::npos);
}

TEST(Report, tells_of_settings_that_the_schema_of_their_plugin_forbids) {
  Installation home;
  home.add_healthy("clock").set_section("clock", R"({"enabled": true, "font": 7})");
  home.write("plugin-repos/clock/config_schema.json",
             R"({"type": "object", "properties": {"enabled": {"type": "boolean"}, "font": {"type": "string"}}})");
  const auto file = home.root().parent_path() / "report.json";
  ASSERT_EQ(trueup(home, {"report", "-o", file.string()}).exit_status, 0);
  const auto here = trueup(home, {"plan", "--json"}).output;
  ASSERT_NE(here.find("plugin_config_invalid:clock"), std::string::npos) << here;
  EXPECT_EQ(plan_from(file).output, here);
}

TEST(Report, leaves_nothing_behind_and_never_writes_over_a_file) {
  Installation home;
  home.add_healthy("clock").set_enabled("weather", true);
  TempDirectory elsewhere;
  const auto file = elsewhere.path() / "report.json";
  const auto before = take_snapshot(home.root());
  const auto made = trueup(home, {"report", "-o", file.string()});
  EXPECT_EQ(made.exit_status, 0) << made.errors;
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(read_file(file), trueup(home, {"report"}).output);
  write_file(file, "mine");
  EXPECT_EQ(trueup(home, {"report", "-o", file.string()}).exit_status, 1);
  EXPECT_EQ(read_file(file), "mine");
}

TEST(Report, does_not_tell_where_the_installation_lies_when_asked) {
  Installation home;
  home.add_healthy("clock");
  EXPECT_NE(trueup(home, {"report"}).output.find(home.root().string()), std::string::npos);
  const auto hidden = trueup(home, {"report", "--hide-root"});
  EXPECT_EQ(hidden.output.find(home.root().string()), std::string::npos) << hidden.output;
  EXPECT_NE(hidden.output.find("\"root\": \"(root)\""), std::string::npos);
}

TEST(Report, an_output_without_a_name_is_told_to_need_one_however_the_option_is_written) {
  Installation home;
  for (const char* option : {"-o", "--output"}) {
    const auto refused = trueup(home, {"report", option});
    EXPECT_NE(refused.exit_status, 0);
    EXPECT_NE(refused.errors.find(std::string("`") + option + "` needs a value behind it"), std::string::npos)
        << refused.errors;
  }
}

TEST(Report, what_is_no_report_is_refused_with_its_place) {
  TempDirectory elsewhere;
  const auto file = elsewhere.path() / "report.json";
  EXPECT_EQ(plan_from(file).exit_status, 1);
  EXPECT_EQ(plan_from(elsewhere.path()).exit_status, 1);
  write_file(file, "{\"trueup_report\": 1,\n\"observation\": {\"root\": []}}");
  const auto refused = plan_from(file);
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_NE(refused.errors.find("line 2, column 25"), std::string::npos) << refused.errors;
}

}  // namespace
}  // namespace trueup::test
