// Names of many files in one sentence, for a person.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::planner {

inline constexpr std::size_t kMostNames = 5;

/// "a.py, b.py and 3 more"
std::string some_names(const std::vector<std::string>& names, std::string_view between = ", ");

}  // namespace trueup::planner
