#include "platform/memory_directory.h"

#include <fmt/core.h>

#include <cerrno>

#include "platform/beneath.h"

namespace trueup::platform {

namespace {

LoggedOperation on_name(Operation operation, std::uint64_t directory, const std::string& name, std::string where) {
  LoggedOperation logged = on_inode(operation, 0, std::move(where));
  logged.directory = directory;
  logged.name = name;
  return logged;
}

}  // namespace

std::string MemoryDirectory::where(const std::string& path) const {
  if (path == ".") return display_path_;
  return display_path_.ends_with('/') ? display_path_ + path : fmt::format("{}/{}", display_path_, path);
}

Result<std::uint64_t> MemoryDirectory::find(const std::string& path, Links links, bool follow_last) const {
  RETURN_IF_ERROR(check_path(path));
  const Found found = disk().resolve(handle_.inode(), path, links, follow_last);
  if (found.os_error != 0) return read_error(found.os_error, "open", where(path));
  return found.inode;
}

Result<std::uint64_t> MemoryDirectory::find_regular(const std::string& path, Links links) const {
  ASSIGN_OR_RETURN(const std::uint64_t inode, find(path, links, true));
  const DiskNode& node = disk().node(inode);
  if (node.read_failure != 0) return read_error(node.read_failure, "read", where(path));
  if (node.kind != FileKind::regular) return not_regular(node.kind, where(path));
  return inode;
}

Result<std::uint64_t> MemoryDirectory::find_name(const std::string& name, std::string_view action) const {
  const auto inode = disk().child(handle_.inode(), name);
  if (!inode) return write_error(ENOENT, action, where(name));
  return *inode;
}

Result<FileBytes> MemoryDirectory::read(const std::string& path, std::size_t limit, Links links) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find_regular(path, links));
  const DiskNode& node = disk().node(inode);
  if (node.content.size() > limit) return too_large(limit, where(path));
  return FileBytes{node.content, disk().info(inode)};
}

Result<FileInfo> MemoryDirectory::info(const std::string& path, Links links) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find(path, links, links == Links::follow));
  return disk().info(inode);
}

Result<std::vector<DirectoryEntry>> MemoryDirectory::list() const {
  const std::lock_guard lock(disk().mutex);
  const DiskNode& directory = disk().node(handle_.inode());
  if (directory.read_failure != 0) return read_error(directory.read_failure, "list", display_path_);
  std::vector<DirectoryEntry> entries;
  entries.reserve(directory.children.size());
  for (const auto& [name, inode] : directory.children) entries.push_back({name, disk().node(inode).kind, inode});
  return entries;
}

Result<std::string> MemoryDirectory::link_target(const std::string& path) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find(path, Links::refuse, false));
  if (disk().node(inode).kind != FileKind::link) return read_error(EINVAL, "read the link", where(path));
  return disk().node(inode).content;
}

Result<std::string> MemoryDirectory::real_path(const std::string& path) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find(path, Links::follow, true));
  return disk().path_of(inode);
}

Result<std::unique_ptr<MemoryDirectory>> MemoryDirectory::open_directory(const std::string& path, Links links) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find(path, links, true));
  const DiskNode& node = disk().node(inode);
  if (node.kind != FileKind::directory) return read_error(ENOTDIR, "open the directory", where(path));
  if (node.read_failure != 0) return read_error(node.read_failure, "open the directory", where(path));
  return std::make_unique<MemoryDirectory>(Handle(handle_.shared_disk(), inode), where(path));
}

Result<std::unique_ptr<Directory>> MemoryDirectory::open(const std::string& path, Links links) const {
  return open_directory(path, links);
}

Result<std::unique_ptr<WritableDirectory>> MemoryDirectory::open_writable(const std::string& path, Links links) const {
  return open_directory(path, links);
}

Result<std::unique_ptr<File>> MemoryDirectory::open_file(const std::string& path, Links links) const {
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find_regular(path, links));
  return std::make_unique<MemoryFile>(Handle(handle_.shared_disk(), inode), where(path), false);
}

Result<FileInfo> MemoryDirectory::self() const {
  const std::lock_guard lock(disk().mutex);
  return disk().info(handle_.inode());
}

Result<std::uint64_t> MemoryDirectory::free_bytes() const {
  const std::lock_guard lock(disk().mutex);
  return disk().free_bytes;
}

