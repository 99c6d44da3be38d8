// Reading one file of an installation: its bytes and its verdict. Everything here only looks.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/source.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// One word for programs: "permission", "link", "not_a_file", "too_large", "io".
std::string reason_of(const Error& error);

struct FileRequest {
  model::Source source = model::Source::config;
  std::string path = {};  // below the root
  std::size_t limit = 0;
};

struct FileReading {
  model::SourceReading reading;
  std::string bytes;  // as last seen, when they make no sense; else empty, for what they say is decoded
};

/// Makes facts of the bytes and says whether they make sense. May be called several times; the last call counts. It may
/// take the bytes, but only where they make sense or nobody will ask for FileReading::bytes.
using Decode = std::function<Status(std::string& bytes)>;

/// Reads, decodes, and looks again for limits::kParseRetryTime while the bytes make no sense: LEDMatrix truncates a
/// file in place and then writes it, and half of a file is not what its owner said.
FileReading read_file(const platform::Directory& root, const FileRequest& request, platform::Clock& clock,
                      const Decode& decode);

}  // namespace trueup::sources
