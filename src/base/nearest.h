// What a person may have meant by a mistyped word. One answer for ids, keys, commands and options; never acted on by
// itself (failure F85).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup {

/// Which of `known` may have been meant by `word`, nearest first, at most three; never the word itself.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace trueup
