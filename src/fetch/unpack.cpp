#include "fetch/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/digest.h"
#include "base/letter_case.h"
#include "base/limits.h"
#include "fetch/archive_path.h"

namespace trueup::fetch {
namespace {

using platform::FileAttributes;
using platform::Links;
using platform::Sync;
using platform::WritableDirectory;

constexpr std::size_t kBlock = 64U << 10U;
constexpr std::string_view kManifest = "manifest.json";
constexpr std::size_t kHeldInMemory = 1U << 20U;  // a file up to this size is written in one go

struct CloseArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseArchive>;

Error refusal(std::string message, std::string where = {}) {
  return Error{.code = ErrorCode::refused, .message = std::move(message), .where = std::move(where)};
}

Error damaged(archive* reader, std::string_view doing) {
  const char* says = reader == nullptr ? nullptr : archive_error_string(reader);
  return Error{.code = ErrorCode::unreadable,
               .message = fmt::format("the archive is damaged, or is none ({}{}{})", doing, says == nullptr ? "" : ": ",
                                      says == nullptr ? "" : says)};
}

/// Only what plugins come in: nothing here starts another program.
Result<Reader> open_reader(const ArchiveInput& input) {
  Reader reader(archive_read_new());
  if (!reader) return Error{.code = ErrorCode::io, .message = "no memory to read the archive"};
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip_seekable(reader.get());  // needs the list at the end: half a zip is none
  if (input.open(reader.get()) != ARCHIVE_OK) return damaged(reader.get(), "it cannot be opened");
  return reader;
}

/// The next entry; nothing at the end.
Result<std::optional<archive_entry*>> next(archive* reader) {
  archive_entry* entry = nullptr;
  const int got = archive_read_next_header(reader, &entry);
  if (got == ARCHIVE_EOF) return std::optional<archive_entry*>();
  if (got != ARCHIVE_OK && got != ARCHIVE_WARN) return damaged(reader, "its list cannot be read");
  return std::optional(entry);
}

Result<std::string> path_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) return refusal("the archive holds a name that is not UTF-8");
  return clean_path(name);
}

/// Regular files and directories. Anything else may lead elsewhere, or do something.
Result<bool> is_file(archive_entry* entry, const std::string& path) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) {
    return refusal("the plugin contains a link, and a link may lead anywhere", path);
  }
  if (archive_entry_is_encrypted(entry) == 1) return refusal("the archive is encrypted", path);
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return true;
    case AE_IFDIR: return false;
    case AE_IFLNK: return refusal("the plugin contains a link, and a link may lead anywhere", path);
    default: return refusal("the plugin contains a device, pipe or socket", path);
  }
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Looks at every name before anything is written.
class Names {
 public:
  Names(const ArchiveInput& input, const store::UnpackRequest& request) : input_(input), request_(request) {}

  Result<std::string> find_root() {
    ASSIGN_OR_RETURN(const Reader reader, open_reader(input_));
    std::vector<ListedEntry> entries;
    for (;;) {
      ASSIGN_OR_RETURN(const auto entry, next(reader.get()));
      if (!entry) break;
      if (entries.size() == limits::kMaxArchiveEntries) {
        return refusal(fmt::format("the archive holds more than {} names", limits::kMaxArchiveEntries));
      }
      ASSIGN_OR_RETURN(std::string path, path_of(*entry));
      const bool plain = archive_entry_filetype(*entry) == AE_IFREG && archive_entry_hardlink(*entry) == nullptr;
      entries.push_back({std::move(path), plain});
      RETURN_IF_ERROR(check_listed_size(*entry));
    }
    return plugin_root(entries, request_.folder);
  }

 private:
  /// A tar has to be read through to find its next name: one that claims to be endless is not begun.
  Status check_listed_size(archive_entry* entry) {
    if (archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) <= 0) return ok();
    listed_bytes_ += static_cast<std::uint64_t>(archive_entry_size(entry));
    const std::uint64_t most = request_.most_bytes + limits::kMaxArchiveRatio * input_.bytes;
    return listed_bytes_ > most ? Status(refusal("the archive unpacks to more than it may")) : ok();
  }

  const ArchiveInput& input_;
  const store::UnpackRequest& request_;
  std::uint64_t listed_bytes_ = 0;
};

