#include "ledger/vfs.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace trueup::ledger::sqlite {

namespace {

constexpr std::uint32_t kMode = 0600;
constexpr int kLongestName = 255;

struct OpenFile {
  sqlite3_file base;  // first: SQLite knows nothing of the rest
  Vfs* vfs;
  platform::WritableFile* file;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

}  // namespace

/// What SQLite calls. Each of them ends in one call of the port, with errors and exceptions kept in the Vfs.
struct Callbacks {
  static Vfs& of(sqlite3_vfs* vfs) { return *static_cast<Vfs*>(vfs->pAppData); }

  static int fail(Vfs& vfs, Error error, int code) {
    const int answer = error.code == ErrorCode::full ? SQLITE_FULL : code;
    if (!vfs.error_) vfs.error_ = std::move(error);
    return answer;
  }

  template <typename Body>
  static int guarded(Vfs& vfs, int code, Body&& body) {
    if (vfs.thrown_ != nullptr) return code;
    try {
      return body();
    } catch (...) {
      vfs.thrown_ = std::current_exception();
      return code;
    }
  }

  static int open(sqlite3_vfs* self, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (name == nullptr || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL)) == 0) return SQLITE_CANTOPEN;
    Vfs& vfs = of(self);
    return guarded(vfs, SQLITE_CANTOPEN, [&] {
      const auto existing = vfs.directory_.info(name, platform::Links::refuse);
      if (!existing && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      auto opened_file = vfs.directory_.open_for_writing(name, kMode);
      if (!opened_file) return fail(vfs, std::move(opened_file).error(), SQLITE_CANTOPEN);
      if (!existing) vfs.names_changed_ = true;
      new (file) OpenFile{{&kFileMethods}, &vfs, opened_file->release()};
      if (out_flags != nullptr) *out_flags = flags;
      return SQLITE_OK;
    });
  }

  static int close(sqlite3_file* file) {
    delete opened(file).file;
    opened(file).file = nullptr;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* buffer, int count, sqlite3_int64 offset) {
    const auto wanted = static_cast<std::size_t>(count);
    return guarded(*opened(file).vfs, SQLITE_IOERR_READ, [&] {
      const auto bytes = opened(file).file->read_at(static_cast<std::uint64_t>(offset), wanted);
      if (!bytes) return fail(*opened(file).vfs, bytes.error(), SQLITE_IOERR_READ);
      std::memset(buffer, 0, wanted);
      std::memcpy(buffer, bytes->data(), std::min(wanted, bytes->size()));
      return bytes->size() < wanted ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
    });
  }

  static int answer(Vfs& vfs, Status status, int code) {
    return status ? SQLITE_OK : fail(vfs, std::move(status).error(), code);
  }

  static int write(sqlite3_file* file, const void* buffer, int count, sqlite3_int64 offset) {
    Vfs& vfs = *opened(file).vfs;
    const std::string_view bytes(static_cast<const char*>(buffer), static_cast<std::size_t>(count));
    return guarded(vfs, SQLITE_IOERR_WRITE, [&] {
      return answer(vfs, opened(file).file->write_at(static_cast<std::uint64_t>(offset), bytes), SQLITE_IOERR_WRITE);
    });
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Vfs& vfs = *opened(file).vfs;
    return guarded(vfs, SQLITE_IOERR_TRUNCATE, [&] {
      return answer(vfs, opened(file).file->truncate(static_cast<std::uint64_t>(size)), SQLITE_IOERR_TRUNCATE);
    });
  }

