// Answers made smaller for a slow network. zlib stays in the one .cpp.
#pragma once

#include <string>
#include <string_view>

namespace trueup::web {

/// In gzip's format; the same bytes every time. Empty where it cannot be done.
std::string gzip(std::string_view bytes);

}  // namespace trueup::web
