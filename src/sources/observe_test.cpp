#include "sources/observe.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "model/plugin_id.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::sources {
namespace {

using model::Observation;
using model::Source;
using model::Verdict;

class Observe : public ::testing::Test {
 protected:
  void SetUp() override {
    put("config/config.json",
        R"({"timezone": "UTC", "plugin_system": {"plugins_directory": "plugin-repos"}, "weather": {"enabled": true}})");
    put("config/config_secrets.json", R"({"github": {"api_token": "t"}, "weather": {"enabled": false}})");
    put("config/config.template.json", R"({"timezone": "UTC", "web-ui-info": {"enabled": true}})");
    put("config/uninstalled_plugins.json", R"(["old", "../x"])");
    put("data/plugin_state.json",
        R"({"states": {"weather": {"plugin_id": "weather", "status": "enabled", "enabled": true}}})");
    put("plugin-repos/weather/manifest.json", R"({"id": "weather", "version": "1.0"})");
  }
  void put(const std::string& path, std::string bytes) { disk_.put_file("/pi/" + path, std::move(bytes)); }
  Observation observe_with(const platform::FileSystem& file_system, KeptCopies kept = {}) {
    const auto root = file_system.open_root_for_reading("/pi");
    if (!root) return {};
    auto result = observe({.root = root->get(),
                           .file_system = &file_system,
                           .clock = &clock_,
                           .processes = &processes_,
                           .root_path = "/pi",
                           .ledger = ledger_,
                           .ledger_reading = {.source = Source::ledger, .verdict = Verdict::complete},
                           .registry = {.present = true, .origin = "here"},
                           .registry_reading = {.source = Source::registry, .verdict = Verdict::complete},
                           .kept_copies = std::move(kept)});
    EXPECT_TRUE(result);
    return std::move(*result);
  }
  Observation look(KeptCopies kept = {}) { return observe_with(disk_, std::move(kept)); }

