#include "store/copy_offered.h"

#include <fmt/core.h>

#include "base/digest.h"
#include "store/tree_digest.h"

namespace trueup::store {
namespace {

using platform::Directory;
using platform::DirectoryEntry;
using platform::FileKind;
using platform::Links;
using platform::WritableDirectory;

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::uint32_t kFileMode = 0644;
constexpr std::uint32_t kExecutableMode = 0755;

std::string joined(const std::string& parent, const std::string& name) {
  return parent.empty() ? name : fmt::format("{}/{}", parent, name);
}

Error refusal(const Directory& from, const std::string& name, std::string message) {
  return Error{.code = ErrorCode::refused,
               .message = std::move(message),
               .where = joined(from.display_path(), name),
               .hint = "ask whoever publishes this plugin to mend it"};
}

/// Copies what an outsider offers: files and directories, nothing that could lead elsewhere, within limits.
class Copy {
 public:
  Copy(const FetchLimits& limits, const LeaveOut& leave_out) : limits_(limits), leave_out_(leave_out) {}

  Status copy(const Directory& from, WritableDirectory& to, const std::string& prefix, std::size_t depth) {
    ASSIGN_OR_RETURN(const auto children, from.list());
    for (const DirectoryEntry& child : children) {
      const std::string path = joined(prefix, child.name);
      // A receipt is our own statement about what we unpacked; nobody else's counts.
      if (path == kReceiptName || (leave_out_ && leave_out_(child.name))) continue;
      if (++entries_ > limits_.tree.entries) {
        return refusal(from, child.name, fmt::format("the plugin has more than {} files", limits_.tree.entries));
      }
      if (depth > limits_.tree.depth) {
        return refusal(from, child.name, fmt::format("the plugin is more than {} levels deep", limits_.tree.depth));
      }
      RETURN_IF_ERROR(copy_entry(from, to, child, path, depth));
    }
    return ok();
  }

  [[nodiscard]] std::string digest() {
    sort_files(files_);
    return tree_digest(files_);
  }

 private:
  Status copy_entry(const Directory& from, WritableDirectory& to, const DirectoryEntry& child, const std::string& path,
                    std::size_t depth) {
    switch (child.kind) {
      case FileKind::regular: return copy_file(from, to, child.name, path);
      case FileKind::directory: {
        ASSIGN_OR_RETURN(const auto inner, from.open(child.name, Links::refuse));
        RETURN_IF_ERROR(to.make_directory(child.name, {.mode = kDirectoryMode}));
        ASSIGN_OR_RETURN(const auto copied, to.open_writable(child.name, Links::refuse));
        return copy(*inner, *copied, path, depth + 1);
      }
      case FileKind::link: return refusal(from, child.name, "the plugin contains a link, and a link may lead anywhere");
      case FileKind::other: break;
    }
    return refusal(from, child.name, "the plugin contains a device, pipe or socket");
  }

  Status copy_file(const Directory& from, WritableDirectory& to, const std::string& name, const std::string& path) {
    ASSIGN_OR_RETURN(const auto info, from.info(name, Links::refuse));
    if (info.size > limits_.tree.file_bytes || info.size > limits_.total_bytes - bytes_) {
      return refusal(from, name, "the plugin is larger than a plugin may be");
    }
    // The file may grow between the two looks: the second is bounded as well.
    ASSIGN_OR_RETURN(const auto file, from.read(name, limits_.total_bytes - bytes_, Links::refuse));
    bytes_ += file.bytes.size();
    const bool executable = (file.info.mode & 0100U) != 0;
    files_.push_back({path, sha256_hex(file.bytes), file.bytes.size(), executable});
    const auto written =
        to.write_new(name, file.bytes, {.mode = executable ? kExecutableMode : kFileMode}, platform::Sync::no);
    if (!written) return written.error();
    return ok();
  }

  const FetchLimits& limits_;
  const LeaveOut& leave_out_;
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
  std::vector<TreeFile> files_;
};

}  // namespace

Result<std::string> copy_offered(const Directory& from, WritableDirectory& into, const FetchLimits& limits,
                                 const LeaveOut& leave_out) {
  Copy copy(limits, leave_out);
  RETURN_IF_ERROR(copy.copy(from, into, "", 1));
  return copy.digest();
}

}  // namespace trueup::store
