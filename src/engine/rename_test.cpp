// A renamed plugin takes everything along in one transaction, also where the power fails in the middle (failure F88).
#include <algorithm>
#include <set>

#include "engine/document_edits.h"
#include "engine/engine_test_support.h"
#include "engine/reconcile.h"
#include "engine/resolve.h"
#include "engine/undo.h"
#include "platform/crash_disk.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

class Rename : public EngineTest {
 protected:
  Rename() {
    add_plugin("new");
    write("plugin-repos/new/manifest.json",
          R"({"id": "new", "name": "new", "version": "1.0.0", "class_name": "P", "entry_point": "manager.py", )"
          R"("display_modes": ["new"], "former_ids": ["old"]})");
    write("config/config.json", kConfig);
    write("config/config_secrets.json", kSecrets, 0640);
    write("assets/plugins/old/uploads/cat.png", "meow");
    record_state({record("old", true)});
  }

  PassReport pass(const model::Policy& policy = {}) {
    auto here = world();
    auto report = reconcile(here, policy);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport{};
  }

  static constexpr const char* kConfig =
      "{\n\t\"old\" : { \"enabled\":true, \"speed\":1.50,\n\t\t\"image\": \"assets/plugins/old/uploads/cat.png\" },\n"
      "\t\"display\": {\"plugin_rotation_order\": [\"a\", \"old\"],\n\t\t\"display_durations\": {\"old\": 20}}\n}\n";
  static constexpr const char* kNewConfig =
      "{\n\t\"new\" : { \"enabled\":true, \"speed\":1.50,\n\t\t\"image\": \"assets/plugins/new/uploads/cat.png\" },\n"
      "\t\"display\": {\"plugin_rotation_order\": [\"a\", \"new\"],\n\t\t\"display_durations\": {\"new\": 20}}\n}\n";
  static constexpr const char* kSecrets = "{\"old\": {\"api_key\": \"hush-hush\"}}";
};

TEST_F(Rename, everything_goes_along_a_second_pass_finds_nothing_and_undo_gives_every_byte_back) {
  const auto before = theirs(disk);
  const auto report = pass();
  EXPECT_FALSE(report.error);
  EXPECT_EQ(read("config/config.json"), kNewConfig);
  EXPECT_EQ(read("config/config_secrets.json"), "{\"new\": {\"api_key\": \"hush-hush\"}}");
  EXPECT_EQ(read("assets/plugins/new/uploads/cat.png"), "meow");
  EXPECT_EQ(read("assets/plugins/old/uploads/cat.png"), "(not there)");
  EXPECT_NE(read("data/plugin_state.json").find("\"new\": {\n      \"plugin_id\": \"new\""), std::string::npos);
  ASSERT_EQ(report.history.size(), 1U);
  EXPECT_TRUE(pass().result.inconsistencies_found.empty());
  {
    auto here = world();
    const auto undone = undo(here, report.history.front(), UndoReach::this_one);
    ASSERT_TRUE(undone) << undone.error().text();
  }
  EXPECT_EQ(theirs(disk), before);
  EXPECT_TRUE(pass().history.empty()) << "what undo brought back is held";
}

TEST_F(Rename, undo_keeps_what_the_owner_changed_in_the_settings_since) {
  const auto report = pass();
  std::string config = read("config/config.json");
  config.replace(config.find("1.50"), 4, "2.25");
  write("config/config.json", config);
  auto here = world();
  ASSERT_TRUE(undo(here, report.history.front(), UndoReach::this_one));
  std::string expected = kConfig;
  expected.replace(expected.find("1.50"), 4, "2.25");
  EXPECT_EQ(read("config/config.json"), expected);
}

TEST_F(Rename, no_secret_reaches_the_journal_or_the_ledger) {
  (void)pass();
  for (const auto& [name, bytes] : disk.files()) {
    if (name.find("/.trueup/journal") == std::string::npos && name.find("ledger") == std::string::npos) continue;
    EXPECT_EQ(bytes.find("hush-hush"), std::string::npos) << name;
  }
}

TEST_F(Rename, uploads_under_the_new_name_are_never_overwritten) {
  write("assets/plugins/new/uploads/dog.png", "wuff");
  const auto before = theirs(disk);
  EXPECT_TRUE(pass().history.empty());
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Rename, a_person_keeps_one_of_two_sections_and_undo_gives_both_back) {
  for (const std::string choice : {"keep-old", "keep-new"}) {
    write("config/config.json", R"({"new": {"enabled": false}, "old": {"enabled": true, "x": 1}, "z": 0})");
    const auto before = theirs(disk);
    auto here = world();
    const auto report = resolve(here, "plugin_renamed:old", choice);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->settled);
    EXPECT_EQ(read("config/config.json"), choice == "keep-old" ? R"({"new": {"enabled": true, "x": 1}, "z": 0})"
                                                               : R"({"new": {"enabled": false}, "z": 0})");
    EXPECT_EQ(read("config/config_secrets.json"), "{\"new\": {\"api_key\": \"hush-hush\"}}");
    const auto undone = undo(here, report->history.front(), UndoReach::this_one);
    ASSERT_TRUE(undone) << undone.error().text();
    EXPECT_EQ(theirs(disk), before) << choice;
  }
}

