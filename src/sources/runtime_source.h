// What LEDMatrix's display process tells of its plugins: one snapshot, and a health record a plugin, in its cache.
//
// A newer LEDMatrix publishes them (formats 8.5, 3.6), an older one does not. The decoders are pure. A snapshot counts
// only while two witnesses agree: the process that wrote it is alive, and it is not older than it says it may be. Short
// of that what runs is unknown, never "nothing". What an error of a plugin says is repeated as LEDMatrix redacted it;
// the texts of health records, which it does not redact, are repeated without what the secrets file holds, and not at
// all while that file cannot be read.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/observation.h"
#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/process_table.h"

namespace trueup::sources {

struct RuntimeSnapshot {
  std::int64_t schema = 0;  // another one than kRuntimeSchema: nothing else is filled
  bool running = false;
  std::int64_t pid = 0;
  double started_at = 0;                      // likewise, when this run of the display began; 0: it does not say
  double published_at = 0;                    // seconds since 1970, by the display's clock
  double stale_after = 0;                     // seconds, within what makes sense
  std::vector<model::RunningPlugin> plugins;  // sorted by id; only well-formed ids
  bool operator==(const RuntimeSnapshot&) const = default;
};

inline constexpr std::int64_t kRuntimeSchema = 1;

/// Where the display, which runs as root, keeps its cache. A directory that everybody may write is none of them.
inline constexpr std::array<std::string_view, 2> kUsualRuntimePlaces{"/var/cache/ledmatrix", "/opt/ledmatrix/cache"};
inline constexpr std::string_view kRuntimeSnapshotName = "plugin_runtime_snapshot.json";
inline constexpr std::string_view kRuntimeHealthNames = "plugin_health:*.json";  // one a plugin

/// Texts that are never repeated; nothing: they are not known, and no text that may hold one is repeated.
using SecretTexts = std::optional<std::vector<std::string>>;

/// Error: it is no such record. One bad plugin spoils only itself.
Result<RuntimeSnapshot> decode_runtime_snapshot(std::string bytes, const SecretTexts& secrets);

struct Health {
  std::string says;        // what ails the plugin, as a sentence of our own; empty: nothing
  std::string words;       // why, in the plugin's words, as they stand
  bool held_back = false;  // LEDMatrix tries such a plugin again within minutes, and writes anew what comes of it
  double written_at = 0;   // seconds since 1970, by the display's clock; 0: it does not say
  bool operator==(const Health&) const = default;
};

/// Error: it is no such record.
Result<Health> decode_health(std::string bytes);

struct RuntimeInputs {
  // Not owned; all required.
  const platform::FileSystem* file_system = nullptr;
  platform::Clock* clock = nullptr;
  const platform::ProcessTable* processes = nullptr;
  std::string root;                           // of the installation, as given
  std::string real_root;                      // and with all links followed
  std::string cache;                          // where the records lie, when the owner says so; empty: the usual places
  std::vector<std::string> installed = {};    // ids whose health records are read
  std::function<SecretTexts()> secrets = {};  // asked only where the display tells something; empty: not known
};

struct RuntimeReading {
  model::RuntimeFacts facts;
  model::SourceReading reading;
};

RuntimeReading read_runtime(const RuntimeInputs& inputs);

}  // namespace trueup::sources
