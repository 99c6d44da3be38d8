#include "service/watch_list.h"

#include <array>
#include <string_view>
#include <utility>

#include "model/plugin_id.h"
#include "service/work_queue.h"
#include "sources/runtime_source.h"

namespace trueup::service {
namespace {

constexpr std::array kFiles{"config/config.json", "config/config_secrets.json", "config/uninstalled_plugins.json",
                            "data/plugin_state.json", "config/trueup/settings.json"};

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::vector<platform::WatchedDirectory> watch_list(const Places& places) {
  const std::string& root = places.root;
  std::vector<platform::WatchedDirectory> list{
      {.path = root, .names = {"config", "data", "plugin-repos"}, .topic = kEverything},
      {.path = root + "/config",
       .names = {"config.json", "config_secrets.json", "config.template.json", "uninstalled_plugins.json"},
       .topic = kConfigTopic},
      {.path = root + "/config/trueup", .names = {"settings.json"}, .topic = kConfigTopic},
      {.path = root + "/data", .names = {"plugin_state.json"}, .topic = kConfigTopic},
  };
  if (!places.plugins.empty()) {
    list.push_back({.path = places.plugins, .except = {std::string(model::kContainerName)}, .topic = kEverything});
    // Plugins keep what they fetched beside their code: only what decides something counts.
    for (const std::string& name : places.plugin_directories) {
      list.push_back({.path = places.plugins + "/" + name,
                      .names = {"manifest.json", "config_schema.json", ".trueup-receipt.json", "*.py"},
                      .topic = name});
    }
  }
  const auto add_records = [&list](std::string path) {
    list.push_back({.path = std::move(path),
                    .names = {std::string(sources::kRuntimeSnapshotName), std::string(sources::kRuntimeHealthNames)},
                    .topic = kRuntimeTopic});
  };
  if (!places.display_cache.empty()) {
    add_records(places.display_cache.starts_with('/') ? places.display_cache : root + "/" + places.display_cache);
  } else {
    for (const std::string_view usual : sources::kUsualRuntimePlaces) add_records(std::string(usual));
  }
  if (!places.registry.empty()) {
    list.push_back({.path = places.registry, .names = {"plugins.json", "plugins"}, .topic = kRegistryTopic});
    list.push_back({.path = places.registry + "/plugins", .topic = kRegistryTopic});
  }
  for (const std::string& path : places.linked_files) {
    list.push_back({.path = parent_of(path), .names = {name_of(path)}, .topic = kConfigTopic});
  }
  return list;
}

std::vector<std::string> linked_files(const platform::Directory& root) {
  std::vector<std::string> linked;
  for (const char* file : kFiles) {
    const auto info = root.info(file, platform::Links::refuse);
    if (!info || info->kind != platform::FileKind::link) continue;
    if (auto path = root.real_path(file)) linked.push_back(std::move(*path));
  }
  return linked;
}

}  // namespace trueup::service
