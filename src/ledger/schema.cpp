#include "ledger/schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace trueup::ledger {

namespace {

using sqlite::Database;

/// From an empty database to format 1. Tables keyed by text carry their rows in the key's tree: one page to write, not
/// two. `action` keeps its numbers for good, they are what `undo` names.
Status migrate_to_1(Database& database) {
  return database.run(R"(
CREATE TABLE action(
  number INTEGER PRIMARY KEY, transaction_id TEXT NOT NULL, at INTEGER NOT NULL, verb TEXT NOT NULL,
  plugin_id TEXT NOT NULL, reason TEXT NOT NULL, result TEXT NOT NULL, inverse TEXT NOT NULL,
  undoes INTEGER, undone_by INTEGER) STRICT;
CREATE INDEX action_of_transaction ON action(transaction_id, number);
CREATE TABLE receipt(
  directory TEXT PRIMARY KEY, plugin_id TEXT NOT NULL, version TEXT NOT NULL, origin TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tombstone(plugin_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE hold(
  finding TEXT PRIMARY KEY, evidence_digest TEXT NOT NULL, reason TEXT NOT NULL, set_at INTEGER NOT NULL,
  lasts_seconds INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE attempt(
  plugin_id TEXT NOT NULL, source TEXT NOT NULL, entry_digest TEXT NOT NULL, count INTEGER NOT NULL,
  terminal INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY(plugin_id, source, entry_digest)) STRICT, WITHOUT ROWID;
CREATE TABLE kept_file(
  number INTEGER NOT NULL, path TEXT NOT NULL, document TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL,
  transaction_id TEXT NOT NULL, parses INTEGER NOT NULL, needed_for_undo INTEGER NOT NULL,
  PRIMARY KEY(number, path)) STRICT, WITHOUT ROWID;
CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)");
}

/// What came as each version of a plugin, also when the plugin is gone (the oldest go by their numbers), and which
/// LEDMatrix a refusal rests on.
Status migrate_to_2(Database& database) {
  return database.run(R"(
CREATE TABLE fetched(
  plugin_id TEXT NOT NULL, origin TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY(plugin_id, origin, version)) STRICT, WITHOUT ROWID;
ALTER TABLE attempt ADD COLUMN core_version TEXT NOT NULL DEFAULT '';
)");
}

// A released migration is never changed; the next format gets a function of its own at the end.
constexpr std::array kMigrations{migrate_to_1, migrate_to_2};

Status migrate_from_to(Database& database, std::int64_t from, std::int64_t to) {
  for (std::int64_t format = from; format < to; ++format) {
    RETURN_IF_ERROR(kMigrations.at(static_cast<std::size_t>(format))(database));
  }
  return database.run(fmt::format("PRAGMA user_version={}", to));
}

Result<std::vector<std::string>> schema_of(const Database& database) {
  std::vector<std::string> lines;
  ASSIGN_OR_RETURN(auto rows, database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema"));
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows.next());
    if (!row) break;
    lines.push_back(fmt::format("{}|{}|{}|{}", rows.text(0), rows.text(1), rows.text(2), rows.text(3)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

Error damaged(std::string message) {
  return Error{.code = ErrorCode::unreadable, .message = std::move(message), .where = ".trueup/ledger.db"};
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

Result<std::vector<std::string>> schema_of_format(std::int64_t format) {
  ASSIGN_OR_RETURN(auto expected, Database::in_memory());
  RETURN_IF_ERROR(migrate_from_to(*expected, 0, format));
  return schema_of(*expected);
}

Status verify_format(const Database& database, std::int64_t format) {
  // Asked for several times in a pass, nearly always for the newest: making it costs more than the rest of the check.
  static const auto newest = schema_of_format(newest_format());
  ASSIGN_OR_RETURN(const auto wanted, format == newest_format() ? newest : schema_of_format(format));
  ASSIGN_OR_RETURN(const auto found, schema_of(database));
  if (found != wanted) return damaged("its tables are not those that trueup makes");
  ASSIGN_OR_RETURN(auto answer, database.prepare("PRAGMA integrity_check(1)"));
  ASSIGN_OR_RETURN(const bool row, answer.next());
  if (!row || answer.text(0) != "ok") return damaged(row ? answer.text(0) : "it cannot be checked");
  return ok();
}

}  // namespace

Error as_damage(Error error) {
  if (error.code == ErrorCode::internal) error.code = ErrorCode::unreadable;
  error.where = ".trueup/ledger.db";
  return error;
}

std::int64_t newest_format() { return static_cast<std::int64_t>(kMigrations.size()); }

Status migrate(Database& database) {
  ASSIGN_OR_RETURN(const std::int64_t format, database.integer("PRAGMA user_version"));
  return migrate_from_to(database, format, newest_format());
}

Status verify_size(std::string_view header, std::uint64_t size) {
  constexpr std::size_t kPageSizeAt = 16;
  constexpr std::size_t kPageCountAt = 28;
  if (header.size() < kSizedHeaderBytes || !header.starts_with("SQLite format 3")) return ok();
  std::uint64_t page_size = big_endian(header.substr(kPageSizeAt, 2));
  if (page_size == 1) page_size = 65'536;  // which two bytes cannot say
  const std::uint64_t wanted = page_size * big_endian(header.substr(kPageCountAt, 4));
  if (size < wanted) return damaged(fmt::format("it is cut off: {} of its {} bytes are there", size, wanted));
  return ok();
}

Status verify(const Database& database) {
  const auto format = database.integer("PRAGMA user_version");
  if (!format) return as_damage(format.error());
  if (*format > newest_format()) {
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("the ledger was written by a newer trueup (format {}, this one knows {})",
                                        *format, newest_format()),
                 .where = ".trueup/ledger.db",
                 .hint = "use the newer trueup, or move that file away; history and undo are then lost"};
  }
  if (database.is_read_only()) return damaged("its header forbids writing");
  if (*format < 0) return damaged("its format number is none that trueup writes");
  Status verified = verify_format(database, *format);
  return verified ? ok() : Status(as_damage(std::move(verified).error()));
}

}  // namespace trueup::ledger
