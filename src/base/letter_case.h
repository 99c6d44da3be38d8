// Capital letters of ASCII, where they make no difference.
#pragma once

#include <string>
#include <string_view>

namespace trueup {

/// The same for all texts that differ in nothing but capital letters, of ASCII.
std::string without_case(std::string_view text);

}  // namespace trueup
