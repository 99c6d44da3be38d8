#include "platform/observed_file_system.h"

#include <fmt/core.h>

namespace trueup::platform {

namespace {

/// Announces `call`, does it, reports it.
template <typename Action>
auto watched(Observer& observer, const Call& call, Action&& action) -> decltype(action()) {
  RETURN_IF_ERROR(observer.before(call));
  auto result = action();
  if (result) observer.after(call);
  return result;
}

class ObservedFile final : public WritableFile {
 public:
  ObservedFile(std::unique_ptr<File> file, Observer& observer, std::string path)
      : file_(std::move(file)), observer_(observer), path_(std::move(path)) {}

  Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override {
    Call call{.operation = Operation::read, .path = path_};
    RETURN_IF_ERROR(observer_.before(call));
    auto bytes = file_->read_at(offset, length);
    if (bytes) {
      call.bytes = bytes->size();
      observer_.after(call);
    }
    return bytes;
  }
  Result<FileInfo> info() const override {
    return watched(observer_, {Operation::info, path_}, [&] { return file_->info(); });
  }
  Status try_lock(FileLock lock) override {
    return watched(observer_, {Operation::lock, path_}, [&] { return file_->try_lock(lock); });
  }
  Status write_at(std::uint64_t offset, std::string_view bytes) override {
    return watched(observer_, {Operation::write, path_, "", bytes.size()},
                   [&] { return writable().write_at(offset, bytes); });
  }
  Status append(std::string_view bytes) override {
    return watched(observer_, {Operation::write, path_, "", bytes.size()}, [&] { return writable().append(bytes); });
  }
  Status truncate(std::uint64_t size) override {
    return watched(observer_, {Operation::truncate, path_}, [&] { return writable().truncate(size); });
  }
  Status sync_data() override {
    return watched(observer_, {Operation::sync_file, path_}, [&] { return writable().sync_data(); });
  }

 private:
  /// Only reached when it was opened for writing: a File pointer offers no writing call.
  WritableFile& writable() { return static_cast<WritableFile&>(*file_); }

  std::unique_ptr<File> file_;
  Observer& observer_;
  std::string path_;
};

class ObservedDirectory final : public WritableDirectory {
 public:
  ObservedDirectory(std::unique_ptr<Directory> directory, Observer& observer)
      : directory_(std::move(directory)), observer_(observer) {}

  Result<FileBytes> read(const std::string& path, std::size_t limit, Links links) const override {
    Call call{.operation = Operation::read, .path = where(path)};
    RETURN_IF_ERROR(observer_.before(call));
    auto found = directory_->read(path, limit, links);
    if (found) {
      call.bytes = found->bytes.size();
      observer_.after(call);
    }
    return found;
  }
  Result<FileInfo> info(const std::string& path, Links links) const override {
    return watched(observer_, {Operation::info, where(path)}, [&] { return directory_->info(path, links); });
  }
  Result<std::vector<DirectoryEntry>> list() const override {
    return watched(observer_, {Operation::list, display_path()}, [&] { return directory_->list(); });
  }
  Result<std::string> link_target(const std::string& path) const override {
    return watched(observer_, {Operation::link_target, where(path)}, [&] { return directory_->link_target(path); });
  }
  Result<std::string> real_path(const std::string& path) const override {
    return watched(observer_, {Operation::real_path, where(path)}, [&] { return directory_->real_path(path); });
  }
  Result<std::unique_ptr<Directory>> open(const std::string& path, Links links) const override {
    ASSIGN_OR_RETURN(auto opened,
                     watched(observer_, {Operation::open, where(path)}, [&] { return directory_->open(path, links); }));
    return std::make_unique<ObservedDirectory>(std::move(opened), observer_);
  }
  Result<std::unique_ptr<File>> open_file(const std::string& path, Links links) const override {
    ASSIGN_OR_RETURN(auto opened, watched(observer_, {Operation::open, where(path)},
                                          [&] { return directory_->open_file(path, links); }));
    return std::make_unique<ObservedFile>(std::move(opened), observer_, where(path));
  }
  Result<FileInfo> self() const override {
    return watched(observer_, {Operation::info, display_path()}, [&] { return directory_->self(); });
  }
  Result<std::uint64_t> free_bytes() const override {
    return watched(observer_, {Operation::free_bytes, display_path()}, [&] { return directory_->free_bytes(); });
  }
  [[nodiscard]] const std::string& display_path() const override { return directory_->display_path(); }

