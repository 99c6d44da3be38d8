// Private to src/json.
#pragma once

namespace trueup::json {

/// Python's str.isprintable for one character: repr escapes all others.
bool is_printable(char32_t code_point);

}  // namespace trueup::json
