// Which directories say that something of an installation may have changed, and which names in them count. What else
// lies there may change as it likes and costs nothing.
#pragma once

#include <string>
#include <vector>

#include "platform/file_system.h"
#include "platform/watcher.h"

namespace trueup::service {

/// Where an installation lies. Absolute paths.
struct Places {
  std::string root;
  std::string plugins;                          // the plugins directory; empty: nobody knows where it is
  std::vector<std::string> plugin_directories;  // names in it
  std::string display_cache;                    // where the owner says that the records lie; empty: the usual places
  std::string registry;                         // a local one; empty: it lies on a network, or there is none
  std::vector<std::string> linked_files;        // where a file that is a link really lies
  bool operator==(const Places&) const = default;
};

inline constexpr const char* kConfigTopic = "config";
inline constexpr const char* kRuntimeTopic = "runtime";
inline constexpr const char* kRegistryTopic = "registry";

/// A plugin's own directory has the plugin's directory name as its topic.
std::vector<platform::WatchedDirectory> watch_list(const Places& places);

/// Those of the files that everything rests on which are links, as the disk has them now.
std::vector<std::string> linked_files(const platform::Directory& root);

}  // namespace trueup::service
