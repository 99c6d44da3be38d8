// Promise 3: a repair switches on nothing, overwrites no section, brings back nothing that was removed, and deletes
// nothing that it did not install.
#include <filesystem>

#include "promises/promises.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

TEST_F(Promises, p3_a_repair_never_surprises_by_switching_something_on) {
  home.add_plugin("copied").offer("copied");
  home.add_plugin("off").set_enabled("off", false).record("off", true, "1.0.0");
  home.add_plugin("silent").set_section("silent", R"({"city":"Lund"})").record("silent", false, "1.0.0");
  home.add_plugin("typed").set_section("typed", R"({"enabled":"yes"})").record("typed", true, "1.0.0");
  home.set_enabled("unwanted", false).offer("unwanted");
  trueup.reconcile();
  for (const auto& [id, plugin] : trueup.list()) EXPECT_FALSE(plugin.enabled) << id;
  const std::string config = read_file(home.config());
  EXPECT_EQ(json_at(config, "/copied"), R"({"enabled":false})");
  EXPECT_EQ(json_at(config, "/silent"), R"({"city":"Lund"})") << "a repair gives no section an `enabled`";
  EXPECT_EQ(json_at(config, "/typed"), R"({"enabled":"yes"})");
  EXPECT_FALSE(fs::exists(home.plugin("unwanted")));
}

TEST_F(Promises, p3_a_repair_never_surprises_by_installing_switched_on) {
  home.offer("absent").add_healthy("clock");
  EXPECT_EQ(trueup.run({"install", "absent"}).exit_status, 0);
  EXPECT_FALSE(trueup.list().at("absent").enabled);
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
}

TEST_F(Promises, p3_a_repair_never_surprises_by_overwriting_a_section) {
  const std::vector<std::string> values{"null",
                                        "false",
                                        "0",
                                        "\"text\"",
                                        "[]",
                                        "[{\"enabled\": true}]",
                                        "{}",
                                        R"({"enabled": null})",
                                        R"({"enabled": 1})",
                                        R"({"ENABLED": true})"};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string id = "plugin" + std::to_string(i);
    home.add_plugin(id).set_section(id, values[i]).record(id, i % 2 == 0, "1.0.0").offer(id);
  }
  home.add_plugin("fresh");  // so that the file is written at all
  const std::string before = read_file(home.config());
  trueup.reconcile();
  const std::string after = read_file(home.config());
  EXPECT_NE(after, before);
  EXPECT_EQ(before.substr(0, before.rfind('}')).find(after.substr(0, after.rfind(",\n    \"fresh\""))), 0U)
      << "something but the new section changed:\n"
      << after;
}

TEST_F(Promises, p3_a_repair_never_surprises_by_bringing_back_what_was_removed) {
  home.add_healthy("removed").add_healthy("kept").add_healthy("noted").add_healthy("staying");
  EXPECT_EQ(trueup.run({"uninstall", "removed"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"uninstall", "--keep-config", "kept"}).exit_status, 0);
  EXPECT_TRUE(json_at(read_file(home.config()), "/kept/enabled"));
  fs::remove_all(home.plugin("noted"));  // as LEDMatrix removes it: its own note, and the settings stay
  home.write("config/uninstalled_plugins.json", R"(["removed", "kept", "noted"])");
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(trueup.plan().steps_to_do(), pass == 0 ? trueup.plan().steps.size() : 0U);
    trueup.reconcile();
    EXPECT_EQ(seen_by_a_loader(home), std::set<std::string>{"staying"});
  }
  fs::remove(home.tombstones());  // lost: trueup remembers what was removed through it
  trueup.reconcile();
  EXPECT_FALSE(fs::exists(home.plugin("removed")));
  EXPECT_FALSE(fs::exists(home.plugin("kept")));
}

TEST_F(Promises, p3_a_repair_never_surprises_by_deleting_what_it_did_not_install) {
  drift(home);
  home.add_healthy("removed");
  home.add_tombstone("removed");  // and its directory is there again
  home.write("plugin-repos/no-plugin/readme.txt", "mine");
  home.write("plugin-repos/half/manifest.json", "{\"id\": \"ha");
  home.write("plugin-repos/steady.standalone-backup-preinstall/manager.py", "# an older one\n");
  home.write("plugin-repos/loose-file", "mine too");
  home.write("data/other.json", "{}");
  home.write("config/config.json.tmp", "an editor's");
  const Snapshot before = owners_files(home);
  trueup.reconcile();
  const Snapshot after = owners_files(home);
  for (const auto& [path, facts] : before) {
    ASSERT_TRUE(after.contains(path)) << path << " is gone";
    if (path != "config/config.json" && path != "data/plugin_state.json") {
      EXPECT_EQ(after.at(path).sha256, facts.sha256) << path;
    }
  }
}

}  // namespace
}  // namespace trueup::test
