// The little that trueup needs to know about a plugin's Python code. It is read as text, never run.
#pragma once

#include <string_view>

namespace trueup::sources {

/// A line of `code` begins the class `name`; any class when `name` is empty.
bool defines_class(std::string_view code, std::string_view name);

}  // namespace trueup::sources
