#include "base/counted.h"

#include <fmt/core.h>

namespace trueup {

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace trueup
