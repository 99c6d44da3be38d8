#include "platform/real_file_system.h"

#include <fcntl.h>

#include "platform/real_directory.h"

namespace trueup::platform {

namespace {

Result<std::unique_ptr<RealDirectory>> open_path(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error{.code = ErrorCode::invalid, .message = "not a path", .where = path};
  }
  Descriptor opened(retry_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!opened.is_open()) return read_error(errno, "open the directory", path);
  return std::make_unique<RealDirectory>(std::move(opened), path);
}

}  // namespace

Result<std::unique_ptr<WritableDirectory>> RealFileSystem::open_root(const std::string& path) {
  return open_path(path);
}

Result<std::unique_ptr<Directory>> RealFileSystem::open_root_for_reading(const std::string& path) const {
  return open_path(path);
}

}  // namespace trueup::platform
