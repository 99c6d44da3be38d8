#include "ledger/sqlite.h"

#include <sqlite3.h>

#include <cstring>

#include "base/limits.h"
#include "ledger/vfs.h"

namespace trueup::ledger::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::note(int code) {
  if (first_error_ == SQLITE_OK) first_error_ = code;
}

Statement& Statement::bind(std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), ++parameter_, value));
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* const bytes = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_.get(), ++parameter_, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
  if (value) return bind(*value);
  note(sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

Result<bool> Statement::next() {
  RETURN_IF_ERROR(database_->check(first_error_));
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->error(code);
}

Status Statement::execute() {
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, next());
    if (!row) return ok();
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  parameter_ = 0;
  first_error_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
  const unsigned char* const bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {reinterpret_cast<const char*>(bytes), size};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

Result<std::unique_ptr<Database>> Database::open(Vfs& vfs, const std::string& name) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, vfs.name().c_str());
  std::unique_ptr<Database> database(new Database(handle, &vfs));
  RETURN_IF_ERROR(database->check(code));
  RETURN_IF_ERROR(database->configure());
  return database;
}

Result<std::unique_ptr<Database>> Database::in_memory(std::string bytes) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(":memory:", &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle, nullptr));
  RETURN_IF_ERROR(database->check(code));
  if (!bytes.empty()) {
    std::string& image = database->image_ = std::move(bytes);
    auto* const data =
        reinterpret_cast<unsigned char*>(image.data());  // NOLINT(*-reinterpret-cast): as SQLite wants it
    const auto size = static_cast<sqlite3_int64>(image.size());
    RETURN_IF_ERROR(database->check(sqlite3_deserialize(handle, "main", data, size, size, 0)));
  }
  RETURN_IF_ERROR(database->configure());
  return database;
}

Status Database::let_grow() {
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(image_.size()));
  if (copy == nullptr) return error(SQLITE_NOMEM);
  std::memcpy(copy, image_.data(), image_.size());
  const auto size = static_cast<sqlite3_int64>(image_.size());
  const unsigned owned = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
  RETURN_IF_ERROR(check(sqlite3_deserialize(handle_, "main", copy, size, size, owned)));
  image_ = std::string();
  return configure();  // what was set for the content goes with it
}

Status Database::configure() {
  // The file may have been tampered with: nothing in its schema may run or reach out.
  for (const auto& [option, value] : {std::pair(SQLITE_DBCONFIG_DEFENSIVE, 1),
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                      {SQLITE_DBCONFIG_ENABLE_VIEW, 0}}) {
    RETURN_IF_ERROR(check(sqlite3_db_config(handle_, option, value, nullptr)));
  }
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, static_cast<int>(limits::kMaxLedgerReadBytes));
  return run(
      "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-256; PRAGMA cell_size_check=ON;"
      "PRAGMA page_size=4096; PRAGMA auto_vacuum=0;");
}

Database::~Database() {
  reused_.clear();
  sqlite3_close_v2(handle_);
}

Error Database::error(int code) const {
  if (vfs_ != nullptr) {
    vfs_->rethrow();
    if (auto disk = vfs_->take_error()) return *std::move(disk);
  }
  const int primary = code & 0xFF;
  const char* const words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  Error error{.code = ErrorCode::internal, .message = words, .where = "ledger.db"};
  // No disk refused anything, so "cannot open" speaks of the content as well: a header that asks for another mode.
  const bool content = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_CANTOPEN;
  if (content) error.code = ErrorCode::unreadable;
  if (primary == SQLITE_FULL) error.code = ErrorCode::full;
  if (primary == SQLITE_IOERR || primary == SQLITE_NOMEM) error.code = ErrorCode::io;
  return error;
}

Status Database::check(int code) const {
  if (code != SQLITE_OK) return error(code);
  return ok();
}

Status Database::run(const std::string& sql) {
  return check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  RETURN_IF_ERROR(check(sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr)));
  return Statement(*this, statement);
}

Result<Statement*> Database::reused(std::string_view sql) {
  const auto known = reused_.find(sql);
  if (known != reused_.end()) return &known->second;
  ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  return &reused_.emplace(std::string(sql), std::move(statement)).first->second;
}

Result<std::int64_t> Database::integer(std::string_view sql) const {
  ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  ASSIGN_OR_RETURN(const bool row, statement.next());
  return row ? statement.integer(0) : 0;
}

std::int64_t Database::changed_rows() const { return sqlite3_changes64(handle_); }
std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }
bool Database::is_read_only() const { return sqlite3_db_readonly(handle_, "main") == 1; }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace trueup::ledger::sqlite
