// The demo as a person would play it: the whole story on the real binary.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/command.h"
#include "support/files.h"
#include "support/snapshot.h"

namespace trueup::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class Demo : public ::testing::Test {
 protected:
  Demo() : root_(temporary_.path() / "demo") { run_command({TRUEUP_BINARY, "demo", root_.string()}); }

  CommandResult trueup(const std::vector<std::string>& words) {
    std::vector<std::string> arguments{TRUEUP_BINARY, "--root", root_.string(), "--registry",
                                       (root_ / "registry").string()};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return run_command(arguments);
  }

  /// Finding ids by what is done about them.
  std::map<std::string, std::string> findings() {
    std::map<std::string, std::string> found;
    const json plan = json::parse(trueup({"plan", "--json"}).output);
    for (const auto& finding : plan["inconsistencies_found"]) {
      found[finding["finding"]] = finding["fix_action"];
    }
    return found;
  }

  TempDirectory temporary_;
  fs::path root_;
};

TEST_F(Demo, has_one_of_each_kind_of_drift) {
  auto found = findings();
  EXPECT_EQ(found["plugin_missing_on_disk:moon-phase"], "auto_fix");
  EXPECT_EQ(found["plugin_manifest_invalid:word-of-day"], "manual_fix_required");
  EXPECT_EQ(found["plugin_enabled_mismatch:bird-song"], "auto_fix");
  EXPECT_EQ(found["plugin_version_mismatch:rain-radar"], "auto_fix");
  EXPECT_EQ(found["plugin_missing_in_config:pixel-fish"], "auto_fix");
  EXPECT_EQ(found["plugin_orphaned_state:old-ticker"], "auto_fix");
  EXPECT_EQ(found["plugin_missing_on_disk:garage-door"], "manual_fix_required");
  EXPECT_EQ(found["plugin_missing_on_disk:quiz-night"], "no_action");
  EXPECT_EQ(found["plugin_missing_on_disk:snake-game"], "no_action");
  EXPECT_EQ(found["unknown_config_section:kitchen_notes"], "no_action");
  EXPECT_EQ(found.count("plugin_missing_on_disk:radio-now"), 0U);  // a secret alone is no wish
  EXPECT_EQ(trueup({"status"}).exit_status, 3);
}

TEST_F(Demo, is_mended_but_for_what_needs_a_person_and_a_second_pass_finds_nothing_to_do) {
  const auto pass = trueup({"reconcile"});
  EXPECT_EQ(pass.exit_status, 3) << pass.output << pass.errors;
  EXPECT_TRUE(fs::exists(root_ / "plugin-repos/moon-phase/manifest.json"));
  EXPECT_TRUE(fs::exists(root_ / "plugin-repos/word-of-day/manifest.json"));
  const auto found = findings();
  for (const auto& [finding, action] : found) EXPECT_NE(action, "auto_fix") << finding;
  EXPECT_TRUE(json::parse(trueup({"plan", "--json"}).output)["steps"].empty());
  const auto before = take_snapshot(root_);
  EXPECT_EQ(trueup({"reconcile"}).exit_status, 3);
  auto after = take_snapshot(root_);
  EXPECT_EQ(after.count(".trueup/ledger.db"), before.count(".trueup/ledger.db"));
  EXPECT_EQ(after.at("config/config.json"), before.at("config/config.json"));
  EXPECT_EQ(after.at("data/plugin_state.json"), before.at("data/plugin_state.json"));
}

TEST_F(Demo, can_be_taken_back_whole_and_what_was_taken_back_is_held) {
  const auto before = take_snapshot(root_);
  trueup({"reconcile"});
  const auto undone = trueup({"undo", "--to", "1"});
  EXPECT_EQ(undone.exit_status, 0) << undone.output << undone.errors;
  const auto after = take_snapshot(root_);
  for (const char* file : {"config/config.json", "data/plugin_state.json", "config/config_secrets.json"}) {
    EXPECT_EQ(after.at(file).sha256, before.at(file).sha256) << file;
  }
  EXPECT_FALSE(fs::exists(root_ / "plugin-repos/moon-phase"));
  EXPECT_TRUE(json::parse(trueup({"plan", "--json"}).output)["steps"].empty());
  EXPECT_EQ(findings()["plugin_missing_on_disk:moon-phase"], "no_action");
}

TEST_F(Demo, rebuilds_a_truncated_state_file_and_keeps_the_damaged_bytes) {
  trueup({"reconcile"});
  const std::string state = read_file(root_ / "data/plugin_state.json");
  const std::string torn = state.substr(0, state.size() / 2);
  write_file(root_ / "data/plugin_state.json", torn);
  EXPECT_EQ(findings()["plugin_state_corrupted:plugin_state"], "auto_fix") << trueup({"plan"}).output;
  trueup({"reconcile"});
  EXPECT_TRUE(json::accept(read_file(root_ / "data/plugin_state.json")));
  bool kept = false;
  for (const auto& entry : fs::directory_iterator(root_ / ".trueup/kept"))
    kept = kept || read_file(entry.path()) == torn;
  EXPECT_TRUE(kept);
}

TEST_F(Demo, is_not_written_over_anything) {
  const auto again = run_command({TRUEUP_BINARY, "demo", root_.string()});
  EXPECT_EQ(again.exit_status, 1);
  EXPECT_NE(again.errors.find("not empty"), std::string::npos);
}

}  // namespace
}  // namespace trueup::test
