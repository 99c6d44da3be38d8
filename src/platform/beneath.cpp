#include "platform/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <string_view>

namespace trueup::platform {

namespace {

Error bad_path(const std::string& path, std::string message) {
  return Error{.code = ErrorCode::invalid, .message = std::move(message), .where = path};
}

bool has_parent_component(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return false;
}

/// openat() that says ELOOP for a link also where the kernel, asked for a directory, says ENOTDIR.
Descriptor open_step(int directory, const std::string& name, int flags) {
  Descriptor opened(retry_interrupted([&] { return ::openat(directory, name.c_str(), flags | O_NOFOLLOW); }));
  if (opened.is_open() || errno != ENOTDIR) return opened;
  struct stat found = {};
  const bool is_link = ::fstatat(directory, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode);
  errno = is_link ? ELOOP : ENOTDIR;
  return opened;
}

}  // namespace

Status check_path(const std::string& path) {
  if (path.empty()) return bad_path(path, "an empty path");
  if (path.front() == '/') return bad_path(path, "an absolute path where a relative one is needed");
  if (path.find('\0') != std::string::npos) return bad_path(path, "a path with a zero byte in it");
  if (has_parent_component(path)) return bad_path(path, "a path that leads out of its directory by \"..\"");
  return ok();
}

Status check_name(const std::string& name) {
  RETURN_IF_ERROR(check_path(name));
  if (name == "." || name.find('/') != std::string::npos) return bad_path(name, "a path where one name is needed");
  return ok();
}

Descriptor open_beneath(int directory, const std::string& path, int flags) {
  open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  Descriptor opened(static_cast<int>(
      retry_interrupted([&] { return ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof(how)); })));
  // EPERM: containers whose seccomp filter does not know the call.
  if (opened.is_open() || (errno != ENOSYS && errno != EPERM)) return opened;
  return open_beneath_by_steps(directory, path, flags);
}

Descriptor open_beneath_by_steps(int directory, const std::string& path, int flags) {
  Descriptor parent;
  std::size_t start = 0;
  for (;;) {
    const int from = parent.is_open() ? parent.get() : directory;
    const std::size_t slash = path.find('/', start);
    if (slash == std::string::npos) {
      const std::string last = path.substr(start);
      return open_step(from, last.empty() ? "." : last, flags | O_CLOEXEC);
    }
    const std::string name = path.substr(start, slash - start);
    start = slash + 1;
    if (name.empty()) continue;
    Descriptor next = open_step(from, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (!next.is_open()) return next;
    parent = std::move(next);
  }
}

}  // namespace trueup::platform
