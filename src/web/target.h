// The target of a request line and the fields of a form, taken apart and decoded once. Hostile text.
//
// What could mean two things to two readers is refused instead of being tidied up: an empty or dotted part of a path, a
// NUL, a slash or backslash in disguise, bytes that are no UTF-8 (failure F143).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/http.h"

namespace trueup::web {

struct Target {
  std::string path;                   // as it was sent
  std::vector<std::string> segments;  // decoded; a slash at the end adds none
  Parameters query;
  bool operator==(const Target&) const = default;
};

/// Error: invalid.
Result<Target> parse_target(std::string_view text);

/// `application/x-www-form-urlencoded`, of a body or behind the `?`. Error: invalid; too many fields.
Result<Parameters> parse_form(std::string_view text);

/// The way back, for one part of a path or one value of a query.
std::string percent_encoded(std::string_view text);

}  // namespace trueup::web
