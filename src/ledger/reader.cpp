// The questions a ledger answers, for both the Snapshot and the open Ledger.
#include <fmt/core.h>

#include "ledger/ledger.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace trueup::ledger {

namespace {

using sqlite::Statement;

/// All rows of an answer, each made into a value by `make`.
template <typename Make>
auto collect(Result<Statement> prepared, Make&& make)
    -> Result<std::vector<decltype(make(std::declval<const Statement&>()))>> {
  std::vector<decltype(make(std::declval<const Statement&>()))> values;
  if (!prepared) return std::move(prepared).error();
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, prepared->next());
    if (!row) return values;
    values.push_back(make(*prepared));
  }
}

std::string only_text(const Statement& row) { return row.text(0); }

Action make_action(const Statement& row) {
  return Action{.number = row.integer(0),
                .at = row.integer(1),
                .verb = row.text(2),
                .plugin_id = row.text(3),
                .reason = row.text(4),
                .result = row.text(5),
                .undone_by = row.optional_integer(6)};
}

model::ReceiptIndexEntry make_receipt(const Statement& row) {
  return {.plugin_id = row.text(0),
          .directory = row.text(1),
          .version = row.text(2),
          .origin = row.text(3),
          .digest = row.text(4)};
}

model::Hold make_hold(const Statement& row) {
  return {.finding = row.text(0),
          .evidence_digest = row.text(1),
          .reason = row.text(2),
          .set_at = row.integer(3),
          .lasts_seconds = row.integer(4)};
}

model::Attempt make_attempt(const Statement& row) {
  return {.plugin_id = row.text(0),
          .source = row.text(1),
          .entry_digest = row.text(2),
          .count = static_cast<int>(row.integer(3)),
          .terminal = row.boolean(4),
          .reason = row.text(5),
          .detail = row.text(6),
          .core_version = row.text(7)};
}

KeptFile make_kept_file(const Statement& row) {
  return KeptFile{.number = row.integer(0),
                  .document = row.text(1),
                  .path = row.text(2),
                  .digest = row.text(3),
                  .bytes = static_cast<std::uint64_t>(row.integer(4)),
                  .transaction_id = row.text(5),
                  .parses = row.boolean(6),
                  .needed_for_undo = row.boolean(7)};
}

}  // namespace

Result<std::optional<std::string>> Reader::note(const std::string& name) const {
  ASSIGN_OR_RETURN(auto row, database_->prepare("SELECT value FROM note WHERE name=?"));
  row.bind(name);
  ASSIGN_OR_RETURN(const bool found, row.next());
  if (!found) return std::optional<std::string>();
  return std::optional(row.text(0));
}

Result<model::LedgerFacts> Reader::facts() const {
  model::LedgerFacts facts;
  ASSIGN_OR_RETURN(auto id, note(std::string(kInstallationIdNote)));
  facts.installation_id = id.value_or("");
  ASSIGN_OR_RETURN(facts.receipts,
                   collect(database_->prepare("SELECT plugin_id, directory, version, origin, ifnull(digest, '') FROM "
                                              "receipt LEFT JOIN fetched USING(plugin_id, version, origin) "
                                              "ORDER BY directory"),
                           make_receipt));
  ASSIGN_OR_RETURN(facts.tombstones,
                   collect(database_->prepare("SELECT plugin_id FROM tombstone ORDER BY plugin_id"), only_text));
  ASSIGN_OR_RETURN(
      facts.holds,
      collect(database_->prepare(
                  "SELECT finding, evidence_digest, reason, set_at, lasts_seconds FROM hold ORDER BY finding"),
              make_hold));
  ASSIGN_OR_RETURN(
      facts.attempts,
      collect(database_->prepare("SELECT plugin_id, source, entry_digest, count, terminal, reason, detail, "
                                 "core_version FROM attempt ORDER BY plugin_id, source, entry_digest"),
              make_attempt));
  return facts;
}

Result<std::vector<model::ReceiptIndexEntry>> Reader::fetched() const {
  return collect(database_->prepare("SELECT plugin_id, '', version, origin, digest FROM fetched ORDER BY number"),
                 make_receipt);
}

Result<std::vector<Action>> Reader::history(std::size_t most) const {
  auto rows = database_->prepare(
      "SELECT number, at, verb, plugin_id, reason, result, undone_by FROM action ORDER BY number DESC LIMIT ?");
  if (rows) rows->bind(most == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(most));
  return collect(std::move(rows), make_action);
}

Result<std::vector<Action>> Reader::actions_of(const std::string& transaction_id) const {
  auto rows = database_->prepare(
      "SELECT number, at, verb, plugin_id, reason, result, undone_by FROM action WHERE transaction_id=? ORDER BY "
      "number");
  if (rows) rows->bind(transaction_id);
  return collect(std::move(rows), make_action);
}

Result<ActionDetail> Reader::action(std::int64_t number) const {
  ASSIGN_OR_RETURN(auto row, database_->prepare("SELECT number, at, verb, plugin_id, reason, result, undone_by, "
                                                "transaction_id, inverse, undoes FROM action WHERE number=?"));
  row.bind(number);
  ASSIGN_OR_RETURN(const bool found, row.next());
  if (!found) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no action of this number in the history",
                 .where = fmt::format("{}", number),
                 .hint = "see `trueup history`"};
  }
  return ActionDetail{.action = make_action(row),
                      .transaction_id = row.text(7),
                      .inverse = row.text(8),
                      .undoes = row.optional_integer(9)};
}

Result<bool> Reader::is_recorded(const std::string& transaction_id) const {
  ASSIGN_OR_RETURN(auto row, database_->prepare("SELECT 1 FROM action WHERE transaction_id=?"));
  row.bind(transaction_id);
  return row.next();
}

Result<std::vector<KeptFile>> Reader::kept_files() const {
  return collect(database_->prepare("SELECT number, document, path, digest, bytes, transaction_id, parses, "
                                    "needed_for_undo FROM kept_file ORDER BY number, path"),
                 make_kept_file);
}

Result<std::vector<std::string>> Reader::undoable_transactions() const {
  return collect(database_->prepare("SELECT DISTINCT transaction_id FROM action "
                                    "WHERE inverse<>'' AND undone_by IS NULL ORDER BY transaction_id"),
                 only_text);
}

Result<std::int64_t> Reader::last_kept_number() const {
  ASSIGN_OR_RETURN(auto row, database_->prepare("SELECT CAST(value AS INTEGER) FROM note WHERE name=?"));
  row.bind(kLastKeptNumberNote);
  ASSIGN_OR_RETURN(const bool found, row.next());
  return found ? row.integer(0) : 0;
}

}  // namespace trueup::ledger
