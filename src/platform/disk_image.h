// The state of an in-memory disk as a plain value, and the operations that change it as values too: what a
// MemoryFileSystem holds, records and can be rebuilt from. crash_disk.h replays parts of a record.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platform/file_system.h"
#include "platform/observer.h"

namespace trueup::platform {

inline constexpr std::uint64_t kRootInode = 1;

struct DiskNode {
  FileKind kind = FileKind::regular;
  std::string content = {};  // bytes of a file, target of a link
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t parent = 0;
  std::string name = {};
  std::uint64_t links = 0;   // 0: no name leads here any more
  std::int64_t changes = 0;  // grows with every change; shown as the file's times
  int read_failure = 0;      // errno that reading it gives, or 0
  std::map<std::string, std::uint64_t> children = {};
  bool operator==(const DiskNode&) const = default;
};

struct DiskImage {
  DiskImage();
  std::map<std::uint64_t, DiskNode> nodes;
  std::uint64_t next_inode = kRootInode + 1;
  std::int64_t changes = 0;
  bool operator==(const DiskImage&) const = default;
};

/// One change, with everything needed to do it again on another image.
struct LoggedOperation {
  Operation operation = Operation::write;
  std::uint64_t inode = 0;      // what is created, written, moved, removed, synced
  std::uint64_t directory = 0;  // where its name is
  std::string name = {};
  std::uint64_t to_directory = 0;  // of a rename or exchange
  std::string to_name = {};
  std::uint64_t other = 0;     // what stood under that name
  std::uint64_t position = 0;  // of a write; the new size of a truncate
  std::string bytes = {};      // of a write; the target of a link
  FileAttributes attributes = {};
  FileKind kind = FileKind::regular;  // of a create
  std::string where = {};             // for people
  bool operator==(const LoggedOperation&) const = default;
};

/// Does the operation on `image`. Requires: every inode it names exists there, or it creates it.
void apply(DiskImage& image, const LoggedOperation& operation);

/// What the tree shows, without inode numbers: the way to compare two disks.
struct ShownNode {
  FileKind kind = FileKind::regular;
  std::string content = {};
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  bool operator==(const ShownNode&) const = default;
};
/// Paths from the root without a leading slash.
std::map<std::string, ShownNode> tree_of(const DiskImage& image);

/// Drops every node that no name leads to.
void prune(DiskImage& image);

}  // namespace trueup::platform
