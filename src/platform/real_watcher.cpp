// inotify, and the kernel's table of mounts. Their descriptor is not closed between two sets of directories, so that
// nothing is lost in between; a watch that is still wanted stays.
#include <fmt/core.h>
#include <linux/magic.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "platform/watcher.h"

namespace trueup::platform {
namespace {

// IN_MODIFY is left out: whoever writes closes in the end, and a file that is half written is none yet.
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |
                                IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
constexpr std::uint32_t kIsGone = IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT;
constexpr std::size_t kMostBlindTold = 5;

/// Why a change made on another machine is not told here.
std::optional<std::string_view> not_told_of(const std::string& path) {
  struct Kind {
    std::uint32_t magic;
    std::string_view name;
  };
  constexpr std::array kKinds{Kind{NFS_SUPER_MAGIC, "NFS"}, Kind{0xFF534D42, "CIFS"}, Kind{0xFE534D42, "SMB"},
                              Kind{V9FS_MAGIC, "9p"}, Kind{0x65735546, "FUSE"}};
  struct statfs about{};
  if (::statfs(path.c_str(), &about) != 0) return std::nullopt;
  for (const Kind& kind : kKinds) {
    if (static_cast<std::uint32_t>(about.f_type) == kind.magic) return kind.name;
  }
  return std::nullopt;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

/// A file that was just made by opening it is told of again when it is closed; a link has nobody who closes it.
bool is_being_written(const std::string& directory, std::string_view name) {
  struct stat about{};
  const std::string path = fmt::format("{}/{}", directory, name);
  return ::lstat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 1;
}

std::string advice_for(int number, const std::string& path) {
  switch (number) {
    case ENOSPC:
      return fmt::format(
          "{} cannot be watched: this user has no watches left; `sudo sysctl fs.inotify.max_user_watches=65536` allows "
          "more",
          path);
    case EACCES: return fmt::format("{} cannot be watched: this user may not read it", path);
    default: return fmt::format("{} cannot be watched: {}", path, std::strerror(number));
  }
}

}  // namespace

RealWatcher::RealWatcher() : events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (events_.is_open()) {
    listen_to_both();
    return;
  }
  const int number = errno;
  cannot(number == EMFILE ? "nothing can be watched: this user has too many watching programs; `sudo sysctl "
                            "fs.inotify.max_user_instances=512` allows more"
                          : fmt::format("nothing can be watched: {}", std::strerror(number)));
}

/// Where it does not succeed mounts are found by the hourly pass.
void RealWatcher::listen_to_both() {
  Descriptor either(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event readable{.events = EPOLLIN, .data = {}};
  epoll_event mounted{.events = EPOLLPRI, .data = {}};
  if (!either.is_open() || mounts_.descriptor() < 0) return;
  if (::epoll_ctl(either.get(), EPOLL_CTL_ADD, events_.get(), &readable) != 0) return;
  if (::epoll_ctl(either.get(), EPOLL_CTL_ADD, mounts_.descriptor(), &mounted) != 0) return;
  either_ = std::move(either);
}

void RealWatcher::cannot(std::string sentence) {
  if (blind_.size() < kMostBlindTold && !std::ranges::count(blind_, sentence)) blind_.push_back(std::move(sentence));
}

int RealWatcher::add_watch(const std::string& path) { return ::inotify_add_watch(events_.get(), path.c_str(), kMask); }

/// The nearest directory above that is there tells when the next name on the way appears.
void RealWatcher::await(const WatchedDirectory& directory, std::map<int, std::vector<Reason>>& into) {
  std::string missing = directory.path;
  while (missing != "/") {
    const std::string above = parent_of(missing);
    const int watch = add_watch(above);
    if (watch >= 0) {
      into[watch].push_back({directory, name_of(missing)});
      // It may have come in the meantime.
      struct stat about{};
      if (::stat(missing.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) return;
      const int there = add_watch(directory.path);
      if (there >= 0) into[there].push_back({directory, {}});
      return;
    }
    if (errno != ENOENT && errno != ENOTDIR) return cannot(advice_for(errno, above));
    missing = above;
  }
}

void RealWatcher::add(const WatchedDirectory& directory, std::map<int, std::vector<Reason>>& into) {
  const int watch = add_watch(directory.path);
  if (watch < 0 && (errno == ENOENT || errno == ENOTDIR)) return await(directory, into);
  if (watch < 0) return cannot(advice_for(errno, directory.path));
  into[watch].push_back({directory, {}});
  if (const auto kind = not_told_of(directory.path)) {
    cannot(fmt::format("{} lies on a network file system ({}): what other machines change there is not told",
                       directory.path, *kind));
  }
}

void RealWatcher::watch(const std::vector<WatchedDirectory>& directories) {
  if (!events_.is_open()) return;
  blind_.clear();
  std::map<int, std::vector<Reason>> wanted;
  for (const WatchedDirectory& directory : directories) add(directory, wanted);
  for (const auto& [watch, reasons] : watches_) {
    if (!wanted.contains(watch)) ::inotify_rm_watch(events_.get(), watch);
  }
  watches_ = std::move(wanted);
}

void RealWatcher::note(int watch, std::uint32_t mask, std::string_view name, WatchEvents& events) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    events.everything = true;
    events.why = "more happened than the kernel could tell";
    return;
  }
  const auto found = watches_.find(watch);
  if (found == watches_.end()) return;  // one that was given up
  for (const Reason& reason : found->second) {
    const bool appeared = !reason.awaited.empty() && name == reason.awaited;
    if ((mask & kIsGone) != 0 || appeared) {
      events.everything = true;
      events.why = fmt::format("{} is not what it was", reason.directory.path);
      events.topics.insert(reason.directory.topic);
      continue;
    }
    if (!reason.awaited.empty() || name.empty() || !counts(reason.directory, name)) continue;
    const bool made = (mask & IN_CREATE) != 0 && (mask & IN_ISDIR) == 0;
    if (made && is_being_written(reason.directory.path, name)) continue;
    events.topics.insert(reason.directory.topic);
  }
  if ((mask & IN_IGNORED) != 0) watches_.erase(found);
}

WatchEvents RealWatcher::take() {
  WatchEvents events;
  alignas(inotify_event) std::array<char, 16384> buffer{};
  while (events_.is_open()) {
    const auto count = retry_interrupted([&] { return ::read(events_.get(), buffer.data(), buffer.size()); });
    if (count <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      note(event.wd, event.mask, event.len == 0 ? std::string_view{} : std::string_view(name), events);
      at += sizeof event + event.len;
    }
  }
  // Whoever looks at either_ takes the news of a mount away by looking: it is asked for each time, whatever was told.
  if (either_.is_open()) {
    std::array<epoll_event, 2> told{};
    (void)::epoll_wait(either_.get(), told.data(), static_cast<int>(told.size()), 0);
    if (mounts_.have_changed()) {
      events.everything = true;
      events.why = "what is mounted has changed";
    }
  }
  return events;
}

}  // namespace trueup::platform
