// Public test data that is not part of the project (JSON and JSON Schema suites, a real registry, a maker of trees).
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace trueup::test {

/// Where `name` of the test data lies, below $TRUEUP_TEST_DATA. Nothing when it is not there, or the variable not set:
/// the test says that it is skipped.
std::optional<std::filesystem::path> test_data(std::string_view name);

}  // namespace trueup::test
