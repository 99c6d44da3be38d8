// SQLite's files, behind the disk port: what the ledger writes, tests can count, deny, fail and cut off like any other
// write of trueup.
//
// One Vfs serves one database in one directory and is known to SQLite only while it lives. It never opens anything but
// the database and its rollback journal; everything temporary stays in memory (PRAGMA temp_store=MEMORY).
// Inside ledger only.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "platform/file_system.h"

struct sqlite3_vfs;  // NOLINT(readability-identifier-naming): SQLite's own name

namespace trueup::ledger::sqlite {

class Vfs {
 public:
  /// Requires: `directory` outlives the Vfs, and the Vfs outlives every database opened through it.
  explicit Vfs(platform::WritableDirectory& directory);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  /// The first error of the disk since the last call: SQLite keeps only a number of it.
  [[nodiscard]] std::optional<Error> take_error();
  /// Throws on what was thrown inside a call of the disk. It must not pass through SQLite, so it was held back, and
  /// since then nothing reached the disk any more.
  void rethrow();

 private:
  friend struct Callbacks;

  platform::WritableDirectory& directory_;
  std::string name_;
  std::unique_ptr<sqlite3_vfs> registered_;
  std::optional<Error> error_;
  std::exception_ptr thrown_;
  bool names_changed_ = false;  // a file was created and its name is not durable yet
};

}  // namespace trueup::ledger::sqlite