Result<std::string> read_small(archive* reader, const std::string& path, std::size_t most_bytes) {
  std::string bytes;
  std::array<char, kBlock> block{};
  for (;;) {
    const la_ssize_t count = archive_read_data(reader, block.data(), block.size());
    if (count < 0) return damaged(reader, path);
    if (count == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(count));
    if (bytes.size() > most_bytes) return refusal("its manifest is larger than one may be", path);
  }
}

class Unpacking {
 public:
  Unpacking(const ArchiveInput& input, const store::UnpackRequest& request, WritableDirectory& into)
      : input_(input), request_(request), into_(into) {}

  Result<Unpacked> run() && {
    ASSIGN_OR_RETURN(root_, Names(input_, request_).find_root());
    ASSIGN_OR_RETURN(const Reader reader, open_reader(input_));
    for (;;) {
      ASSIGN_OR_RETURN(const auto entry, next(reader.get()));
      if (!entry) break;
      ASSIGN_OR_RETURN(const std::string whole, path_of(*entry));
      const std::string path(below(whole, root_));
      // A receipt is our own statement about what we unpacked; nobody else's counts.
      if (path.empty() || path == store::kReceiptName) continue;
      RETURN_IF_ERROR(take(reader.get(), *entry, path));
    }
    store::sort_files(out_.files);
    return std::move(out_);
  }

 private:
  Status take(archive* reader, archive_entry* entry, const std::string& path) {
    ASSIGN_OR_RETURN(const bool file, is_file(entry, path));
    const auto depth = static_cast<std::uint64_t>(std::count(path.begin(), path.end(), '/')) + 1;
    if (depth > request_.most_depth) {
      return refusal(fmt::format("the plugin is more than {} levels deep", request_.most_depth), path);
    }
    if (("/" + path + "/").find("/.git/") != std::string::npos) {
      return refusal("the plugin contains a git repository of its own, whose settings could run programs", path);
    }
    if (!file) return make_directories(path);
    RETURN_IF_ERROR(make_directories(parent_of(path)));
    RETURN_IF_ERROR(check_spelling(path));
    if (!files_.insert(path).second) return refusal("the archive holds one name twice", path);
    if (directories_.contains(path)) return refusal("the archive holds one name as file and as directory", path);
    RETURN_IF_ERROR(count_one(path));
    return write(reader, path, (archive_entry_perm(entry) & 0100U) != 0);
  }

  /// Where case tells no names apart, one would take the other's place (failure F147).
  Status check_spelling(const std::string& path) {
    const auto [known, is_new] = spelled_.try_emplace(without_case(path), path);
    if (is_new || known->second == path) return ok();
    return refusal(fmt::format("the archive holds one name twice, but for capital letters: '{}'", known->second), path);
  }

  Status count_one(const std::string& path) {
    if (++entries_ <= request_.most_files) return ok();
    return refusal(fmt::format("the plugin has more than {} files", request_.most_files), path);
  }

  Status make_directories(const std::string& path) {
    if (path.empty() || directories_.contains(path)) return ok();
    if (files_.contains(path)) return refusal("the archive holds one name as file and as directory", path);
    const std::string parent = parent_of(path);
    RETURN_IF_ERROR(make_directories(parent));
    RETURN_IF_ERROR(check_spelling(path));
    RETURN_IF_ERROR(count_one(path));
    ASSIGN_OR_RETURN(WritableDirectory* const where, directory(parent));
    RETURN_IF_ERROR(where->make_directory(name_of(path), FileAttributes{.mode = 0755}));
    directories_.insert(path);
    return ok();
  }

  /// The last one stays open: archives list the files of a directory together.
  Result<WritableDirectory*> directory(const std::string& path) {
    if (path.empty()) return &into_;
    if (!open_ || open_path_ != path) {
      ASSIGN_OR_RETURN(open_, into_.open_writable(path, Links::refuse));
      open_path_ = path;
    }
    return open_.get();
  }

