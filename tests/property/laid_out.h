// An Observation turned back into files: an installation on a disk in memory that reads as it says.
//
// The tables of situations are Observations. This makes each of them a real config.json, plugins directory, state file,
// registry and ledger, so that the engine itself can be walked through them. Nothing here decides anything.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/log.h"
#include "engine/world.h"
#include "model/observation.h"
#include "platform/clock.h"
#include "platform/memory_file_system.h"
#include "platform/process_table.h"
#include "platform/random.h"
#include "store/local_source.h"

namespace trueup::test {

class LaidOut {
 public:
  /// Requires: what cannot be read is so for a reason that files can have: "syntax", "permission", "unmounted", and
  /// "unreadable" for the registry.
  explicit LaidOut(const model::Observation& wanted);
  LaidOut(const LaidOut&) = delete;
  LaidOut& operator=(const LaidOut&) = delete;

  [[nodiscard]] engine::World world();

  using Tree = std::map<std::string, platform::ShownNode>;  // path below the installation
  /// Everything but the lock.
  [[nodiscard]] Tree tree() const;
  /// What is not trueup's own.
  [[nodiscard]] static Tree theirs(const Tree& tree);

  platform::MemoryFileSystem disk;

 private:
  void write(const std::string& path, std::string bytes);
  void write_documents(const model::Observation& wanted);
  void write_plugins(const model::Observation& wanted);
  void write_registry(const model::Observation& wanted);
  void write_ledger(const model::Observation& wanted);

  platform::FakeClock clock_;
  platform::RepeatableRandom random_;
  platform::FakeProcessTable processes_;
  platform::FakeServiceManager services_;
  RecordingLogger logger_;
  std::optional<store::LocalSource> store_;
};

/// Sentences that only the real reading knows (where a file is cut off), put where `imagined` has its own, so that
/// two plans can be compared whole. Facts are not touched.
void take_words(model::Observation& imagined, const model::Observation& read);

}  // namespace trueup::test
