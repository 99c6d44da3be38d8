// A renamed plugin on real files: everything that names it goes along in one line of history, and comes back with it.
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

constexpr const char* kConfig = R"({
  "display": {
      "plugin_rotation_order": ["clock", "cards"],
      "vegas_scroll": {"plugin_order": ["cards"], "excluded_plugins": ["cards", "clock"]},
      "display_durations": {"cards": 20, "clock": 15}
  },
  "cards": {"enabled": true, "picture": "assets/plugins/cards/uploads/cat.png", "speed": 1.50},
  "clock": {"enabled": true, "display_duration": 15}
})";

constexpr const char* kMoved = R"({
  "display": {
      "plugin_rotation_order": ["clock", "postcards"],
      "vegas_scroll": {"plugin_order": ["postcards"], "excluded_plugins": ["postcards", "clock"]},
      "display_durations": {"postcards": 20, "clock": 15}
  },
  "postcards": {"enabled": true, "picture": "assets/plugins/postcards/uploads/cat.png", "speed": 1.50},
  "clock": {"enabled": true, "display_duration": 15}
})";

/// As LEDMatrix notes its pictures; what it notes of no plugin of ours stays.
std::string notes_of(const std::string& id) {
  return "{\n  \"a1\": {\"id\": \"a1\", \"filename\": \"cat.png\",  \"path\": \"assets/plugins/" + id +
         "/uploads/cat.png\", \"size\": 4},\n  \"b2\": {\"path\": \"assets/plugins/cards-of-others/uploads/x.png\"}, "
         "\"c\": 7\n}";
}

struct RenameEndToEnd : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  RenameEndToEnd() {
    home.add_healthy("clock").add_plugin("postcards").record("cards", true, "1.0.0");
    std::string manifest = home.read("plugin-repos/postcards/manifest.json");
    manifest.insert(manifest.find('{') + 1, "\"former_ids\": [\"cards\"],");
    home.write("plugin-repos/postcards/manifest.json", manifest);
    home.write("config/config.json", kConfig);
    fs::create_directories(home.root() / "assets/plugins/cards/uploads");
    home.write("assets/plugins/cards/uploads/cat.png", "meow");
    home.write("assets/plugins/cards/uploads/.metadata.json", notes_of("cards"));
  }
};

TEST_F(RenameEndToEnd, everything_that_names_the_plugin_goes_along_and_undo_brings_it_all_back) {
  const Snapshot before = take_snapshot(home.root());
  const auto planned = trueup.run({"plan"});
  EXPECT_EQ(planned.exit_status, 2);
  EXPECT_THAT(planned.output, HasSubstr("cards becomes postcards"));
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "") << "a plan writes nothing";

  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 0) << first.ran.output << first.ran.errors;
  EXPECT_EQ(read_file(home.config()), kMoved);
  EXPECT_EQ(read_file(home.root() / "assets/plugins/postcards/uploads/cat.png"), "meow");
  EXPECT_EQ(read_file(home.root() / "assets/plugins/postcards/uploads/.metadata.json"), notes_of("postcards"));
  EXPECT_FALSE(fs::exists(home.root() / "assets/plugins/cards"));
  EXPECT_EQ(json_at(read_file(home.state()), "/states/postcards/plugin_id"), "\"postcards\"");
  EXPECT_EQ(json_at(read_file(home.state()), "/states/cards"), std::nullopt);
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());

  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  Snapshot after = take_snapshot(home.root());
  std::erase_if(after, [](const auto& entry) { return entry.first.find(".trueup") != std::string::npos; });
  EXPECT_EQ(difference(before, after, Compare::contents), "");
}

