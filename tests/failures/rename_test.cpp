// A plugin that its makers renamed: its settings follow where that is declared, and nothing is ever merged.
#include <gmock/gmock.h>

#include <filesystem>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kOld = "of-the-day";
constexpr const char* kNew = "ledmatrix-of-the-day";
constexpr const char* kSettings = R"({ "enabled": true,  "speed": 1.50, "mine": ["a"] })";

struct RenamedPlugin : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  RenamedPlugin() { home.add_healthy("clock").add_plugin(kNew).offer(kNew); }

  void registry_declares_it() {
    std::string registry = home.read("registry/plugins.json");
    const std::string id = std::string("\"id\": \"") + kNew + "\"";
    const auto at = registry.find(id);
    ASSERT_NE(at, std::string::npos) << registry;
    registry.insert(at, std::string("\"aliases\": [\"") + kOld + "\"], ");
    home.write("registry/plugins.json", registry);
  }
};

TEST_F(RenamedPlugin, F88_old_settings_move_once_when_the_registry_declares_the_rename) {
  home.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})");
  registry_declares_it();
  const std::string config = home.read("config/config.json");
  const std::string secrets = home.read("config/config_secrets.json");
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 0) << first.ran.output << first.ran.errors;
  std::string expected = config;
  expected.replace(expected.find(std::string("\"") + kOld + "\""), std::string_view(kOld).size() + 2,
                   std::string("\"") + kNew + "\"");
  EXPECT_EQ(read_file(home.config()), expected) << "only the key changed";
  EXPECT_EQ(json_at(read_file(home.secrets()), std::string("/") + kNew), R"({"api_key":"hush"})");
  EXPECT_THAT(first.ran.output, Not(HasSubstr("hush")));

  const Snapshot settled = take_snapshot(home.root());
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());
  EXPECT_EQ(difference(settled, take_snapshot(home.root())), "");

  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), config) << "the old settings were kept, byte for byte";
  EXPECT_EQ(read_file(home.secrets()), secrets);
}

TEST_F(RenamedPlugin, F88_a_copy_of_the_old_plugin_does_not_come_back_beside_the_new_one) {
  home.set_section(kOld, kSettings).record(kOld, true, "0.9.0");
  registry_declares_it();
  const std::string copy = std::string(kOld) + ".standalone-backup-preinstall";
  home.add_plugin(kOld, "0.9.0", copy);
  for (int pass = 0; pass < 3; ++pass) trueup.reconcile();
  EXPECT_FALSE(fs::exists(home.plugin(kOld)));
  EXPECT_TRUE(fs::exists(home.plugin(copy)));
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kNew + "/speed"), "1.5");
  EXPECT_FALSE(json_at(read_file(home.config()), std::string("/") + kOld)) << "nothing stands under the old name";
}

TEST_F(RenamedPlugin, F88_what_undo_takes_back_stays_so_although_an_install_hid_a_part_of_it) {
  Installation fresh;  // the new plugin is not here yet, and a record of it is
  fresh.add_healthy("clock").offer(kNew).set_section(kOld, kSettings).record(kNew, true, "1.0.0");
  std::string registry = fresh.read("registry/plugins.json");
  const std::string id = std::string("\"id\": \"") + kNew + "\"";
  registry.insert(registry.find(id), std::string("\"aliases\": [\"") + kOld + "\"], ");
  fresh.write("registry/plugins.json", registry);
  Trueup here{TRUEUP_BINARY, fresh};
  const std::string config = read_file(fresh.config());
  const std::string state = read_file(fresh.state());
  here.reconcile();
  here.reconcile();
  ASSERT_TRUE(fs::exists(fresh.plugin(kNew)));
  ASSERT_EQ(here.run({"undo", "--to", "1"}).exit_status, 0);
  here.reconcile();
  EXPECT_EQ(read_file(fresh.config()), config);
  EXPECT_EQ(read_file(fresh.state()), state);
  EXPECT_FALSE(fs::exists(fresh.plugin(kNew)));
}

TEST_F(RenamedPlugin, F88_settings_under_the_new_name_alone_are_in_order) {
  home.set_section(kNew, kSettings);
  registry_declares_it();
  const Snapshot before = take_snapshot(home.root());
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
}

TEST_F(RenamedPlugin, F88_two_sections_are_never_merged_and_a_person_decides) {
  home.set_section(kOld, kSettings).set_enabled(kNew, false);
  registry_declares_it();
  const std::string config = home.read("config/config.json");
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 3);
  EXPECT_EQ(read_file(home.config()), config);
  const std::string finding = std::string("plugin_renamed:") + kOld;
  const auto asked = trueup.run({"resolve", finding});
  EXPECT_THAT(asked.output, HasSubstr("keep-new"));
  EXPECT_THAT(asked.output, HasSubstr("keep-old"));
  EXPECT_EQ(trueup.run({"resolve", finding, "--choose", "keep-old"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kNew), R"({"enabled":true,"mine":["a"],"speed":1.5})");
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kOld), std::nullopt);
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());
}

