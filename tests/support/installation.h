// A LEDMatrix installation for tests, written as LEDMatrix itself would have written it.
//
//   Installation home;
//   home.add_plugin("clock", "1.2.0").set_enabled("clock", true).record("clock", true);
//   home.offer("weather", "2.0.0").set_enabled("weather", true);   // wanted, in the store, not there
//   run_command({trueup, "--root", home.root().string(), "plan"});
//
// What is described is written when a path is first asked for. Describing more later rewrites the one file concerned
// from the description: what another program wrote there meanwhile is then gone, as the test asked.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/files.h"

namespace trueup::test {

class Installation {
 public:
  /// In a temporary directory of its own, at <temporary>/home/ledmatrix, so that tests can look at what is around it.
  Installation();
  /// At `root`, which the caller keeps and removes.
  explicit Installation(std::filesystem::path root);

  // The plugins directory. `directory` is the directory's name where that differs from the id.
  Installation& add_plugin(std::string_view id, std::string_view version = "1.0.0", std::string_view directory = "");

  // config/config.json: values are JSON text in any layout. Core sections are there from the start.
  Installation& set_section(std::string_view key, std::string_view json);
  Installation& set_enabled(std::string_view id, bool enabled);  // {"enabled": ..., "display_duration": 15}
  Installation& remove_section(std::string_view key);
  // config/config_secrets.json (0640): a "github" section is there from the start.
  Installation& set_secret(std::string_view key, std::string_view json);
  // data/plugin_state.json: not there until something is recorded. An empty version is null.
  Installation& record(std::string_view id, bool enabled, std::string_view version = "");
  Installation& record_entry(std::string_view id, std::string_view json);
  // config/uninstalled_plugins.json: not there until a removal is noted.
  Installation& add_tombstone(std::string_view id);
  // registry/plugins.json and registry/plugins/<directory>/.
  Installation& offer(std::string_view id, std::string_view version = "1.0.0", std::string_view directory = "");
  /// In agreement everywhere: on disk, in config, recorded, offered by the registry.
  Installation& add_healthy(std::string_view id, bool enabled = true, std::string_view version = "1.0.0");

  /// Exact bytes for one of the files above instead of the description; a path relative to the root.
  Installation& write(const std::filesystem::path& relative, std::string_view bytes);
  [[nodiscard]] std::string read(const std::filesystem::path& relative);

  const std::filesystem::path& root();
  std::filesystem::path config() { return root() / "config/config.json"; }
  std::filesystem::path secrets() { return root() / "config/config_secrets.json"; }
  std::filesystem::path state() { return root() / "data/plugin_state.json"; }
  std::filesystem::path tombstones() { return root() / "config/uninstalled_plugins.json"; }
  std::filesystem::path plugins() { return root() / "plugin-repos"; }
  std::filesystem::path plugin(std::string_view directory) { return plugins() / directory; }
  std::filesystem::path registry() { return root() / "registry"; }

 private:
  using Members = std::vector<std::pair<std::string, std::string>>;  // key, JSON text

  void start();
  void flush();

  std::optional<TempDirectory> own_directory_;
  std::filesystem::path root_;
  Members config_;
  Members secrets_;
  Members states_;
  Members offers_;
  std::set<std::string> tombstones_;
  std::set<std::string> changed_;  // files of the description that are not on disk yet
};

/// Writes a plugin as found in the wild: manifest, schema, code, requirements.
void write_plugin(const std::filesystem::path& directory, std::string_view id, std::string_view version);

}  // namespace trueup::test