  Status write(archive* reader, const std::string& path, bool executable) {
    ASSIGN_OR_RETURN(WritableDirectory* const where, directory(parent_of(path)));
    const std::string name = name_of(path);
    Sha256 hash;
    std::string held;
    std::uint64_t size = 0;
    std::unique_ptr<platform::WritableFile> file;
    std::array<char, kBlock> block{};
    for (;;) {
      const la_ssize_t count = archive_read_data(reader, block.data(), block.size());
      if (count < 0) return damaged(reader, path);
      if (count == 0) break;
      const std::string_view part(block.data(), static_cast<std::size_t>(count));
      size += part.size();
      RETURN_IF_ERROR(check_size(size, part.size(), path));
      hash.update(part);
      if (file) {
        RETURN_IF_ERROR(file->append(part));
        continue;
      }
      held += part;
      if (held.size() < kHeldInMemory) continue;
      RETURN_IF_ERROR(begin(*where, name, held, executable));
      ASSIGN_OR_RETURN(file, where->open_for_writing(name, 0600));
      held.clear();
    }
    if (!file) RETURN_IF_ERROR(begin(*where, name, held, executable));
    out_.files.push_back({path, hash.hex(), size, executable});
    return ok();
  }

  static Status begin(WritableDirectory& where, const std::string& name, std::string_view bytes, bool executable) {
    const FileAttributes attributes{.mode = executable ? 0755U : 0644U};
    const auto written = where.write_new(name, bytes, attributes, Sync::no);
    if (!written) return written.error();
    return ok();
  }

  Status check_size(std::uint64_t of_file, std::uint64_t more, const std::string& path) {
    out_.bytes += more;
    if (of_file > request_.most_file_bytes || out_.bytes > request_.most_bytes) {
      return refusal("the plugin is larger than a plugin may be", path);
    }
    if (out_.bytes > limits::kArchiveRatioFreeBytes && out_.bytes / limits::kMaxArchiveRatio > input_.bytes) {
      return refusal("the archive unpacks to far more than it is, as archives do that are made to fill a disk", path);
    }
    return ok();
  }

  const ArchiveInput& input_;
  const store::UnpackRequest& request_;
  WritableDirectory& into_;
  std::string root_;
  std::uint64_t entries_ = 0;
  std::set<std::string> files_;
  std::set<std::string> directories_;
  std::map<std::string, std::string> spelled_;  // both, without case
  std::unique_ptr<WritableDirectory> open_;
  std::string open_path_;
  Unpacked out_;
};

}  // namespace

ArchiveInput in_memory(std::string_view bytes) {
  return {.open = [bytes](archive* reader) { return archive_read_open_memory(reader, bytes.data(), bytes.size()); },
          .bytes = bytes.size()};
}

ArchiveInput in_descriptor(int descriptor, std::uint64_t bytes) {
  return {.open =
              [descriptor](archive* reader) {
                if (::lseek(descriptor, 0, SEEK_SET) != 0) return ARCHIVE_FATAL;
                return archive_read_open_fd(reader, descriptor, kBlock);
              },
          .bytes = bytes};
}

Result<Unpacked> unpack(const ArchiveInput& input, const store::UnpackRequest& request,
                        platform::WritableDirectory& into) {
  return Unpacking(input, request, into).run();
}

Result<std::string> read_manifest(const ArchiveInput& input, const std::string& folder) {
  const store::UnpackRequest request{.folder = folder};
  ASSIGN_OR_RETURN(const std::string root, Names(input, request).find_root());
  ASSIGN_OR_RETURN(const Reader reader, open_reader(input));
  for (;;) {
    ASSIGN_OR_RETURN(const auto entry, next(reader.get()));
    if (!entry) return refusal("the archive has no manifest.json");
    ASSIGN_OR_RETURN(const std::string path, path_of(*entry));
    if (below(path, root) != kManifest) continue;
    ASSIGN_OR_RETURN(const bool file, is_file(*entry, path));
    if (!file) return refusal("its manifest.json is no file", path);
    return read_small(reader.get(), path, limits::kMaxManifestBytes);
  }
}

}  // namespace trueup::fetch
