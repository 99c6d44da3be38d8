// Which LEDMatrix trueup stands beside: the version that its own program states. Reads one small file, runs nothing.
#pragma once

#include <string>
#include <string_view>

#include "platform/file_system.h"

namespace trueup::sources {

/// What `src/__init__.py` assigns to `__version__`; empty when it does not say so in plain text.
std::string read_core_version(const platform::Directory& root);

/// The text that a line `__version__ = "…"` of a Python module assigns, or empty.
std::string version_in_module(std::string_view code);

}  // namespace trueup::sources