TEST_F(RenamedPlugin, F88_nothing_moves_by_itself_when_nobody_declares_the_rename) {
  home.set_section(kOld, kSettings).add_plugin("other-id", "1.0.0", kOld);
  const Shown first = trueup.reconcile();
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kOld), R"({"enabled":true,"mine":["a"],"speed":1.5})");
  EXPECT_EQ(json_at(read_file(home.config()), "/other-id"), std::nullopt);
  const auto* finding = first.finding(std::string("plugin_renamed:") + kOld);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->fix_action, "manual_fix_required");
  EXPECT_EQ(trueup.run({"resolve", finding->finding, "--choose", "move"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), "/other-id"), R"({"enabled":true,"mine":["a"],"speed":1.5})");
}

struct RenamedAndStillInstalled : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  RenamedAndStillInstalled() {
    home.add_healthy("clock").add_plugin(kOld, "1.0.0").offer(kNew, "1.0.0").record(kOld, true, "1.0.0");
    home.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})");
    std::string registry = home.read("registry/plugins.json");
    const std::string id = std::string("\"id\": \"") + kNew + "\"";
    registry.insert(registry.find(id), std::string("\"aliases\": [\"") + kOld + "\"], ");
    home.write("registry/plugins.json", registry);
    home.write(std::string("plugin-repos/") + kOld + "/mine.txt", "what the owner added");
  }
  std::string manifest() { return read_file(home.plugin(kOld) / "manifest.json"); }
  std::optional<std::string> in_config(const char* id) {
    return json_at(read_file(home.config()), std::string("/") + id);
  }
  void expect_all_moved() {
    EXPECT_EQ(json_at(manifest(), "/id"), std::string("\"") + kNew + "\"");
    EXPECT_EQ(in_config(kNew), R"({"enabled":true,"mine":["a"],"speed":1.5})");
    EXPECT_EQ(in_config(kOld), std::nullopt);
    EXPECT_EQ(json_at(read_file(home.secrets()), std::string("/") + kNew), R"({"api_key":"hush"})");
    EXPECT_EQ(read_file(home.plugin(kOld) / "mine.txt"), "what the owner added");
    for (const ShownFinding& finding : trueup.reconcile().found)
      EXPECT_EQ(finding.fix_action, "no_action") << finding.finding;
  }
};

TEST_F(RenamedAndStillInstalled, F88_install_exchanges_the_old_plugin_and_everything_that_is_set_goes_along) {
  const Snapshot before = take_snapshot(home.root());
  for (const char* name : {kNew, kOld}) {
    const auto done = trueup.run({"install", name});
    EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
    expect_all_moved();
    ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
    Snapshot after = take_snapshot(home.root());
    std::erase_if(after, [](const auto& entry) { return entry.first.find(".trueup") != std::string::npos; });
    EXPECT_EQ(difference(before, after, Compare::contents), "") << name;
  }
}

TEST_F(RenamedAndStillInstalled, F88_update_does_the_same_whatever_the_version) {
  const auto done = trueup.run({"update", kOld});
  EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
  expect_all_moved();
}

TEST_F(RenamedAndStillInstalled, F88_where_the_new_name_is_taken_nothing_changes_and_the_way_out_works) {
  home.set_section(kNew, R"({"enabled": false})");
  const std::string config = home.read("config/config.json");
  for (const auto& words : std::vector<std::vector<std::string>>{{"install", kNew}, {"update", kOld}}) {
    const auto refused = trueup.run(words);
    EXPECT_EQ(refused.exit_status, 1);
    EXPECT_THAT(refused.output + refused.errors, HasSubstr("config.json has settings of that name already"));
    EXPECT_THAT(refused.output + refused.errors, HasSubstr(std::string("trueup uninstall ") + kOld));
    EXPECT_EQ(read_file(home.config()), config);
  }
  EXPECT_EQ(trueup.run({"uninstall", kOld, "--keep-config"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"install", kNew}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.plugin(kNew) / "manifest.json"), "/id"), std::string("\"") + kNew + "\"");
}

TEST_F(RenamedPlugin, F88_no_verb_makes_a_second_section_beside_the_old_one) {
  home.set_section(kOld, kSettings);
  registry_declares_it();
  const std::string config = home.read("config/config.json");
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"enable", kNew}, {"disable", kNew}, {"enable", kOld}, {"config", "set", kNew, "speed", "2"}}) {
    const auto refused = trueup.run(words);
    EXPECT_EQ(refused.exit_status, 1) << words[0];
    EXPECT_THAT(refused.errors, HasSubstr(std::string("trueup reconcile ") + kOld));
    EXPECT_EQ(read_file(home.config()), config);
  }
  const auto explained = trueup.run({"explain", kNew});
  EXPECT_THAT(explained.output, HasSubstr(std::string("trueup reconcile ") + kOld));
  EXPECT_THAT(explained.output, Not(HasSubstr("trueup enable")));
  for (const char* name : {kOld, kNew}) {
    const auto shown = trueup.run({"config", "get", name});
    EXPECT_THAT(shown.output, HasSubstr("1.50")) << name << shown.errors;
  }
  EXPECT_EQ(trueup.run({"reconcile", kOld}).exit_status, 0);
  EXPECT_EQ(trueup.run({"config", "set", kNew, "speed", "2"}).exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kNew), R"({"enabled":true,"mine":["a"],"speed":2})");
}