Result<std::uint64_t> MemoryDirectory::add(LoggedOperation operation, std::string_view action) {
  RETURN_IF_ERROR(check_name(operation.name));
  const Call call{.operation = operation.operation, .path = operation.where, .to_path = operation.bytes};
  RETURN_IF_ERROR(disk().announce(call));
  std::uint64_t inode = 0;
  {
    const std::lock_guard lock(disk().mutex);
    if (disk().child(handle_.inode(), operation.name)) return write_error(EEXIST, action, operation.where);
    if (disk().node(handle_.inode()).links == 0) return write_error(ENOENT, action, operation.where);
    inode = operation.inode = disk().image.next_inode;
    disk().perform(std::move(operation));
  }
  disk().report(call);
  return inode;
}

Status MemoryDirectory::make_directory(const std::string& name, const FileAttributes& attributes) {
  LoggedOperation operation = on_name(Operation::make_directory, handle_.inode(), name, where(name));
  operation.attributes = FileAttributes{.mode = 0700};
  RETURN_IF_ERROR(add(std::move(operation), "create the directory"));
  Status done = set_attributes(name, attributes);
  if (!done) (void)remove_directory(name);
  return done;
}

Status MemoryDirectory::make_link(const std::string& target, const std::string& name) {
  LoggedOperation operation = on_name(Operation::link, handle_.inode(), name, where(name));
  operation.bytes = target;
  RETURN_IF_ERROR(add(std::move(operation), "create the link"));
  return ok();
}

Result<FileInfo> MemoryDirectory::write_new(const std::string& name, std::string_view bytes,
                                            const FileAttributes& attributes, Sync sync) {
  LoggedOperation operation = on_name(Operation::create, handle_.inode(), name, where(name));
  operation.attributes = FileAttributes{.mode = 0600};
  ASSIGN_OR_RETURN(const std::uint64_t inode, add(std::move(operation), "create"));
  Result<FileInfo> filled = fill(name, inode, bytes, attributes, sync);
  if (!filled) (void)remove_file(name);
  return filled;
}

Result<FileInfo> MemoryDirectory::fill(const std::string& name, std::uint64_t inode, std::string_view bytes,
                                       const FileAttributes& attributes, Sync sync) {
  RETURN_IF_ERROR(set_attributes(name, attributes));
  std::unique_ptr<MemoryFile> file;
  {
    const std::lock_guard lock(disk().mutex);
    file = std::make_unique<MemoryFile>(Handle(handle_.shared_disk(), inode), where(name), true);
  }
  if (!bytes.empty()) RETURN_IF_ERROR(file->append(bytes));
  if (sync == Sync::yes) RETURN_IF_ERROR(file->sync_data());
  return file->info();
}

Status MemoryDirectory::overwrite(const std::string& name, std::string_view bytes) {
  RETURN_IF_ERROR(check_name(name));
  std::unique_ptr<MemoryFile> file;
  {
    const std::lock_guard lock(disk().mutex);
    ASSIGN_OR_RETURN(const std::uint64_t inode, find_regular(name, Links::refuse));
    MemoryDisk::Use& use = disk().uses[inode];
    if (use.leases > 0) {
      use.breaking = true;
      return write_error(EAGAIN, "open for writing", where(name));
    }
    file = std::make_unique<MemoryFile>(Handle(handle_.shared_disk(), inode), where(name), true);
  }
  RETURN_IF_ERROR(file->write_at(0, bytes));
  RETURN_IF_ERROR(file->truncate(bytes.size()));
  return file->sync_data();
}

Result<std::unique_ptr<WritableFile>> MemoryDirectory::open_for_writing(const std::string& name, std::uint32_t mode) {
  RETURN_IF_ERROR(check_name(name));
  for (;;) {
    {
      const std::lock_guard lock(disk().mutex);
      if (const auto inode = disk().child(handle_.inode(), name)) {
        const DiskNode& node = disk().node(*inode);
        if (node.kind == FileKind::link) return write_error(ELOOP, "open for writing", where(name));
        if (node.kind != FileKind::regular) return write_error(EISDIR, "open for writing", where(name));
        MemoryDisk::Use& use = disk().uses[*inode];
        if (use.leases > 0) {
          use.breaking = true;
          return write_error(EAGAIN, "open for writing", where(name));
        }
        return std::make_unique<MemoryFile>(Handle(handle_.shared_disk(), *inode), where(name), true);
      }
    }
    LoggedOperation operation = on_name(Operation::create, handle_.inode(), name, where(name));
    operation.attributes = FileAttributes{.mode = mode};
    const auto added = add(std::move(operation), "create");
    if (!added && added.error().code != ErrorCode::conflict) return added.error();
  }
}

