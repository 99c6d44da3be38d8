#include "ledger/record.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/limits.h"
#include "ledger/schema.h"

namespace trueup::ledger {

namespace {

using sqlite::Database;

Result<std::vector<std::int64_t>> numbers_of(const Database& database, const std::string& transaction_id) {
  std::vector<std::int64_t> numbers;
  ASSIGN_OR_RETURN(auto rows, database.prepare("SELECT number FROM action WHERE transaction_id=? ORDER BY number"));
  rows.bind(transaction_id);
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rows.next());
    if (!row) return numbers;
    numbers.push_back(rows.integer(0));
  }
}

/// An action undoes another once. When what it undoes had itself undone something, that counts again.
Status mark_undone(Database& database, std::int64_t target, std::int64_t by) {
  RETURN_IF_ERROR(database.execute("UPDATE action SET undone_by=? WHERE number=? AND undone_by IS NULL", by, target));
  if (database.changed_rows() != 1) {
    return Error{.code = ErrorCode::conflict,
                 .message = "this action is not in the history, or was undone before",
                 .where = fmt::format("{}", target),
                 .hint = "see `trueup history`"};
  }
  return database.execute(
      "UPDATE action SET undone_by=NULL WHERE number=(SELECT undoes FROM action WHERE number=?) AND undone_by=?",
      target, target);
}

Result<std::int64_t> add_action(Database& database, const NewAction& action, std::int64_t at) {
  RETURN_IF_ERROR(
      database.execute("INSERT INTO action(transaction_id, at, verb, plugin_id, reason, result, inverse, undoes) "
                       "VALUES(?,?,?,?,?,?,?,?)",
                       action.transaction_id, at, action.verb, action.plugin_id, action.reason, action.result,
                       action.inverse, action.undoes));
  const std::int64_t number = database.last_row();
  if (action.undoes) RETURN_IF_ERROR(mark_undone(database, *action.undoes, number));
  return number;
}

/// Recovery may record once more what was recorded just before a crash: those keep their numbers.
Result<std::vector<std::int64_t>> write_actions(Database& database, const Pass& pass) {
  std::map<std::string, std::vector<std::int64_t>> earlier;
  for (const NewAction& action : pass.actions) {
    if (earlier.contains(action.transaction_id)) continue;
    ASSIGN_OR_RETURN(earlier[action.transaction_id], numbers_of(database, action.transaction_id));
  }
  std::map<std::string, std::size_t> seen;
  std::vector<std::int64_t> numbers;
  for (const NewAction& action : pass.actions) {
    const auto& known = earlier[action.transaction_id];
    if (known.empty()) {
      ASSIGN_OR_RETURN(const std::int64_t number, add_action(database, action, pass.at));
      numbers.push_back(number);
    } else {
      numbers.push_back(known[std::min(seen[action.transaction_id]++, known.size() - 1)]);
    }
  }
  return numbers;
}

Status write_fetched(Database& database, const std::vector<model::ReceiptIndexEntry>& receipts) {
  ASSIGN_OR_RETURN(const std::int64_t last, database.integer("SELECT ifnull(max(number), 0) FROM fetched"));
  std::int64_t number = last;
  for (const auto& receipt : receipts) {
    if (receipt.digest.empty()) continue;
    RETURN_IF_ERROR(database.execute(
        "INSERT INTO fetched(plugin_id, origin, version, digest, number) VALUES(?,?,?,?,?) "
        "ON CONFLICT DO UPDATE SET digest=excluded.digest, number=excluded.number WHERE digest<>excluded.digest",
        receipt.plugin_id, receipt.origin, receipt.version, receipt.digest, ++number));
  }
  if (number == last) return ok();
  return database.execute(
      "DELETE FROM fetched WHERE number<=(SELECT number FROM fetched ORDER BY number DESC LIMIT 1 OFFSET ?)",
      limits::kMaxFetchedRemembered);
}

