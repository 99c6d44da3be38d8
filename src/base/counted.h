// Numbers with the word that they need, for every sentence that counts something.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trueup {

/// "1 plugin", "3 plugins", "0 plugins".
std::string counted(std::size_t number, std::string_view one, std::string_view many);

}  // namespace trueup
