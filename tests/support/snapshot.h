// What a directory tree looks like, down to inode and time, to prove that something did or did not change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace trueup::test {

struct PathFacts {
  std::string type;  // file, directory, link, other
  unsigned mode = 0;
  unsigned owner = 0;
  unsigned group = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  // files only: a directory's size says nothing
  std::int64_t modified_ns = 0;
  std::string sha256 = {};  // files; "unreadable" when it could not be read
  std::string link_target = {};

  bool operator==(const PathFacts&) const = default;
};

/// Every path below `root` (and `root` itself as "."), relative to it; links are not followed.
using Snapshot = std::map<std::string, PathFacts>;

Snapshot take_snapshot(const std::filesystem::path& root);

enum class Compare {
  everything,  // a reading command must leave even times and inodes alone
  contents,    // type, mode, owner, bytes, link targets: what a person would call the same
};

/// One line a difference ("changed config/config.json: size 12 -> 14, ..."); empty when equal.
std::string difference(const Snapshot& before, const Snapshot& after, Compare compare = Compare::everything);

}  // namespace trueup::test
