#include "planner/file_names.h"

#include <fmt/core.h>

namespace trueup::planner {

std::string some_names(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNames; ++i) {
    if (i > 0) text += between;
    text += names[i];
  }
  if (names.size() > kMostNames) text += fmt::format(" and {} more", names.size() - kMostNames);
  return text;
}

}  // namespace trueup::planner