// The WHERE of each "put" keeps a row that says the same already from being written again.
Status write_plugins(Database& database, const Pass& pass) {
  for (const auto& directory : pass.receipts_removed) {
    RETURN_IF_ERROR(database.execute("DELETE FROM receipt WHERE directory=?", directory));
  }
  for (const auto& receipt : pass.receipts_put) {
    RETURN_IF_ERROR(database.execute(
        "INSERT INTO receipt(directory, plugin_id, version, origin) VALUES(?,?,?,?) "
        "ON CONFLICT DO UPDATE SET plugin_id=excluded.plugin_id, version=excluded.version, origin=excluded.origin "
        "WHERE (plugin_id, version, origin)<>(excluded.plugin_id, excluded.version, excluded.origin)",
        receipt.directory, receipt.plugin_id, receipt.version, receipt.origin));
  }
  if (!pass.receipts_put.empty()) RETURN_IF_ERROR(write_fetched(database, pass.receipts_put));
  for (const auto& id : pass.tombstones_removed) {
    RETURN_IF_ERROR(database.execute("DELETE FROM tombstone WHERE plugin_id=?", id));
  }
  for (const auto& id : pass.tombstones_put) {
    RETURN_IF_ERROR(database.execute("INSERT INTO tombstone(plugin_id) VALUES(?) ON CONFLICT DO NOTHING", id));
  }
  return ok();
}

Status write_decisions(Database& database, const Pass& pass) {
  for (const auto& finding : pass.holds_removed) {
    RETURN_IF_ERROR(database.execute("DELETE FROM hold WHERE finding=?", finding));
  }
  for (const auto& hold : pass.holds_put) {
    RETURN_IF_ERROR(
        database.execute("INSERT INTO hold(finding, evidence_digest, reason, set_at, lasts_seconds) VALUES(?,?,?,?,?) "
                         "ON CONFLICT DO UPDATE SET evidence_digest=excluded.evidence_digest, reason=excluded.reason, "
                         "set_at=excluded.set_at, lasts_seconds=excluded.lasts_seconds WHERE "
                         "(evidence_digest, reason, set_at, lasts_seconds)<>(excluded.evidence_digest, "
                         "excluded.reason, excluded.set_at, excluded.lasts_seconds)",
                         hold.finding, hold.evidence_digest, hold.reason, hold.set_at, hold.lasts_seconds));
  }
  for (const auto& key : pass.attempts_removed) {
    RETURN_IF_ERROR(database.execute("DELETE FROM attempt WHERE plugin_id=? AND source=? AND entry_digest=?",
                                     key.plugin_id, key.source, key.entry_digest));
  }
  for (const auto& attempt : pass.attempts_put) {
    RETURN_IF_ERROR(database.execute(
        "INSERT INTO attempt(plugin_id, source, entry_digest, count, terminal, reason, detail, core_version) "
        "VALUES(?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET count=excluded.count, terminal=excluded.terminal, "
        "reason=excluded.reason, detail=excluded.detail, core_version=excluded.core_version "
        "WHERE (count, terminal, reason, detail, core_version)<>(excluded.count, excluded.terminal, excluded.reason, "
        "excluded.detail, excluded.core_version)",
        attempt.plugin_id, attempt.source, attempt.entry_digest, std::int64_t{attempt.count},
        std::int64_t{attempt.terminal}, attempt.reason, attempt.detail, attempt.core_version));
  }
  return ok();
}

Status put_note(Database& database, std::string_view name, std::string_view value) {
  return database.execute(
      "INSERT INTO note(name, value) VALUES(?,?) ON CONFLICT DO UPDATE SET value=excluded.value "
      "WHERE value<>excluded.value",
      name, value);
}

