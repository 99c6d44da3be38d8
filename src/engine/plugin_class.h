// Which class of a plugin's entry file LEDMatrix would start, for a manifest that does not say so.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::engine {

/// The first class at the top level of `python` whose bases mention BasePlugin, else the first class at all; nothing
/// when there is none. Reads definitions only: the text is never run and need not be valid.
std::optional<std::string> plugin_class_in(std::string_view python);

}  // namespace trueup::engine
