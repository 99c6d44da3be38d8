// The smallest tar writer: a few regular files into one archive that any tar unpacks. No clock, no owner: equal files
// give equal bytes.
#pragma once

#include <string>
#include <string_view>

namespace trueup::engine {

/// Requires: `name` is shorter than 100 bytes.
void append_tar_entry(std::string& archive, std::string_view name, std::string_view bytes);
void end_tar(std::string& archive);

}  // namespace trueup::engine