  Result<std::unique_ptr<WritableDirectory>> open_writable(const std::string& path, Links links) const override {
    ASSIGN_OR_RETURN(auto opened, watched(observer_, {Operation::open, where(path)},
                                          [&] { return writable().open_writable(path, links); }));
    return std::make_unique<ObservedDirectory>(std::move(opened), observer_);
  }
  Status make_directory(const std::string& name, const FileAttributes& attributes) override {
    return watched(observer_, {Operation::make_directory, where(name)},
                   [&] { return writable().make_directory(name, attributes); });
  }
  Result<FileInfo> write_new(const std::string& name, std::string_view bytes, const FileAttributes& attributes,
                             Sync sync) override {
    const Call creation{Operation::create, where(name)};
    const Call filling{Operation::write, where(name), "", bytes.size()};
    const Call syncing{Operation::sync_file, where(name)};
    RETURN_IF_ERROR(observer_.before(creation));
    RETURN_IF_ERROR(observer_.before(filling));
    if (sync == Sync::yes) RETURN_IF_ERROR(observer_.before(syncing));
    auto written = writable().write_new(name, bytes, attributes, sync);
    if (!written) return written;
    observer_.after(creation);
    observer_.after(filling);
    if (sync == Sync::yes) observer_.after(syncing);
    return written;
  }
  Status overwrite(const std::string& name, std::string_view bytes) override {
    const Call syncing{Operation::sync_file, where(name)};
    RETURN_IF_ERROR(observer_.before(syncing));
    RETURN_IF_ERROR(watched(observer_, {Operation::write, where(name), "", bytes.size()},
                            [&] { return writable().overwrite(name, bytes); }));
    observer_.after(syncing);
    return ok();
  }
  Result<std::unique_ptr<WritableFile>> open_for_writing(const std::string& name, std::uint32_t mode) override {
    ASSIGN_OR_RETURN(auto opened, watched(observer_, {Operation::open_for_writing, where(name)},
                                          [&] { return writable().open_for_writing(name, mode); }));
    return std::make_unique<ObservedFile>(std::move(opened), observer_, where(name));
  }
  Status rename(const std::string& name, WritableDirectory& to, const std::string& to_name, RenameMode mode) override {
    auto* target = dynamic_cast<ObservedDirectory*>(&to);
    if (target == nullptr) {
      return Error{.code = ErrorCode::internal, .message = "renaming between two kinds of disk", .where = where(name)};
    }
    const Operation operation = mode == RenameMode::exchange ? Operation::exchange : Operation::rename;
    return watched(observer_, {operation, where(name), target->where(to_name)},
                   [&] { return writable().rename(name, target->writable(), to_name, mode); });
  }
  Status remove_file(const std::string& name) override {
    return watched(observer_, {Operation::unlink, where(name)}, [&] { return writable().remove_file(name); });
  }
  Status remove_directory(const std::string& name) override {
    return watched(observer_, {Operation::remove_directory, where(name)},
                   [&] { return writable().remove_directory(name); });
  }
  Status make_link(const std::string& target, const std::string& name) override {
    return watched(observer_, {Operation::link, where(name), target},
                   [&] { return writable().make_link(target, name); });
  }
  Status set_attributes(const std::string& name, const FileAttributes& attributes) override {
    return watched(observer_, {Operation::attributes, where(name)},
                   [&] { return writable().set_attributes(name, attributes); });
  }
  Status sync() override {
    return watched(observer_, {Operation::sync_directory, display_path()}, [&] { return writable().sync(); });
  }
  Status sync_file(const std::string& name) override {
    return watched(observer_, {Operation::sync_file, where(name)}, [&] { return writable().sync_file(name); });
  }
  Status sync_everything() override {
    return watched(observer_, {Operation::sync_everything, display_path()},
                   [&] { return writable().sync_everything(); });
  }
  Result<std::unique_ptr<ReadLease>> lease(const std::string& name) override {
    return watched(observer_, {Operation::lease, where(name)}, [&] { return writable().lease(name); });
  }

 private:
  [[nodiscard]] std::string where(const std::string& path) const {
    return path == "." ? display_path() : fmt::format("{}/{}", display_path(), path);
  }
  /// Only reached when it was opened for writing: a Directory pointer offers no writing call.
  [[nodiscard]] WritableDirectory& writable() const { return static_cast<WritableDirectory&>(*directory_); }

  std::unique_ptr<Directory> directory_;
  Observer& observer_;
};

}  // namespace

Result<std::unique_ptr<WritableDirectory>> ObservedFileSystem::open_root(const std::string& path) {
  ASSIGN_OR_RETURN(auto opened, watched(observer_, {Operation::open, path}, [&] { return inner_.open_root(path); }));
  return std::make_unique<ObservedDirectory>(std::move(opened), observer_);
}

Result<std::unique_ptr<Directory>> ObservedFileSystem::open_root_for_reading(const std::string& path) const {
  ASSIGN_OR_RETURN(auto opened,
                   watched(observer_, {Operation::open, path}, [&] { return inner_.open_root_for_reading(path); }));
  return std::make_unique<ObservedDirectory>(std::move(opened), observer_);
}

}  // namespace trueup::platform