Status write_kept_files(Database& database, const Pass& pass) {
  for (const auto& file : pass.kept_removed) {
    RETURN_IF_ERROR(database.execute("DELETE FROM kept_file WHERE number=? AND path=?", file.number, file.path));
  }
  std::int64_t last = 0;
  for (const auto& file : pass.kept_put) {
    last = std::max(last, file.number);
    RETURN_IF_ERROR(database.execute(
        "INSERT INTO kept_file(number, path, document, digest, bytes, transaction_id, parses, needed_for_undo) "
        "VALUES(?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET document=excluded.document, digest=excluded.digest, "
        "bytes=excluded.bytes, transaction_id=excluded.transaction_id, parses=excluded.parses, "
        "needed_for_undo=excluded.needed_for_undo WHERE (document, digest, bytes, transaction_id, parses, "
        "needed_for_undo)<>(excluded.document, excluded.digest, excluded.bytes, excluded.transaction_id, "
        "excluded.parses, excluded.needed_for_undo)",
        file.number, file.path, file.document, file.digest, static_cast<std::int64_t>(file.bytes), file.transaction_id,
        std::int64_t{file.parses}, std::int64_t{file.needed_for_undo}));
  }
  // Remembered apart from the rows: a number is not used again when its files are gone.
  ASSIGN_OR_RETURN(const std::int64_t remembered, Reader(database).last_kept_number());
  return last > remembered ? put_note(database, kLastKeptNumberNote, std::to_string(last)) : ok();
}

Status write_notes(Database& database, const Pass& pass) {
  const auto is_ours = [](const std::string& name) {
    return name == kInstallationIdNote || name == kLastKeptNumberNote;
  };
  for (const auto& name : pass.notes_removed) {
    if (!is_ours(name)) RETURN_IF_ERROR(database.execute("DELETE FROM note WHERE name=?", name));
  }
  for (const auto& [name, value] : pass.notes_put) {
    if (is_ours(name)) {
      return Error{.code = ErrorCode::internal, .message = "a name that belongs to the ledger itself", .where = name};
    }
    RETURN_IF_ERROR(put_note(database, name, value));
  }
  return ok();
}

Result<std::int64_t> used_bytes(const Database& database) {
  ASSIGN_OR_RETURN(const std::int64_t pages, database.integer("PRAGMA page_count"));
  ASSIGN_OR_RETURN(const std::int64_t free, database.integer("PRAGMA freelist_count"));
  ASSIGN_OR_RETURN(const std::int64_t size, database.integer("PRAGMA page_size"));
  return (pages - free) * size;
}

}  // namespace

Result<Recorded> write_pass(Database& database, const Pass& pass) {
  Recorded recorded;
  ASSIGN_OR_RETURN(recorded.numbers, write_actions(database, pass));
  RETURN_IF_ERROR(write_plugins(database, pass));
  RETURN_IF_ERROR(write_decisions(database, pass));
  RETURN_IF_ERROR(write_kept_files(database, pass));
  RETURN_IF_ERROR(write_notes(database, pass));
  const auto first = std::min_element(recorded.numbers.begin(), recorded.numbers.end());
  const std::int64_t keep_from = first == recorded.numbers.end() ? INT64_MAX : *first;
  ASSIGN_OR_RETURN(recorded.forgotten, forget_old_history(database, keep_from));
  return recorded;
}

Result<std::size_t> forget_old_history(Database& database, std::int64_t keep_from) {
  // Begun before the limit and carried on well below it: the file never has to shrink, and it happens rarely.
  constexpr auto kLimit = static_cast<std::int64_t>(limits::kMaxLedgerBytes);
  ASSIGN_OR_RETURN(std::int64_t used, used_bytes(database));
  if (used <= kLimit / 8 * 7) return std::size_t{0};
  std::size_t forgotten = 0;
  for (const std::string_view which : {"(inverse='' OR undone_by IS NOT NULL) AND", ""}) {
    const std::string oldest = fmt::format(
        "DELETE FROM action WHERE number IN (SELECT number FROM action WHERE {} number<? ORDER BY number LIMIT 50)",
        which);
    while (used > kLimit / 4 * 3) {
      RETURN_IF_ERROR(database.execute(oldest, keep_from));
      if (database.changed_rows() == 0) break;
      forgotten += static_cast<std::size_t>(database.changed_rows());
      ASSIGN_OR_RETURN(used, used_bytes(database));
    }
  }
  return forgotten;
}

}  // namespace trueup::ledger