TEST_F(RenamedPlugin, F88_install_of_the_new_name_moves_the_old_settings_in_the_same_action) {
  home.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})").record(kOld, true, "0.9.0");
  registry_declares_it();
  for (const bool is_there : {true, false}) {
    if (!is_there) fs::remove_all(home.plugin(kNew));
    const std::string config = read_file(home.config());
    const auto done = trueup.run({"install", kNew});
    EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
    EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kNew),
              R"({"enabled":true,"mine":["a"],"speed":1.5})");
    EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kOld), std::nullopt);
    EXPECT_EQ(json_at(read_file(home.state()), std::string("/states/") + kNew + "/enabled"), "true");
    EXPECT_THAT(trueup.reconcile().found, IsEmpty());
    ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
    EXPECT_EQ(read_file(home.config()), config);
  }
}

/// One pass and no more: what it found is mended, and undo takes all of it back at once.
void expect_one_pass(Installation& home, const std::string& step) {
  Trueup trueup{TRUEUP_BINARY, home};
  const std::string config = read_file(home.config());
  const std::string secrets = read_file(home.secrets());
  EXPECT_THAT(trueup.run({"plan"}).output, HasSubstr("move the settings of of-the-day to ledmatrix-of-the-day"));
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 0) << first.ran.output << first.ran.errors;
  ASSERT_EQ(first.steps.size(), 1U) << first.ran.output;
  EXPECT_EQ(first.steps[0].action, step);
  EXPECT_TRUE(fs::exists(home.plugin(kNew) / "manifest.json"));
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kNew), R"({"enabled":true,"mine":["a"],"speed":1.5})");
  EXPECT_EQ(json_at(read_file(home.config()), std::string("/") + kOld), std::nullopt);
  EXPECT_EQ(json_at(read_file(home.secrets()), std::string("/") + kNew), R"({"api_key":"hush"})");
  const Snapshot settled = take_snapshot(home.root());
  const Shown second = trueup.reconcile();
  EXPECT_EQ(second.ran.exit_status, 0) << second.ran.output;
  EXPECT_THAT(second.steps, IsEmpty()) << second.ran.output;
  EXPECT_EQ(difference(settled, take_snapshot(home.root())), "");
  ASSERT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_EQ(read_file(home.secrets()), secrets);
  EXPECT_FALSE(fs::exists(home.plugin(kNew)));
}

TEST_F(RenamedPlugin, F88_a_plugin_that_is_fetched_under_its_new_name_gets_the_old_settings_in_the_same_pass) {
  home.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})").record(kOld, true, "0.9.0");
  registry_declares_it();
  fs::remove_all(home.plugin(kNew));
  expect_one_pass(home, "install_plugin");
}

TEST_F(RenamedPlugin, F88_a_copy_of_the_new_plugin_that_was_set_aside_comes_back_with_the_old_settings_in_one_pass) {
  for (const bool by_registry : {true, false}) {
    Installation fresh;
    fresh.add_healthy("clock").add_plugin(kNew).offer(by_registry ? kNew : "another");
    fresh.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})").record(kOld, true, "0.9.0");
    const std::string declares =
        by_registry ? "registry/plugins.json" : "plugin-repos/ledmatrix-of-the-day/manifest.json";
    std::string text = fresh.read(declares);
    text.insert(text.find(std::string("\"id\": \"") + kNew),
                std::string(by_registry ? "\"aliases\"" : "\"former_ids\"") + ": [\"" + kOld + "\"], ");
    fresh.write(declares, text);
    fs::rename(fresh.plugin(kNew), fresh.plugin(std::string(kNew) + ".standalone-backup-preinstall"));
    expect_one_pass(fresh, "take_aside_in");
  }
}

TEST_F(RenamedPlugin, F88_where_the_new_name_has_secrets_the_plugin_is_fetched_and_a_person_asked_about_the_rest) {
  home.set_section(kOld, kSettings).set_secret(kOld, R"({"api_key": "hush"})").set_secret(kNew, R"({"api_key": "hu"})");
  registry_declares_it();
  fs::remove_all(home.plugin(kNew));
  const std::string config = read_file(home.config());
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_TRUE(fs::exists(home.plugin(kNew) / "manifest.json"));
  EXPECT_EQ(read_file(home.config()), config);
  EXPECT_EQ(trueup.plan().finding(std::string("plugin_renamed:") + kOld)->reason, "secrets_under_both_names");
}

}  // namespace
}  // namespace trueup::test
