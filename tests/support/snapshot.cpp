#include "support/snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>

#include "base/digest.h"
#include "base/escape.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

/// O_NOATIME where allowed: looking must not change what a later look compares.
std::string digest_of(const fs::path& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOATIME);
  if (fd < 0 && errno == EPERM) fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return "unreadable";
  Sha256 hash;
  std::array<char, 1U << 16U> buffer{};
  ssize_t count = 0;
  while ((count = read(fd, buffer.data(), buffer.size())) > 0) {
    hash.update({buffer.data(), static_cast<std::size_t>(count)});
  }
  close(fd);
  return count == 0 ? hash.hex() : "unreadable";
}

PathFacts facts_of(const fs::path& path) {
  struct stat status{};
  if (lstat(path.c_str(), &status) != 0) return {.type = "gone"};
  PathFacts facts{.type = "other",
                  .mode = status.st_mode & 07777U,
                  .owner = status.st_uid,
                  .group = status.st_gid,
                  .inode = status.st_ino,
                  .modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
  if (S_ISREG(status.st_mode)) {
    facts.type = "file";
    facts.size = static_cast<std::uint64_t>(status.st_size);
    facts.sha256 = digest_of(path);
  } else if (S_ISDIR(status.st_mode)) {
    facts.type = "directory";
  } else if (S_ISLNK(status.st_mode)) {
    facts.type = "link";
    facts.link_target = fs::read_symlink(path).string();
  }
  return facts;
}

void add_below(const fs::path& directory, const std::string& prefix, Snapshot& into) {
  std::error_code ignored;  // an unreadable directory is a fact of its own: nothing is known below it
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = prefix + entry.path().filename().string();
    const PathFacts& facts = into[name] = facts_of(entry.path());
    if (facts.type == "directory") add_below(entry.path(), name + "/", into);
  }
}

PathFacts without_times(PathFacts facts) {
  facts.inode = 0;
  facts.modified_ns = 0;
  return facts;
}

template <typename T>
void say(std::string& out, std::string_view what, const T& before, const T& after) {
  if (before != after) fmt::format_to(std::back_inserter(out), " {} {} -> {};", what, before, after);
}

std::string changes(const PathFacts& before, const PathFacts& after) {
  std::string out;
  say(out, "type", before.type, after.type);
  if (before.mode != after.mode) out += fmt::format(" mode {:04o} -> {:04o};", before.mode, after.mode);
  say(out, "owner", before.owner, after.owner);
  say(out, "group", before.group, after.group);
  say(out, "inode", before.inode, after.inode);
  say(out, "size", before.size, after.size);
  say(out, "modified", before.modified_ns, after.modified_ns);
  say(out, "sha256", before.sha256, after.sha256);
  say(out, "link", before.link_target, after.link_target);
  return out;
}

}  // namespace

Snapshot take_snapshot(const fs::path& root) {
  Snapshot snapshot;
  snapshot["."] = facts_of(root);
  add_below(root, "", snapshot);
  return snapshot;
}

std::string difference(const Snapshot& before, const Snapshot& after, Compare compare) {
  std::string out;
  const auto seen = [compare](const PathFacts& facts) {
    return compare == Compare::everything ? facts : without_times(facts);
  };
  for (const auto& [path, facts] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      out += fmt::format("gone {}\n", escape_for_display(path));
    } else if (seen(facts) != seen(now->second)) {
      out += fmt::format("changed {}:{}\n", escape_for_display(path), changes(seen(facts), seen(now->second)));
    }
  }
  for (const auto& [path, facts] : after) {
    if (!before.contains(path)) out += fmt::format("new {} ({})\n", escape_for_display(path), facts.type);
  }
  return out;
}

}  // namespace trueup::test
