// Versions of plugins as they are found in the wild, and the one comparison of them (failure F92).
#pragma once

#include <cstdint>
#include <string_view>

namespace trueup::model {

enum class VersionOrder : std::uint8_t { older, same, newer, incomparable };

/// How `a` stands to `b`. A leading `v`, leading zeros, missing parts ("1.2" is "1.2.0") and build metadata ("+b1")
/// make no difference; a pre-release ("1.2.0-rc1") is older than its release. Texts that are no versions are the
/// same when they are equal and otherwise cannot be compared, so nothing follows from them.
VersionOrder compare_versions(std::string_view a, std::string_view b);

/// Something that a version can be compared with.
bool is_version(std::string_view text);

}  // namespace trueup::model