  platform::MemoryFileSystem disk_;
  platform::FakeClock clock_;
  platform::FakeProcessTable processes_;
  model::LedgerFacts ledger_;
};

TEST_F(Observe, an_installation_in_order_gives_every_fact_and_verdict) {
  const Observation seen = look();
  for (const Source source : model::kAllSources) {
    EXPECT_EQ(seen.reading(source).source, source);
    if (source != Source::runtime) {
      EXPECT_EQ(seen.reading(source).verdict, Verdict::complete) << to_string(source);
    }
  }
  EXPECT_EQ(seen.reading(Source::runtime).reason, "not_published");
  EXPECT_EQ(seen.root, "/pi");
  EXPECT_EQ(seen.config.sections.size(), 3U);
  EXPECT_EQ(seen.config.secrets.size(), 2U);
  EXPECT_EQ(seen.config.templates.size(), 2U);
  EXPECT_EQ(seen.config.core_keys_in_secrets,
            (std::vector<model::CoreKeyInSecrets>{{"weather", "enabled", "false", "true"}}));
  EXPECT_EQ(seen.disk.directories.size(), 1U);
  EXPECT_EQ(seen.state.size(), 1U);
  EXPECT_EQ(seen.tombstones, std::vector<std::string>{"old"});
  EXPECT_EQ(seen.ignored_tombstones, std::vector<std::string>{"\"../x\""});
  EXPECT_EQ(seen.registry.origin, "here");
  EXPECT_TRUE(seen.last_good.empty());
  EXPECT_EQ(seen.web_process, model::Tristate::no);
  EXPECT_EQ(seen, look());
}

TEST_F(Observe, a_new_installation_lacks_files_without_a_complaint) {
  for (const char* path : {"config/config_secrets.json", "config/uninstalled_plugins.json", "data/plugin_state.json"}) {
    disk_.erase(std::string("/pi/") + path);
  }
  const Observation seen = look();
  for (const Source source : {Source::secrets, Source::tombstones, Source::state}) {
    EXPECT_EQ(seen.reading(source).verdict, Verdict::absent);
  }
}

TEST_F(Observe, what_cannot_be_read_is_unreadable_and_never_empty_F09_F44_F65) {
  for (const std::string& bytes : {std::string(), std::string(200, '\0'), std::string("{\"timezone\": \"UT"),
                                   std::string("[]"), std::string("false"), std::string("\xef\xbb\xbf{}"),
                                   std::string("{\"a\": 1,}"), std::string("{\"a\": 1} // note")}) {
    put("config/config.json", bytes);
    put("config/config_secrets.json", bytes);
    put("config/config.template.json", bytes);
    put("data/plugin_state.json", bytes);
    put("config/uninstalled_plugins.json", bytes == "[]" ? "{}" : bytes);
    const Observation seen = look();
    for (const Source source :
         {Source::config, Source::secrets, Source::template_, Source::state, Source::tombstones}) {
      EXPECT_EQ(seen.reading(source).verdict, Verdict::unreadable) << to_string(source) << ": " << bytes;
      EXPECT_EQ(seen.reading(source).reason, "syntax");
      EXPECT_NE(seen.reading(source).detail, "");
    }
    EXPECT_TRUE(seen.config.sections.empty());
    EXPECT_EQ(seen.disk.directories.size(), 1U);
  }
}

TEST_F(Observe, a_config_that_only_another_user_may_read_is_not_offered_a_copy_F09) {
  put("config/config.json.backup", "{}");
  disk_.fail_reading("/pi/config/config.json", EACCES);
  const Observation seen = look();
  EXPECT_EQ(seen.reading(Source::config).reason, "permission");
  EXPECT_TRUE(seen.last_good.empty());
}

TEST_F(Observe, the_newest_good_copy_is_offered_for_config_and_secrets_F65) {
  put("config/config.json", R"({"timezone": "UTC", "weather": {"ena)");
  put("config/config_secrets.json", "");
  put(".trueup/kept/3-config.json", R"({"timezone": "UTC"})");
  put("config/backups/config.json.backup.20260301_101010", R"({"timezone": "UTC", "weather": {}})");
  put("config/backups/config_secrets.json.backup.20260301_101010", "{}");
  const Observation seen = look({.config = {".trueup/kept/3-config.json"}});
  ASSERT_EQ(seen.last_good.size(), 2U);
  EXPECT_EQ(seen.last_good[0].path, "config/backups/config.json.backup.20260301_101010");
  EXPECT_EQ(seen.last_good[1].source, Source::secrets);
}

TEST_F(Observe, a_config_that_is_gone_is_lost_when_anything_else_remains_F65) {
  disk_.erase("/pi/config/config.json");
  put("config/config.json.backup", "{}");
  Observation seen = look();
  EXPECT_EQ(seen.reading(Source::config).verdict, Verdict::unreadable) << "what it said is unknown, not nothing";
  EXPECT_EQ(seen.reading(Source::config).reason, "lost");
  EXPECT_EQ(seen.last_good.size(), 1U);
  for (const char* path : {"config/config.json.backup", "config/config_secrets.json", "data/plugin_state.json",
                           "config/uninstalled_plugins.json", "plugin-repos/weather"}) {
    disk_.erase(std::string("/pi/") + path);
  }
  put("plugin-repos/web-ui-info/manifest.json", R"({"id": "web-ui-info"})");  // comes with LEDMatrix itself
  seen = look();
  EXPECT_EQ(seen.reading(Source::config).verdict, Verdict::absent);
  EXPECT_EQ(seen.reading(Source::config).reason, "missing");
}

TEST_F(Observe, finds_the_plugins_though_config_cannot_be_read) {
  disk_.put_file("/mnt/usb/clock/manifest.json", R"({"id": "clock"})");
  put("config/config.json", R"({"plugin_system": {"plugins_directory": "/mnt/usb"}, "weather": {"ena)");
  EXPECT_EQ(look().disk.path, "/mnt/usb");
  put("config/config.json", "");
  put("config/config.json.backup", R"({"plugin_system": {"plugins_directory": "/mnt/usb"}})");
  EXPECT_EQ(look().disk.path, "/mnt/usb");
}

TEST_F(Observe, a_plugins_directory_that_is_not_configured_sensibly_is_unreadable) {
  put("config/config.json", R"({"plugin_system": {"plugins_directory": 5}})");
  const Observation seen = look();
  EXPECT_EQ(seen.reading(Source::disk).verdict, Verdict::unreadable);
  EXPECT_EQ(seen.reading(Source::disk).reason, "not_configured");
}

TEST_F(Observe, the_ledger_knows_which_plugins_directory_was_worked_on_F10) {
  ledger_.installation_id = "id-1";
  EXPECT_EQ(look().reading(Source::disk).reason, "unmounted");
  put("plugin-repos/" + std::string(model::kContainerName) + "/installation-id", "id-1");
  EXPECT_EQ(look().reading(Source::disk).verdict, Verdict::complete);
}

TEST_F(Observe, writes_nothing_and_takes_no_lock) {
  platform::DenyWrites nobody_writes;
  const platform::ObservedFileSystem watched(disk_, nobody_writes);
  put("config/config.json", "{");
  disk_.clear_log();
  EXPECT_EQ(observe_with(watched), look());
  EXPECT_TRUE(nobody_writes.attempts().empty());
  EXPECT_TRUE(disk_.log().empty());
}

/// Promise 1 at its root: whichever call fails, what could not be read is unreadable, or invalid, or told as a problem;
/// it never looks as if it were not there.
TEST_F(Observe, no_failing_call_makes_anything_look_absent_F09_F10) {
  put("plugin-repos/damaged/other.txt", "no manifest here");
  disk_.put_link("/pi/plugin-repos/linked", "weather");
  const Observation healthy = look();
  int failures = 0;
  for (std::uint64_t n = 1;; ++n) {
    platform::FailNth fault(n, EIO, platform::FailNth::Scope::once);
    const platform::ObservedFileSystem failing(disk_, fault);
    const Observation seen = observe_with(failing);
    if (!fault.was_hit()) break;
    if (seen.root.empty()) continue;  // the root itself could not be opened
    ++failures;
    for (const Source source :
         {Source::config, Source::secrets, Source::template_, Source::state, Source::tombstones}) {
      EXPECT_NE(seen.reading(source).verdict, Verdict::absent) << to_string(source) << ", call " << n;
    }
    if (seen.reading(Source::config).known()) {
      EXPECT_EQ(seen.config.sections, healthy.config.sections) << n;
    }
    if (seen.reading(Source::secrets).known()) {
      EXPECT_EQ(seen.config.secrets, healthy.config.secrets) << n;
    }
    if (seen.reading(Source::state).known()) {
      EXPECT_EQ(seen.state, healthy.state) << n;
    }
    if (seen.reading(Source::tombstones).known()) {
      EXPECT_EQ(seen.tombstones, healthy.tombstones) << n;
    }
    if (seen.reading(Source::disk).known()) {
      ASSERT_EQ(seen.disk.directories.size(), healthy.disk.directories.size()) << n;
      for (const auto& directory : seen.disk.directories) {
        if (directory.name == "damaged") continue;
        EXPECT_NE(directory.manifest, model::ManifestVerdict::missing) << directory.name << ", call " << n;
      }
    }
  }
  EXPECT_GT(failures, 10);
}

}  // namespace
}  // namespace trueup::sources
