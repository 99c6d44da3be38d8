#include "service/watch_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "platform/memory_file_system.h"
#include "service/work_queue.h"

namespace trueup::service {
namespace {

/// What a change of the file at `path` is told as; empty: it costs nothing.
std::string topic_of(const Places& places, const std::string& path) {
  const auto slash = path.find_last_of('/');
  for (const auto& directory : watch_list(places)) {
    if (directory.path == path.substr(0, slash) && platform::counts(directory, path.substr(slash + 1))) {
      return directory.topic;
    }
  }
  return {};
}

TEST(WatchList, names_what_something_is_decided_by_and_nothing_else) {
  const Places places{.root = "/pi", .plugins = "/pi/plugin-repos", .plugin_directories = {"clock"}};
  EXPECT_EQ(topic_of(places, "/pi/config/config.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/config/config_secrets.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/config/uninstalled_plugins.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/config/trueup/settings.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/data/plugin_state.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/plugin-repos/new"), kEverything);
  EXPECT_EQ(topic_of(places, "/pi/plugin-repos/clock/manifest.json"), "clock");
  EXPECT_EQ(topic_of(places, "/pi/plugin-repos/clock/manager.py"), "clock");
  EXPECT_EQ(topic_of(places, "/var/cache/ledmatrix/plugin_runtime_snapshot.json"), kRuntimeTopic);
  EXPECT_EQ(topic_of(places, "/var/cache/ledmatrix/plugin_health:clock.json"), kRuntimeTopic);
  for (const char* silent : {"/pi/config/config.json.swp", "/pi/config/4913", "/pi/data/cache.db",
                             "/pi/.trueup/ledger.db", "/pi/plugin-repos/.trueup.standalone-backup-work",
                             "/pi/plugin-repos/clock/cache.dat", "/var/cache/ledmatrix/weather_current.json"}) {
    EXPECT_EQ(topic_of(places, silent), "") << silent;
  }
}

TEST(WatchList, records_lie_where_the_owner_says) {
  const Places places{.root = "/pi", .display_cache = "cache"};
  EXPECT_EQ(topic_of(places, "/pi/cache/plugin_runtime_snapshot.json"), kRuntimeTopic);
  EXPECT_EQ(topic_of(places, "/var/cache/ledmatrix/plugin_runtime_snapshot.json"), "");
}

TEST(WatchList, a_local_registry_is_watched_by_its_list_and_its_plugins) {
  const auto list = watch_list({.root = "/pi", .registry = "/mnt/usb"});
  const auto about = std::ranges::count(list, kRegistryTopic, &platform::WatchedDirectory::topic);
  EXPECT_EQ(about, 2);
  for (const auto& directory : list) {
    if (directory.path != "/mnt/usb") continue;
    EXPECT_TRUE(platform::counts(directory, "plugins.json"));
    EXPECT_FALSE(platform::counts(directory, "notes.txt"));
  }
}

TEST(WatchList, a_file_that_is_a_link_is_watched_where_it_really_lies) {
  platform::MemoryFileSystem disk;
  disk.put_file("/usb/settings/matrix.json", "{}");
  disk.put_directory("/pi/config");
  disk.put_link("/pi/config/config.json", "/usb/settings/matrix.json");
  const auto root = disk.open_root("/pi");
  const Places places{.root = "/pi", .linked_files = linked_files(**root)};
  EXPECT_EQ(topic_of(places, "/usb/settings/matrix.json"), kConfigTopic);
  EXPECT_EQ(topic_of(places, "/pi/config/config.json"), kConfigTopic) << "the link may be replaced";
}

}  // namespace
}  // namespace trueup::service
