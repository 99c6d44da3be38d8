#include "support/test_data.h"

#include <cstdlib>

namespace trueup::test {

std::optional<std::filesystem::path> test_data(std::string_view name) {
  const char* given = std::getenv("TRUEUP_TEST_DATA");
  if (given == nullptr) return std::nullopt;
  std::filesystem::path path = std::filesystem::path(given) / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

}  // namespace trueup::test
