// What the tests of the ten promises share: an installation that has drifted in every way that trueup mends, and the
// two sets of rules. Every test runs the real program on real files.
#pragma once

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {

inline constexpr const char* kRuleSets[] = {"safe", "ledmatrix"};

struct Promises : testing::Test {
  using Words = std::vector<std::string>;

  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  /// `words` under one of the two rule sets.
  static Words under(const std::string& rules, Words words) {
    words.insert(words.begin(), {"--rules", rules});
    return words;
  }

  /// One plugin for each kind of step that changes what is there, and one that is in agreement.
  static void drift(Installation& home) {
    home.add_healthy("steady").set_secret("steady", R"({"api_key":"CANARY-steady"})");
    home.add_plugin("fresh").offer("fresh");                                                       // add_section
    home.add_plugin("switched").set_enabled("switched", true).record("switched", false, "1.0.0");  // set_recorded
    home.add_plugin("newer", "2.0.0").set_enabled("newer", true).record("newer", true, "1.0.0");   // set_recorded
    home.add_plugin("odd").set_enabled("odd", true).record_entry("odd", R"(["no record"])");       // rebuild_record
    home.record("gone", true, "1.0.0");                                                            // remove_record
    home.offer("absent", "2.0.0").set_enabled("absent", true).record("absent", true, "2.0.0");     // install_plugin
    home.set_section("kitchen_notes", R"({"text":"Buy milk"})");                                   // nobody's business
  }

  /// Drift in a way that the whole state file has to be made again.
  static void drift_with_damaged_state(Installation& home) {
    drift(home);
    home.write("data/plugin_state.json", R"({"version": 1, "states": {"steady": {"plugin_id")");
  }

  /// What a person would call the installation: everything but trueup's own files.
  static Snapshot owners_files(Installation& home) {
    Snapshot snapshot = take_snapshot(home.root());
    std::erase_if(snapshot, [](const auto& one) {
      return one.first.starts_with(".trueup") || one.first.starts_with("plugin-repos/.trueup.standalone-backup-work");
    });
    return snapshot;
  }

  /// The plugins that LEDMatrix's loader would see: directories with a manifest that were not set aside.
  static std::set<std::string> seen_by_a_loader(Installation& home) {
    std::set<std::string> plugins;
    for (const auto& entry : std::filesystem::directory_iterator(home.plugins())) {
      const std::string name = entry.path().filename();
      if (name.find(".standalone-backup-") != std::string::npos) continue;
      if (std::filesystem::exists(entry.path() / "manifest.json")) plugins.insert(name);
    }
    return plugins;
  }
};

}  // namespace trueup::test
