// An installation on a disk in memory beside a local registry that offers what a test puts into it.
#pragma once

#include <fmt/core.h>

#include <string>

#include "engine/engine_test_support.h"
#include "store/local_source.h"

namespace trueup::engine {

class StoreTest : public EngineTest {
 protected:
  /// `manifest_id` lies in plugins/<manifest_id>; the registry may call it something else.
  void offer(const std::string& entry_id, const std::string& manifest_id, const std::string& version,
             const std::string& more = "") {
    const std::string directory = "/registry/plugins/" + manifest_id + "/";
    disk.put_file(directory + "manifest.json",
                  fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", )"
                              R"("entry_point": "manager.py", "display_modes": []}})",
                              manifest_id, version));
    disk.put_file(directory + "manager.py", "class P:\n    version = '" + version + "'\n");
    entries_ += fmt::format(R"({}{{"id": "{}", "plugin_path": "plugins/{}", "latest_version": "{}"{}}})",
                            entries_.empty() ? "" : ", ", entry_id, manifest_id, version, more);
    disk.put_file("/registry/plugins.json", fmt::format("{{\"plugins\": [{}]}}", entries_));
  }

  store::LocalSource store_{disk, "/registry"};
  std::string entries_;  // of the registry, as it stands; cleared where a test begins another
};

}  // namespace trueup::engine
