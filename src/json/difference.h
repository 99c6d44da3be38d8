// The smallest edits that make one value of another, so that what stays the same stays byte for byte (promise 8): a
// list that loses an element keeps the spelling of all others. Pure.
#pragma once

#include <vector>

#include "json/edit.h"

namespace trueup::json {

/// Edits that make the value `there`, which lies at `path`, say what `wanted` says; none where it does so already.
/// Where that is no matter of single members and elements, one edit replaces the whole.
std::vector<Edit> difference(Value there, Value wanted, const Path& path);

}  // namespace trueup::json