TEST_F(RenameEndToEnd,
       the_removal_of_the_old_name_is_forgotten_when_a_person_moves_its_settings_and_comes_back_by_undo) {
  home.add_tombstone("cards");
  const std::string tombstones = read_file(home.tombstones());
  const Shown asked = trueup.reconcile();
  EXPECT_EQ(asked.finding("plugin_renamed:cards")->reason, "removed_by_owner");
  EXPECT_EQ(read_file(home.tombstones()), tombstones);
  EXPECT_EQ(trueup.run({"resolve", "plugin_renamed:cards", "--choose", "move"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), kMoved);
  EXPECT_EQ(read_file(home.tombstones()).find("cards"), std::string::npos);
  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  EXPECT_EQ(read_file(home.tombstones()), tombstones);
}

TEST_F(RenameEndToEnd, F88_a_plugin_that_is_on_by_its_record_alone_stays_on_with_its_secrets_under_the_new_name) {
  home.write("config/config.json", R"({
  "display": {"plugin_rotation_order": ["clock", "cards"]},
  "clock": {"enabled": true, "display_duration": 15}
})");
  home.write("config/config_secrets.json", R"({"cards": {"api_key": "SEKRET"}})");
  const Snapshot before = take_snapshot(home.root());
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 0) << first.ran.output << first.ran.errors;
  const std::string config = read_file(home.config());
  EXPECT_EQ(json_at(config, "/postcards/enabled"), "true");
  EXPECT_EQ(json_at(config, "/display/plugin_rotation_order/1"), "\"postcards\"");
  EXPECT_EQ(read_file(home.root() / "config/config_secrets.json"), R"({"postcards": {"api_key": "SEKRET"}})");
  EXPECT_EQ(json_at(read_file(home.state()), "/states/postcards/enabled"), "true");
  EXPECT_EQ(json_at(read_file(home.state()), "/states/cards"), std::nullopt);
  EXPECT_TRUE(fs::exists(home.root() / "assets/plugins/postcards/uploads/cat.png"));
  EXPECT_THAT(trueup.reconcile().found, IsEmpty());

  EXPECT_EQ(trueup.run({"undo", "1"}).exit_status, 0);
  Snapshot after = take_snapshot(home.root());
  std::erase_if(after, [](const auto& entry) { return entry.first.find(".trueup") != std::string::npos; });
  EXPECT_EQ(difference(before, after, Compare::contents), "");
}

TEST_F(RenameEndToEnd, the_plan_shows_the_names_and_the_uploads_that_move) {
  const std::string plan = trueup.run({"plan"}).output;
  EXPECT_THAT(plan, HasSubstr("\"cards\" -> \"postcards\""));
  EXPECT_THAT(plan, HasSubstr("assets/plugins/cards becomes assets/plugins/postcards"));
  EXPECT_THAT(plan, Not(HasSubstr("(not shown)")));
}

TEST_F(RenameEndToEnd, uploads_behind_a_link_stay_where_they_are_and_a_person_is_asked) {
  fs::rename(home.root() / "assets", home.root() / "elsewhere");
  fs::create_directory_symlink("elsewhere", home.root() / "assets");
  const Shown first = trueup.reconcile();
  EXPECT_EQ(first.ran.exit_status, 3);
  ASSERT_NE(first.finding("plugin_renamed:cards"), nullptr);
  EXPECT_EQ(first.finding("plugin_renamed:cards")->reason, "uploads_unreadable");
  EXPECT_EQ(read_file(home.config()), kConfig);
  EXPECT_EQ(trueup.run({"resolve", "plugin_renamed:cards", "--choose", "move"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.root() / "elsewhere/plugins/cards/uploads/cat.png"));
  EXPECT_THAT(read_file(home.config()), HasSubstr("\"postcards\": {\"enabled\": true, \"picture\": "
                                                  "\"assets/plugins/cards/uploads/cat.png\""));
}

TEST_F(RenameEndToEnd, what_waits_for_unreadable_secrets_is_not_ignored_and_the_reason_is_the_true_one) {
  home.write("config/config_secrets.json", "{\"cards\": ");
  ASSERT_EQ(trueup.plan().finding("plugin_renamed:cards")->reason, "source_unreadable");
  const auto refused = trueup.run({"ignore", "plugin_renamed:cards"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("cannot be read"));
  EXPECT_THAT(refused.errors, HasSubstr("config/config_secrets.json"));
  EXPECT_THAT(refused.errors, Not(HasSubstr("nothing to ignore")));
}

TEST_F(RenameEndToEnd, under_the_rules_of_ledmatrix_nothing_of_this_happens) {
  const auto ran = trueup.run({"--rules", "ledmatrix", "reconcile"});
  EXPECT_THAT(read_file(home.config()), HasSubstr("\"cards\": {\"enabled\": true, \"picture\""));
  EXPECT_TRUE(fs::exists(home.root() / "assets/plugins/cards/uploads/cat.png"));
}

}  // namespace
}  // namespace trueup::test
