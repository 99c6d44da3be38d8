// The installation that `trueup demo` writes: about a dozen invented plugins, one of each kind of drift. Data only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trueup::cli {

struct DemoFile {
  std::string path;  // below the demo's directory
  std::string text;
  std::uint32_t mode = 0644;
  bool operator==(const DemoFile&) const = default;
};

/// Sorted so that a directory's files follow each other.
std::vector<DemoFile> demo_tree();

/// What a person sees in it, for the words after it was written.
std::vector<std::string> demo_story();

}  // namespace trueup::cli
