#include "fetch/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <memory>

namespace trueup::fetch {
namespace {

struct CloseArchive {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

Error failed(archive* writer) {
  const char* says = archive_error_string(writer);
  const bool full = archive_errno(writer) == ENOSPC || archive_errno(writer) == EDQUOT;
  return Error{.code = full ? ErrorCode::full : ErrorCode::io,
               .message = fmt::format("the copy for repairs could not be written: {}", says == nullptr ? "" : says)};
}

Status write_file(archive* writer, const platform::Directory& from, const store::TreeFile& file) {
  constexpr std::size_t kBlock = 64U << 10U;
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), file.path.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), file.executable ? 0755 : 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size));
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK) return failed(writer);
  ASSIGN_OR_RETURN(const auto open, from.open_file(file.path, platform::Links::refuse));
  for (std::uint64_t at = 0; at < file.size;) {
    ASSIGN_OR_RETURN(const std::string block, open->read_at(at, kBlock));
    if (block.empty()) return Error{.code = ErrorCode::io, .message = "a file became shorter while it was packed"};
    if (archive_write_data(writer, block.data(), block.size()) != static_cast<la_ssize_t>(block.size())) {
      return failed(writer);
    }
    at += block.size();
  }
  return ok();
}

}  // namespace

Status pack(const platform::Directory& from, const std::vector<store::TreeFile>& files, int descriptor) {
  const std::unique_ptr<archive, CloseArchive> writer(archive_write_new());
  if (!writer) return Error{.code = ErrorCode::io, .message = "no memory to pack"};
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_add_filter_gzip(writer.get());
  archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
  archive_write_set_filter_option(writer.get(), "gzip", "compression-level", "4");
  if (archive_write_open_fd(writer.get(), descriptor) != ARCHIVE_OK) return failed(writer.get());
  for (const store::TreeFile& file : files) RETURN_IF_ERROR(write_file(writer.get(), from, file));
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get());
  return ok();
}

}  // namespace trueup::fetch
