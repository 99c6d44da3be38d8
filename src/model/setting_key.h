// The name of one setting as a person writes it: "location.city", "leagues.\"eng.1\".enabled",
// "/leagues/eng.1/enabled".
//
// A parser of text from outside, and its way back. It knows nothing of what settings there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup::model {

/// Parts are set apart by dots; a part in double quotes may hold dots itself, with \" and \\ inside the quotes. A key
/// that starts with a slash is a JSON pointer (RFC 6901). In a list a part is the number of an element, from 0, or "-"
/// for a new one behind the last.
/// Error: invalid, with the column. Ensures: never empty.
Result<std::vector<std::string>> parse_setting_key(std::string_view text);

/// The way back: parse_setting_key gives the same parts, where no part is longer than a limit.
std::string setting_key_text(const std::vector<std::string>& path);

}  // namespace trueup::model