Status MemoryDirectory::rename(const std::string& name, WritableDirectory& to, const std::string& to_name,
                               RenameMode mode) {
  RETURN_IF_ERROR(check_name(name));
  RETURN_IF_ERROR(check_name(to_name));
  const auto* target = dynamic_cast<const MemoryDirectory*>(&to);
  if (target == nullptr || &target->disk() != &disk()) {
    return Error{.code = ErrorCode::internal, .message = "renaming between two kinds of disk", .where = where(name)};
  }
  const Operation kind = mode == RenameMode::exchange ? Operation::exchange : Operation::rename;
  const Call call{.operation = kind, .path = where(name), .to_path = target->where(to_name)};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    LoggedOperation operation = on_name(kind, handle_.inode(), name, where(name));
    operation.to_directory = target->handle_.inode();
    operation.to_name = to_name;
    const int failed = disk().check_rename(operation, mode);
    if (failed != 0) return rename_error(failed, mode != RenameMode::replace, where(name), call.to_path);
    disk().perform(std::move(operation));
  }
  disk().report(call);
  return ok();
}

Status MemoryDirectory::remove(const std::string& name, Operation operation) {
  RETURN_IF_ERROR(check_name(name));
  const Call call{.operation = operation, .path = where(name)};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    LoggedOperation logged = on_name(operation, handle_.inode(), name, where(name));
    ASSIGN_OR_RETURN(logged.inode, find_name(name, "remove"));
    const DiskNode& node = disk().node(logged.inode);
    const bool wants_directory = operation == Operation::remove_directory;
    if (wants_directory != (node.kind == FileKind::directory)) {
      return write_error(wants_directory ? ENOTDIR : EISDIR, "remove", where(name));
    }
    if (!node.children.empty()) return write_error(ENOTEMPTY, "remove the directory", where(name));
    disk().perform(std::move(logged));
  }
  disk().report(call);
  return ok();
}

Status MemoryDirectory::remove_file(const std::string& name) { return remove(name, Operation::unlink); }

Status MemoryDirectory::remove_directory(const std::string& name) { return remove(name, Operation::remove_directory); }

Status MemoryDirectory::set_attributes(const std::string& name, const FileAttributes& attributes) {
  RETURN_IF_ERROR(check_name(name));
  const Call call{.operation = Operation::attributes, .path = where(name)};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    LoggedOperation operation = on_inode(Operation::attributes, 0, where(name));
    ASSIGN_OR_RETURN(operation.inode, find_name(name, "set the mode"));
    if (disk().node(operation.inode).kind == FileKind::link) return write_error(ELOOP, "set the mode", where(name));
    operation.attributes = attributes;
    disk().perform(std::move(operation));
  }
  disk().report(call);
  return ok();
}

Status MemoryDirectory::sync() {
  const Call call{.operation = Operation::sync_directory, .path = display_path_};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    disk().perform(on_inode(Operation::sync_directory, handle_.inode(), display_path_));
  }
  disk().report(call);
  return ok();
}

Status MemoryDirectory::sync_file(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  const Call call{.operation = Operation::sync_file, .path = where(name)};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    ASSIGN_OR_RETURN(const std::uint64_t inode, find_regular(name, Links::refuse));
    disk().perform(on_inode(Operation::sync_file, inode, where(name)));
  }
  disk().report(call);
  return ok();
}

Status MemoryDirectory::sync_everything() {
  const Call call{.operation = Operation::sync_everything, .path = display_path_};
  RETURN_IF_ERROR(disk().announce(call));
  {
    const std::lock_guard lock(disk().mutex);
    disk().perform(on_inode(Operation::sync_everything, handle_.inode(), display_path_));
  }
  disk().report(call);
  return ok();
}

Result<std::unique_ptr<ReadLease>> MemoryDirectory::lease(const std::string& name) {
  RETURN_IF_ERROR(check_name(name));
  const std::lock_guard lock(disk().mutex);
  ASSIGN_OR_RETURN(const std::uint64_t inode, find_regular(name, Links::refuse));
  const auto use = disk().uses.find(inode);
  if (use != disk().uses.end() && use->second.writers > 0) {
    return write_error(EAGAIN, "watch for other writers", where(name));
  }
  return std::make_unique<MemoryLease>(Handle(handle_.shared_disk(), inode));
}

}  // namespace trueup::platform
