#include "platform/memory_disk.h"

#include <algorithm>
#include <cerrno>
#include <deque>

namespace trueup::platform {

namespace {

constexpr int kMostLinks = 40;  // as Linux
constexpr std::uint64_t kDevice = 77;

std::deque<std::string> components_of(const std::string& path) {
  std::deque<std::string> components;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    if (slash > start) components.push_back(path.substr(start, slash - start));
    start = slash + 1;
  }
  return components;
}

}  // namespace

Status MemoryDisk::announce(const Call& call) { return observer == nullptr ? ok() : observer->before(call); }

void MemoryDisk::report(const Call& call) {
  if (observer != nullptr) observer->after(call);
}

Found MemoryDisk::resolve(std::uint64_t start, const std::string& path, Links links, bool follow_last) const {
  std::uint64_t current = path.starts_with('/') ? kRootInode : start;
  std::deque<std::string> left = components_of(path);
  int links_passed = 0;
  while (!left.empty()) {
    const std::string name = left.front();
    left.pop_front();
    if (node(current).kind != FileKind::directory) return {0, ENOTDIR};
    if (name == ".") continue;
    if (name == "..") {
      current = node(current).parent;
      continue;
    }
    const auto found = child(current, name);
    if (!found) return {0, ENOENT};
    const DiskNode& next = node(*found);
    if (next.kind != FileKind::link || (left.empty() && !follow_last)) {
      current = *found;
      continue;
    }
    if (links == Links::refuse || ++links_passed > kMostLinks) return {0, ELOOP};
    if (next.content.starts_with('/')) current = kRootInode;
    const auto target = components_of(next.content);
    left.insert(left.begin(), target.begin(), target.end());
  }
  return {current, 0};
}

FileInfo MemoryDisk::info(std::uint64_t inode) const {
  const DiskNode& found = node(inode);
  return FileInfo{.kind = found.kind,
                  .size = found.content.size(),
                  .inode = inode,
                  .device = kDevice,
                  .mode = found.mode,
                  .uid = found.uid,
                  .gid = found.gid,
                  .links = found.links,
                  .modified_ns = found.changes,
                  .changed_ns = found.changes};
}

std::string MemoryDisk::path_of(std::uint64_t inode) const {
  std::string path;
  for (; inode != kRootInode; inode = node(inode).parent) path.insert(0, "/" + node(inode).name);
  return path.empty() ? "/" : path;
}

std::optional<std::uint64_t> MemoryDisk::child(std::uint64_t directory, const std::string& name) const {
  const auto& children = node(directory).children;
  const auto entry = children.find(name);
  if (entry == children.end()) return std::nullopt;
  return entry->second;
}

bool MemoryDisk::lies_in(std::uint64_t directory, std::uint64_t ancestor) const {
  while (directory != ancestor && directory != kRootInode) directory = node(directory).parent;
  return directory == ancestor;
}

void MemoryDisk::perform(LoggedOperation operation) {
  apply(image, operation);
  if (operation.operation != Operation::exchange) {
    if (operation.other != 0) forget_if_unused(operation.other);
    forget_if_unused(operation.inode);
  }
  log.push_back(std::move(operation));
}

int MemoryDisk::check_rename(LoggedOperation& operation, RenameMode mode) const {
  const auto from = child(operation.directory, operation.name);
  const auto to = child(operation.to_directory, operation.to_name);
  if (!from) return ENOENT;
  operation.inode = *from;
  operation.other = to.value_or(0);
  if (node(operation.to_directory).links == 0) return ENOENT;
  if (lies_in(operation.to_directory, *from)) return EINVAL;
  if (mode == RenameMode::exchange) return !to ? ENOENT : lies_in(operation.directory, *to) ? EINVAL : 0;
  if (!to) return 0;
  if (mode == RenameMode::no_replace) return EEXIST;
  const bool from_directory = node(*from).kind == FileKind::directory;
  const bool to_directory = node(*to).kind == FileKind::directory;
  if (from_directory && !to_directory) return ENOTDIR;
  if (!from_directory && to_directory) return EISDIR;
  return node(*to).children.empty() ? 0 : ENOTEMPTY;
}

int MemoryDisk::reserve(std::uint64_t inode, std::uint64_t end) {
  const std::uint64_t size = node(inode).content.size();
  const std::uint64_t more = end > size ? end - size : 0;
  if (more > free_bytes) return ENOSPC;
  free_bytes -= more;
  return 0;
}

void MemoryDisk::release(std::uint64_t inode) {
  const auto use = uses.find(inode);
  if (--use->second.handles > 0) return;
  if (use->second.writers == 0) uses.erase(use);
  forget_if_unused(inode);
}

void MemoryDisk::forget_if_unused(std::uint64_t inode) {
  const auto found = image.nodes.find(inode);
  if (found == image.nodes.end() || found->second.links > 0 || uses.contains(inode)) return;
  free_bytes += found->second.content.size();
  image.nodes.erase(found);
}

}  // namespace trueup::platform
