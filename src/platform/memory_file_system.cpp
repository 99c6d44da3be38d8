#include "platform/memory_file_system.h"

#include "platform/descriptor.h"
#include "platform/memory_directory.h"

namespace trueup::platform {

namespace {

Result<std::unique_ptr<MemoryDirectory>> open_path(const std::shared_ptr<MemoryDisk>& disk, const std::string& path) {
  const std::lock_guard lock(disk->mutex);
  const Found found = disk->resolve(kRootInode, path, Links::follow, true);
  if (path.empty()) return Error{.code = ErrorCode::invalid, .message = "not a path", .where = path};
  int failed = found.os_error;
  if (failed == 0) failed = disk->node(found.inode).read_failure;
  if (failed == 0 && disk->node(found.inode).kind != FileKind::directory) failed = ENOTDIR;
  if (failed != 0) return read_error(failed, "open the directory", path);
  return std::make_unique<MemoryDirectory>(Handle(disk, found.inode), path);
}

/// What another program does to the disk: recorded together with the sync that makes it durable.
class ForeignHand {
 public:
  explicit ForeignHand(MemoryDisk& disk) : disk_(disk), lock_(disk.mutex) {}

  std::uint64_t inode_of(const std::string& path) const {
    return disk_.resolve(kRootInode, path, Links::follow, false).inode;  // 0: not there
  }

  void put(LoggedOperation operation, const std::string& path) {
    const std::size_t slash = path.rfind('/');
    operation.directory = directory(slash == std::string::npos ? "" : path.substr(0, slash));
    operation.name = path.substr(slash + 1);
    operation.inode = disk_.image.next_inode;
    operation.where = path;
    const std::uint64_t inode = operation.inode;
    const std::uint64_t parent = operation.directory;
    disk_.perform(std::move(operation));
    disk_.perform(on_inode(Operation::sync_directory, parent, path));
    disk_.perform(on_inode(Operation::sync_file, inode, path));
  }

  std::uint64_t directory(const std::string& path) {
    if (path.empty()) return kRootInode;
    if (const std::uint64_t found = inode_of(path)) return found;
    LoggedOperation operation = on_inode(Operation::make_directory, 0, path);
    operation.attributes.mode = 0755;
    put(std::move(operation), path);
    return inode_of(path);
  }

  void change(LoggedOperation operation) {
    const std::uint64_t inode = operation.inode;
    const std::string where = operation.where;
    disk_.perform(std::move(operation));
    disk_.perform(on_inode(Operation::sync_file, inode, where));
  }

  void write(const std::string& path, std::string bytes, std::uint32_t mode) {
    if (inode_of(path) == 0) {
      LoggedOperation creation = on_inode(Operation::create, 0, path);
      creation.attributes.mode = mode;
      put(std::move(creation), path);
    }
    const std::uint64_t inode = disk_.resolve(kRootInode, path, Links::follow, true).inode;
    change(on_inode(Operation::truncate, inode, path));
    LoggedOperation filling = on_inode(Operation::write, inode, path);
    filling.bytes = std::move(bytes);
    change(std::move(filling));
  }

  void erase(std::uint64_t inode) {
    const auto children = disk_.node(inode).children;
    for (const auto& [name, child] : children) erase(child);
    const DiskNode& node = disk_.node(inode);
    LoggedOperation removal = on_inode(Operation::unlink, inode, disk_.path_of(inode));
    removal.directory = node.parent;
    removal.name = node.name;
    const std::uint64_t parent = node.parent;
    disk_.perform(std::move(removal));
    disk_.perform(on_inode(Operation::sync_directory, parent, ""));
  }

 private:
  MemoryDisk& disk_;
  std::lock_guard<std::mutex> lock_;
};

}  // namespace

MemoryFileSystem::MemoryFileSystem() : disk_(std::make_shared<MemoryDisk>()) {}

MemoryFileSystem::MemoryFileSystem(DiskImage image) : MemoryFileSystem() { disk_->image = std::move(image); }

Result<std::unique_ptr<WritableDirectory>> MemoryFileSystem::open_root(const std::string& path) {
  return open_path(disk_, path);
}

Result<std::unique_ptr<Directory>> MemoryFileSystem::open_root_for_reading(const std::string& path) const {
  return open_path(disk_, path);
}

void MemoryFileSystem::put_file(const std::string& path, std::string bytes, std::uint32_t mode) {
  ForeignHand(*disk_).write(path, std::move(bytes), mode);
}

void MemoryFileSystem::put_files(const std::map<std::string, std::string>& files) {
  for (const auto& [path, bytes] : files) put_file(path, bytes);
}

void MemoryFileSystem::put_directory(const std::string& path, std::uint32_t mode) {
  ForeignHand hand(*disk_);
  LoggedOperation operation = on_inode(Operation::attributes, hand.directory(path), path);
  operation.attributes.mode = mode;
  hand.change(std::move(operation));
}

void MemoryFileSystem::put_link(const std::string& path, std::string target) {
  LoggedOperation operation = on_inode(Operation::link, 0, path);
  operation.bytes = std::move(target);
  ForeignHand(*disk_).put(std::move(operation), path);
}

void MemoryFileSystem::put_special(const std::string& path) {
  LoggedOperation operation = on_inode(Operation::create, 0, path);
  operation.kind = FileKind::other;
  ForeignHand(*disk_).put(std::move(operation), path);
}

void MemoryFileSystem::erase(const std::string& path) {
  ForeignHand hand(*disk_);
  if (const std::uint64_t inode = hand.inode_of(path)) hand.erase(inode);
}

void MemoryFileSystem::set_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  ForeignHand hand(*disk_);
  LoggedOperation operation = on_inode(Operation::attributes, hand.inode_of(path), path);
  operation.attributes = {.mode = disk_->node(operation.inode).mode, .uid = uid, .gid = gid};
  hand.change(std::move(operation));
}

bool MemoryFileSystem::begin_foreign_write(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  MemoryDisk::Use& use = disk_->uses[disk_->resolve(kRootInode, path, Links::follow, true).inode];
  if (use.leases > 0) {
    use.breaking = true;
    return false;
  }
  ++use.writers;
  ++use.handles;
  return true;
}

void MemoryFileSystem::end_foreign_write(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  const std::uint64_t inode = disk_->resolve(kRootInode, path, Links::follow, true).inode;
  --disk_->uses[inode].writers;
  disk_->release(inode);
}

void MemoryFileSystem::fail_reading(const std::string& path, int os_error) {
  const std::lock_guard lock(disk_->mutex);
  const Found found = disk_->resolve(kRootInode, path, Links::follow, true);
  if (found.os_error == 0) disk_->image.nodes.at(found.inode).read_failure = os_error;
}

void MemoryFileSystem::set_free_bytes(std::uint64_t bytes) {
  const std::lock_guard lock(disk_->mutex);
  disk_->free_bytes = bytes;
}

std::map<std::string, std::string> MemoryFileSystem::files() const {
  std::map<std::string, std::string> files;
  for (auto& [path, node] : tree_of(image())) {
    if (node.kind == FileKind::regular) files["/" + path] = node.content;
  }
  return files;
}

DiskImage MemoryFileSystem::image() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->image;
}

std::vector<LoggedOperation> MemoryFileSystem::log() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->log;
}

void MemoryFileSystem::clear_log() {
  const std::lock_guard lock(disk_->mutex);
  disk_->log.clear();
}

void MemoryFileSystem::set_observer(Observer* observer) { disk_->observer = observer; }

}  // namespace trueup::platform
