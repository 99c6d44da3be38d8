// A zip archive as a server would send it, for tests: any names, any kinds of entry, nothing compressed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trueup::test {

struct ZipEntry {
  std::string name;
  std::string bytes;
  std::uint32_t mode = 0100644;  // kind and rights, as Unix has them
};

std::string zip_of(const std::vector<ZipEntry>& entries);

/// Everything below `directory`, each name behind `prefix`.
std::vector<ZipEntry> entries_below(const std::filesystem::path& directory, const std::string& prefix);

}  // namespace trueup::test
