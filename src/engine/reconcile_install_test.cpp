// Missing plugins brought back by a pass: what is fetched, what is refused and remembered, what a second pass does.
#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "store/local_source.h"

namespace trueup::engine {
namespace {

class ReconcileInstall : public EngineTest {
 protected:
  ReconcileInstall() : store_(disk, "/registry") { add_plugin("other"); }

  void offer(const std::string& entry_id, const std::string& directory, const std::string& manifest_id,
             const std::string& version = "1.0.0") {
    const std::string base = "/registry/plugins/" + directory + "/";
    disk.put_file(base + "manifest.json",
                  fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", )"
                              R"("entry_point": "manager.py", "display_modes": []}})",
                              manifest_id, version));
    disk.put_file(base + "manager.py", "class P:\n    pass\n");
    disk.put_file("/registry/plugins.json",
                  fmt::format(R"({{"plugins": [{{"id": "{}", "plugin_path": "plugins/{}", "latest_version": "{}"}}]}})",
                              entry_id, directory, version));
  }
  PassReport pass(model::RuleSet rules = model::RuleSet::safe) {
    World here = world();
    here.store = &store_;
    auto report = reconcile(here, {.rules = rules});
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport{};
  }
  bool is_there(const std::string& directory) {
    return read("plugin-repos/" + directory + "/manager.py") != "(not there)";
  }

  store::LocalSource store_;
};

TEST_F(ReconcileInstall, F80_an_enabled_plugin_that_is_missing_comes_back_under_the_id_that_config_uses) {
  offer("weather", "ledmatrix-weather", "ledmatrix-weather");
  configure({{"other", R"({"enabled": false})"}, {"ledmatrix-weather", R"({"enabled": true})"}});
  const auto report = pass();
  EXPECT_TRUE(is_there("ledmatrix-weather"));
  EXPECT_FALSE(is_there("weather"));
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  EXPECT_EQ(read("config/config.json").find("\"weather\""), std::string::npos);
  const auto before = theirs(disk);
  EXPECT_TRUE(pass().result.inconsistencies_found.empty());
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(ReconcileInstall, another_plugin_under_the_wanted_name_is_refused_once_and_remembered) {
  offer("clock", "clock", "impostor");
  configure({{"other", R"({"enabled": false})"}, {"clock", R"({"enabled": true})"}});
  const auto first = pass();
  EXPECT_EQ(first.result.inconsistencies_manual.size(), 1U);
  EXPECT_FALSE(is_there("clock"));
  EXPECT_FALSE(is_there("impostor"));
  World here = world();
  here.store = &store_;
  const auto seen = look(here);
  ASSERT_TRUE(seen) << seen.error().text();
  ASSERT_EQ(seen->observation.ledger.attempts.size(), 1U);
  EXPECT_EQ(seen->observation.ledger.attempts[0].reason, "identity_mismatch");
  EXPECT_TRUE(seen->observation.ledger.attempts[0].terminal);
  EXPECT_TRUE(plan_of(*seen, {}).steps.empty() || !plan_of(*seen, {}).steps.front().held.empty());
}

TEST_F(ReconcileInstall, the_rules_of_the_original_take_what_comes_and_write_the_same_files_only_once) {
  offer("clock", "ledmatrix-clock", "clock");
  configure({{"other", R"({"enabled": false})"}, {"ledmatrix-clock", R"({"enabled": true})"}});
  record_state({record("other", false)});
  write("config/config_secrets.json", "{}");  // a section there is a plugin to the original, tried at every pass
  (void)pass(model::RuleSet::ledmatrix);
  EXPECT_TRUE(is_there("clock"));
  (void)pass(model::RuleSet::ledmatrix);  // the new directory gets its section
  const auto before = theirs(disk);
  const std::string directory = path("plugin-repos/clock");
  const auto inode = disk.open_root(directory).value()->self()->inode;
  platform::DenyWrites deny;
  platform::ObservedFileSystem watched(disk, deny);
  World here = ports.world(watched);
  here.store = &store_;
  const auto third = reconcile(here, {.rules = model::RuleSet::ledmatrix});
  ASSERT_TRUE(third) << third.error().text();
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(disk.open_root(directory).value()->self()->inode, inode);
  EXPECT_EQ(deny.attempts(), std::vector<std::string>{}) << "no lock, and not even a line of the journal";
  EXPECT_EQ(third->result.inconsistencies_fixed.size(), 1U) << "the original calls it fixed";
  EXPECT_EQ(third->unverified, std::vector<std::string>{"plugin_missing_on_disk:ledmatrix-clock"});
}

}  // namespace
}  // namespace trueup::engine
