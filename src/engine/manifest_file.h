// The manifest of one plugin directory, read when a step needs it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/file_system.h"
#include "sources/manifest.h"

namespace trueup::engine {

struct ManifestFile {
  enum class State { good, missing, damaged };
  State state = State::missing;
  std::string bytes;
  sources::ManifestReading reading;
  std::string problem;       // one sentence when damaged
  bool disk_failed = false;  // it says nothing about the manifest: it could not be read
};

ManifestFile read_manifest_file(const platform::Directory& plugin);

/// Whatever its value is. Requires: the state is good.
bool manifest_has_field(const ManifestFile& manifest, std::string_view field);

/// The text with `class_name` added to it and nothing else changed. Requires: the state is good, and it has none.
Result<std::string> manifest_with_class(const ManifestFile& manifest, std::string_view class_name);

}  // namespace trueup::engine
