#include "support/test_data.h"

#include <cstdlib>

namespace trueup::test {

std::optional<std::filesystem::path> test_data(std::string_view source_dir, std::string_view name) {
  const char* given = std::getenv("TRUEUP_TEST_DATA");
  std::filesystem::path path = given != nullptr ? given : std::filesystem::path(source_dir) / "../shared/data";
  path /= name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

}  // namespace trueup::test