TEST_F(Rename, a_power_cut_leaves_all_or_nothing_after_the_next_pass) {
  const auto start = disk.image();
  disk.clear_log();
  (void)pass();
  const auto wanted = theirs(disk);
  const auto log = disk.log();
  std::set<std::string> seen;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    const platform::CrashOptions options{.random_selections = 2, .seed = cut + 1, .most_singles = 4};
    for (const auto& survivor : platform::surviving_disks(start, log, cut, options)) {
      if (!seen.insert(platform::fingerprint(survivor.image)).second) continue;
      const std::string where = fmt::format("cut behind {} operations, {}", cut, survivor.variant);
      platform::MemoryFileSystem after(survivor.image);
      const auto config = after.files().at(path("config/config.json"));
      EXPECT_TRUE(config == kConfig || config == kNewConfig) << where;
      Ports others;
      auto here = others.world(after);
      const auto report = reconcile(here, {});
      ASSERT_TRUE(report) << where << ": " << report.error().text();
      EXPECT_FALSE(report->error) << where << ": " << report->error->text();
      EXPECT_EQ(theirs(after), wanted) << where;
    }
  }
  EXPECT_GT(seen.size(), 20U);
}

TEST_F(Rename, killed_at_any_call_the_next_pass_finishes) {
  const auto start = disk.image();
  (void)pass();
  const auto wanted = theirs(disk);
  for (int call = 1; call < 200; ++call) {
    platform::MemoryFileSystem after(start);
    DeadFrom killer(call);
    {
      platform::ObservedFileSystem watched(after, killer);
      Ports mine;
      auto here = mine.world(watched);
      (void)reconcile(here, {});
    }
    Ports others;
    auto here = others.world(after);
    const auto report = reconcile(here, {});
    ASSERT_TRUE(report) << call << ": " << report.error().text();
    EXPECT_EQ(theirs(after), wanted) << "killed at call " << call;
    if (!killer.was_hit()) return;
  }
  FAIL() << "the pass makes more calls than were tried";
}

model::DocumentEdit key(std::vector<std::string> path, std::string to) {
  model::DocumentEdit edit{
      .document = model::DocumentName::config, .path = std::move(path), .expected = {}, .value = {}};
  edit.new_key = std::move(to);
  return edit;
}

TEST(RenameEdit, is_done_already_done_or_refused_and_never_overwrites) {
  const auto outcome = [](const std::string& text, const model::DocumentEdit& edit) {
    auto result = apply_edits({model::DocumentName::config, {edit}}, text);
    EXPECT_TRUE(result);
    EXPECT_EQ(result->changed, result->outcomes.front() == Outcome::done);
    return result->outcomes.front();
  };
  EXPECT_EQ(outcome(R"({"a": 1})", key({"a"}, "b")), Outcome::done);
  EXPECT_EQ(outcome(R"({"b": 1})", key({"a"}, "b")), Outcome::already);
  EXPECT_EQ(outcome(R"({"a": 1, "b": 2})", key({"a"}, "b")), Outcome::moved);
  EXPECT_EQ(outcome(R"({})", key({"a"}, "b")), Outcome::moved);
  EXPECT_EQ(outcome(R"({"x": [1]})", key({"x", "0"}, "1")), Outcome::moved);
  auto expecting = key({"a"}, "b");
  expecting.expected = "2";
  EXPECT_EQ(outcome(R"({"a": 1})", expecting), Outcome::moved);
}

TEST(RenameEdit, works_beside_and_inside_other_edits_of_one_write) {
  const std::vector<model::DocumentEdit> edits{{model::DocumentName::config, {"a", "x"}, "1", "2"},
                                               key({"a"}, "b"),
                                               {model::DocumentName::config, {"b", "y"}, "1", std::nullopt},
                                               {model::DocumentName::config, {"z"}, "0", "9"}};
  const auto result = apply_edits({model::DocumentName::config, edits}, R"({"a": {"x": 1, "y": 1}, "z": 0})");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->text, R"({"b": {"x": 2}, "z": 9})");
  const Applied applied{.outcomes = result->outcomes, .found = result->found};
  const auto back = apply_edits({model::DocumentName::config, inverse_of(edits, applied), false}, result->text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->text, R"({"a": {"x": 1, "y": 1}, "z": 0})");
}

}  // namespace
}  // namespace trueup::engine
