// JSON text as Python's json.dump lays it out, made without trueup's own JSON code so that it can judge that code.
#pragma once

#include <string>
#include <string_view>

namespace trueup::test {

/// `json` (valid, any layout) with json.dump's spaces and line breaks for this indent. Tokens are kept as spelled.
std::string python_layout(std::string_view json, int indent);

/// `text` (UTF-8) as a JSON string, non-ASCII escaped as json.dump does.
std::string python_quoted(std::string_view text);

}  // namespace trueup::test
