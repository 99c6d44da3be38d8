// SQLite as values and errors: a database that closes itself, statements that take and give C++ values.
// Inside ledger only; SQLite's own header stays in the .cpp files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace trueup::ledger::sqlite {

class Vfs;
class Database;

/// One prepared statement. Bind from left to right, then step; the first error is told by next(). A text that is bound
/// is not copied: it stays until the last row, or reset().
class Statement {
 public:
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(const std::optional<std::int64_t>& value);  // nothing is NULL

  /// Goes to the next row; false when there is none.
  Result<bool> next();
  /// For statements without rows.
  Status execute();
  /// Binds anew from the first parameter.
  void reset();

  // Of the current row; columns count from 0.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(const Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  void note(int code);

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int parameter_ = 0;
  int first_error_ = 0;
};

class Database {
 public:
  /// Opens or creates `name` in the directory of `vfs`. Requires: `vfs` outlives the database.
  static Result<std::unique_ptr<Database>> open(Vfs& vfs, const std::string& name);
  /// A database in memory, empty or with the content of such a file, which then cannot grow. Reaches no disk.
  static Result<std::unique_ptr<Database>> in_memory(std::string bytes = {});
  /// Requires: it was made in memory, with content, and nothing is being asked.
  Status let_grow();

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Several statements without parameters.
  Status run(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
  /// Prepared once, however often it runs: a pass may record thousands of rows.
  template <typename... Values>
  Status execute(std::string_view sql, const Values&... values) {
    ASSIGN_OR_RETURN(Statement* const statement, reused(sql));
    (statement->bind(values), ...);
    Status done = statement->execute();
    statement->reset();  // what is bound need not outlive the call
    return done;
  }
  /// The first column of the one row of an answer.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql) const;

  [[nodiscard]] std::int64_t changed_rows() const;  // of the last statement
  [[nodiscard]] std::int64_t last_row() const;      // rowid of the last insert
  [[nodiscard]] bool in_transaction() const;
  /// Its header forbids writing. Known once something was read.
  [[nodiscard]] bool is_read_only() const;

 private:
  friend class Statement;
  Database(sqlite3* handle, Vfs* vfs) : handle_(handle), vfs_(vfs) {}
  Status configure();
  Result<Statement*> reused(std::string_view sql);
  /// What `code` means. unreadable: the content is damaged. Errors of the disk are handed on as they were.
  [[nodiscard]] Error error(int code) const;
  [[nodiscard]] Status check(int code) const;

  sqlite3* handle_;
  Vfs* vfs_;
  std::string image_;  // of a database in memory that cannot grow: its content
  std::map<std::string, Statement, std::less<>> reused_;
};

}  // namespace trueup::ledger::sqlite
