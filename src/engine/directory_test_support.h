// A display with a plugins directory and a local registry, on a disk in memory, for the tests of what moves
// directories. Everything is looked at through the disk itself, never through what the engine claims.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/log.h"
#include "engine/site.h"
#include "engine/steps.h"
#include "engine/world.h"
#include "platform/clock.h"
#include "platform/memory_file_system.h"
#include "platform/process_table.h"
#include "platform/random.h"
#include "store/local_source.h"

namespace trueup::engine::test {

using Tree = std::map<std::string, std::string>;  // path below a directory: bytes, or "-> target"

class Display {
 public:
  Display();
  explicit Display(platform::DiskImage image);  // after a power cut

  platform::MemoryFileSystem disk;
  platform::FakeClock clock;
  platform::RepeatableRandom random;
  platform::FakeProcessTable processes;
  platform::FakeServiceManager services;
  RecordingLogger logger;
  store::LocalSource store;
  World world;

  std::unique_ptr<Site> site();
  /// Files of a plugin as they are published: manifest, manager.py and what is given besides.
  void offer(const std::string& id, const std::string& version, const Tree& more = {}, const std::string& entry = "");
  void install_by_hand(const std::string& directory, const std::string& id, const std::string& version,
                       const Tree& more = {});
  /// Everything below plugin-repos/<name>, the receipt left out; empty when nothing stands there.
  [[nodiscard]] Tree plugin(const std::string& name) const { return tree("/pi/plugin-repos/" + name); }
  [[nodiscard]] Tree container(const std::string& path) const;
  /// Names in the plugins directory, but for our container.
  [[nodiscard]] std::vector<std::string> plugin_names() const;
  [[nodiscard]] Tree tree(const std::string& path) const;
  [[nodiscard]] const model::RegistryEntry& entry(const std::string& id);

 private:
  model::RegistryFacts registry_;
  std::map<std::string, std::string> offers_;
};

std::string manifest_text(const std::string& id, const std::string& version);
Tree plugin_files(const std::string& id, const std::string& version, const Tree& more = {});

PublishDirectory install_operation(const std::string& id, const std::string& kept = "");

/// Stops the program before its n-th change of the disk (counted from 0), as a crash would.
struct Crash {};
class CrashAt final : public platform::Observer {
 public:
  explicit CrashAt(std::size_t change) : left_(change) {}
  Status before(const platform::Call& call) override {
    if (platform::is_writing(call.operation) && left_-- == 0) throw Crash{};
    return ok();
  }
  void after(const platform::Call&) override {}

 private:
  std::size_t left_;
};

/// One operation as a transaction would run it. False: a crash came; `operation` and `committed` say how far it was.
using DirectoryOperation = std::variant<PublishDirectory, SetDirectoryAside, ExchangeDirectory, ChangeLink>;
struct Trial {
  DirectoryOperation operation;
  bool committed = false;
  Result<Applied> applied = Error{};
};
bool run_until_crash(Display& display, Trial& run, const Materials& materials, platform::Observer* observer);
/// What undoes a finished one.
std::optional<DirectoryOperation> inverse_of(const Trial& run);
/// What the next writing start does.
void recover(Display& display, Trial& run);

}  // namespace trueup::engine::test
