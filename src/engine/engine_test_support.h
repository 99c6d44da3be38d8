// An installation on a disk in memory, and everything a verb needs to work on it. For this layer's tests.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/world.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {

inline constexpr const char* kRoot = "/pi/ledmatrix";

/// From the n-th changing call on nothing changes any more, as if the program had been killed there.
class DeadFrom final : public platform::Observer {
 public:
  explicit DeadFrom(int n) : left_(n) {}
  Status before(const platform::Call& call) override {
    if (!platform::is_writing(call.operation) || --left_ > 0) return ok();
    return Error{.code = ErrorCode::io, .message = "killed", .where = call.path};
  }
  void after(const platform::Call&) override {}
  [[nodiscard]] bool was_hit() const { return left_ <= 0; }

 private:
  int left_;
};

/// The ports of a World that are no disk.
struct Ports {
  platform::FakeClock clock;
  platform::RepeatableRandom random;
  platform::FakeProcessTable processes;
  platform::FakeServiceManager services;
  RecordingLogger logger;

  World world(platform::FileSystem& disk) {
    return World{.file_system = disk,
                 .clock = clock,
                 .random = random,
                 .processes = processes,
                 .services = services,
                 .logger = logger,
                 .root = kRoot};
  }
};

/// One plugin's move to its place does not work.
class CannotMove final : public platform::Observer {
 public:
  explicit CannotMove(std::string to) : to_(std::move(to)) {}
  Status before(const platform::Call& call) override {
    if (call.operation != platform::Operation::rename || !call.to_path.ends_with(to_)) return ok();
    return Error{.code = ErrorCode::io, .message = "the disk reported an error", .where = call.path};
  }
  void after(const platform::Call&) override {}

 private:
  std::string to_;
};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    disk.put_directory(path("plugin-repos"));
    write("config/config.json",
          "{\n    \"timezone\": \"UTC\",\n    \"display\": {\n        \"brightness\": 90\n    }\n}");
    write("config/config_secrets.json", "{\n    \"github\": {\n        \"api_token\": \"hush\"\n    }\n}", 0640);
  }

  static std::string path(const std::string& relative) { return std::string(kRoot) + "/" + relative; }
  void write(const std::string& relative, const std::string& bytes, std::uint32_t mode = 0644) {
    disk.put_file(path(relative), bytes, mode);
  }
  std::string read(const std::string& relative) {
    const auto files = disk.files();
    const auto found = files.find(path(relative));
    return found == files.end() ? std::string("(not there)") : found->second;
  }

  void add_plugin(const std::string& id, const std::string& version = "1.0.0") {
    const std::string directory = "plugin-repos/" + id + "/";
    write(directory + "manifest.json",
          fmt::format(
              R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", "entry_point": "manager.py", )"
              R"("display_modes": ["{0}"]}})",
              id, version));
    write(directory + "manager.py", "class P:\n    pass\n");
  }
  /// The same as an interrupted install leaves it: whole, and aside only.
  void add_plugin_aside(const std::string& id) {
    add_plugin(id);
    const auto files = disk.files();
    for (const std::string name : {"manifest.json", "manager.py"}) {
      write("plugin-repos/" + id + ".standalone-backup-preinstall/" + name,
            files.at(path("plugin-repos/" + id + "/" + name)));
    }
    disk.erase(path("plugin-repos/" + id));
  }
  /// config.json with these sections behind the core's.
  void configure(const std::vector<std::pair<std::string, std::string>>& sections) {
    std::string text = "{\n    \"timezone\": \"UTC\",\n    \"display\": {\n        \"brightness\": 90\n    }";
    for (const auto& [key, value] : sections) text += fmt::format(",\n    \"{}\": {}", key, value);
    write("config/config.json", text + "\n}");
  }
  static std::string record(const std::string& id, bool enabled) {
    return fmt::format(
        "    \"{0}\": {{\n      \"plugin_id\": \"{0}\",\n      \"status\": \"{1}\",\n      \"enabled\": {2},\n      "
        "\"version\": null,\n      \"installed_at\": null,\n      \"last_updated\": \"2026-03-26T09:12:44.018233\",\n"
        "      \"config_version\": 3,\n      \"metadata\": {{}}\n    }}",
        id, enabled ? "enabled" : "disabled", enabled);
  }
  void record_state(const std::vector<std::string>& records) {
    std::string text = "{\n  \"version\": 1,\n  \"states\": {\n";
    for (std::size_t i = 0; i < records.size(); ++i) text += records[i] + (i + 1 < records.size() ? ",\n" : "\n");
    write("data/plugin_state.json", text + "  },\n  \"last_updated\": \"2026-03-26T09:14:02.500377\"\n}");
  }

  World world() { return ports.world(disk); }
  /// The verb, killed at the n-th changing call. False: it ended before that.
  bool killed_at(int n, const std::function<void(World&)>& verb) {
    DeadFrom dead(n);
    platform::ObservedFileSystem watched(disk, dead);
    auto here = ports.world(watched);
    verb(here);
    return dead.was_hit();
  }

  /// Everything that is not trueup's own.
  static std::map<std::string, std::string> theirs(const platform::MemoryFileSystem& on) {
    std::map<std::string, std::string> files;
    for (auto& [name, bytes] : on.files()) {
      if (name.find("/.trueup") == std::string::npos) files.emplace(name, bytes);
    }
    return files;
  }

  platform::MemoryFileSystem disk;
  Ports ports;
};

}  // namespace trueup::engine