  static int sync(sqlite3_file* file, int) {
    Vfs& vfs = *opened(file).vfs;
    return guarded(vfs, SQLITE_IOERR_FSYNC, [&] {
      Status synced = opened(file).file->sync_data();
      // The journal's name must be durable before the database changes: the first sync of a new file sees to it.
      if (synced && vfs.names_changed_) {
        synced = vfs.directory_.sync();
        if (synced) vfs.names_changed_ = false;
      }
      return answer(vfs, std::move(synced), SQLITE_IOERR_FSYNC);
    });
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    Vfs& vfs = *opened(file).vfs;
    return guarded(vfs, SQLITE_IOERR_FSTAT, [&] {
      const auto info = opened(file).file->info();
      if (!info) return fail(vfs, info.error(), SQLITE_IOERR_FSTAT);
      *size = static_cast<sqlite3_int64>(info->size);
      return SQLITE_OK;
    });
  }

  // No locks: whoever opens the ledger for writing holds .trueup/lock, and who only reads takes the bytes and looks
  // for a writer by other means (read_ledger). File locks here would only be a second truth.
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int check_reserved_lock(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
  }

  static int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }
  /// What SQLite assumes of any Unix disk: writing a part of a block leaves the rest of it alone.
  static int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int remove(sqlite3_vfs* self, const char* name, int sync_directory) {
    Vfs& vfs = of(self);
    return guarded(vfs, SQLITE_IOERR_DELETE, [&] {
      Status removed = vfs.directory_.remove_file(name);
      if (!removed && removed.error().code == ErrorCode::not_found) return SQLITE_IOERR_DELETE_NOENT;
      if (removed && sync_directory != 0) removed = vfs.directory_.sync();
      return answer(vfs, std::move(removed), SQLITE_IOERR_DELETE);
    });
  }

  static int access(sqlite3_vfs* self, const char* name, int, int* result) {
    Vfs& vfs = of(self);
    return guarded(vfs, SQLITE_IOERR_ACCESS, [&] {
      const auto info = vfs.directory_.info(name, platform::Links::refuse);
      if (!info && info.error().code != ErrorCode::not_found) return fail(vfs, info.error(), SQLITE_IOERR_ACCESS);
      *result = info ? 1 : 0;
      return SQLITE_OK;
    });
  }

  /// A name in the directory is all the path there is.
  static int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    const std::size_t length = std::strlen(name);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, name, length + 1);
    return SQLITE_OK;
  }

  /// Only ever the salt of a rollback journal.
  static int randomness(sqlite3_vfs*, int count, char* out) {
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
    return system->xRandomness(system, count, out);
  }
  static int sleep(sqlite3_vfs*, int) { return 0; }                        // nothing here is ever busy
  static int current_time(sqlite3_vfs*, double*) { return SQLITE_ERROR; }  // time comes in with a Pass
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static const sqlite3_io_methods kFileMethods;
};

const sqlite3_io_methods Callbacks::kFileMethods = {
    .iVersion = 1,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = lock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
};

Vfs::Vfs(platform::WritableDirectory& directory)
    : directory_(directory),
      name_(fmt::format("trueup-{}", static_cast<const void*>(this))),  // like no other that lives
      registered_(std::make_unique<sqlite3_vfs>()) {
  *registered_ = sqlite3_vfs{
      .iVersion = 1,
      .szOsFile = sizeof(OpenFile),
      .mxPathname = kLongestName,
      .zName = name_.c_str(),
      .pAppData = this,
      .xOpen = Callbacks::open,
      .xDelete = Callbacks::remove,
      .xAccess = Callbacks::access,
      .xFullPathname = Callbacks::full_pathname,
      .xRandomness = Callbacks::randomness,
      .xSleep = Callbacks::sleep,
      .xCurrentTime = Callbacks::current_time,
      .xGetLastError = Callbacks::last_error,
  };
  sqlite3_vfs_register(registered_.get(), 0);
}

Vfs::~Vfs() { sqlite3_vfs_unregister(registered_.get()); }

std::optional<Error> Vfs::take_error() { return std::exchange(error_, std::nullopt); }

void Vfs::rethrow() {
  if (thrown_ != nullptr) std::rethrow_exception(thrown_);
}

}  // namespace trueup::ledger::sqlite
