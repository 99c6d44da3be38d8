#include "platform/mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace trueup::platform {
namespace {

constexpr std::size_t kMostBytes = 1U << 20U;

bool is_below(std::string_view path, std::string_view place) {
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

/// The fifth word of a line.
std::string_view mount_point_of(std::string_view line) {
  for (int word = 0; word < 4; ++word) line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
  return line.substr(0, line.find(' '));
}

}  // namespace

std::string mounts_that_matter(std::string_view mountinfo) {
  constexpr std::array<std::string_view, 4> kSystemsOwn{"/proc", "/sys", "/dev", "/run"};
  std::string matter;
  while (!mountinfo.empty()) {
    const std::string_view line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    const std::string_view point = mount_point_of(line);
    const bool systems_own = std::ranges::any_of(kSystemsOwn, [&](auto place) { return is_below(point, place); });
    if (!systems_own) matter.append(line).append("\n");
  }
  return matter;
}

Mounts::Mounts() : table_(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)), known_(read()) {}

std::string Mounts::read() const {
  std::string all;
  std::array<char, 16384> part{};
  while (table_.is_open() && all.size() < kMostBytes) {
    const auto count = retry_interrupted(
        [&] { return ::pread(table_.get(), part.data(), part.size(), static_cast<off_t>(all.size())); });
    if (count <= 0) break;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
  return mounts_that_matter(all);
}

bool Mounts::have_changed() {
  std::string now = read();
  if (now == known_) return false;
  known_ = std::move(now);
  return true;
}

}  // namespace trueup::platform
