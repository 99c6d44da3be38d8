// Reading the ledger without taking part: bytes first, then a database in memory made of them.
#include <fmt/core.h>

#include <cerrno>

#include "base/limits.h"
#include "ledger/journal.h"
#include "ledger/ledger.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace trueup::ledger {

namespace {

using platform::Directory;
using platform::Links;

constexpr int kLooks = 5;  // at a ledger that is being written

// SQLite counts the transactions of a database file at this place of its header.
constexpr std::uint64_t kChangeCounterAt = 24;
constexpr std::size_t kChangeCounterBytes = 4;

std::string ledger_path() { return fmt::format("{}/{}", kOwnDirectory, kLedgerName); }

Result<std::string> change_counter(const Directory& root) {
  ASSIGN_OR_RETURN(const auto file, root.open_file(ledger_path(), Links::refuse));
  return file->read_at(kChangeCounterAt, kChangeCounterBytes);
}

/// Whether a transaction is in the middle, now or since a crash: SQLite changes the database only while the rollback
/// journal begins with its mark, and empties it at the end.
Result<bool> in_progress(const Directory& root) {
  const auto journal = root.open_file(ledger_path() + "-journal", Links::refuse);
  if (!journal && journal.error().code == ErrorCode::not_found) return false;
  if (!journal) return journal.error();
  ASSIGN_OR_RETURN(const std::string first, (*journal)->read_at(0, 1));
  return !first.empty() && first[0] != '\0';
}

/// The bytes of one moment between two transactions, or nothing when a transaction was seen. A writer changes the
/// counter first and empties its journal last, so that one at work shows in one of the four looks around the read.
Result<std::optional<std::string>> read_at_rest(const Directory& root) {
  ASSIGN_OR_RETURN(const std::string before, change_counter(root));
  ASSIGN_OR_RETURN(const bool busy_before, in_progress(root));
  if (busy_before) return std::optional<std::string>();
  ASSIGN_OR_RETURN(auto read, root.read(ledger_path(), limits::kMaxLedgerReadBytes, Links::refuse));
  ASSIGN_OR_RETURN(const bool busy_after, in_progress(root));
  ASSIGN_OR_RETURN(const std::string after, change_counter(root));
  const std::string bytes_say =
      read.bytes.size() <= kChangeCounterAt ? "" : read.bytes.substr(kChangeCounterAt, kChangeCounterBytes);
  if (busy_after || before != after || before != bytes_say) return std::optional<std::string>();
  return std::optional(std::move(read.bytes));
}

std::string_view reason_of(const Error& error) {
  if (error.code == ErrorCode::unsupported) return "newer";
  if (error.os_error == EACCES || error.os_error == EPERM) return "permission";
  if (error.os_error != 0 || error.code == ErrorCode::io) return "io";
  return error.code == ErrorCode::refused ? "link" : "damaged";
}

LedgerReading unreadable(std::string_view reason, std::string detail) {
  LedgerReading reading;
  reading.reading = {.source = model::Source::ledger,
                     .verdict = model::Verdict::unreadable,
                     .path = ledger_path(),
                     .reason = std::string(reason),
                     .detail = std::move(detail)};
  return reading;
}

LedgerReading absent() {
  LedgerReading reading;
  reading.reading = {.source = model::Source::ledger, .verdict = model::Verdict::absent, .path = ledger_path()};
  return reading;
}

/// Every action keeps what it replaced, and the journal holds it until the ledger was told.
bool something_was_recorded(const Directory& root) {
  const auto journal = read_journal(root);
  if (!journal || !journal->unfinished.empty()) return false;
  const auto kept = root.open(fmt::format("{}/kept", kOwnDirectory), Links::refuse);
  if (!kept) return false;
  const auto entries = (*kept)->list();
  return entries && !entries->empty();
}

/// One of no bytes was made by a pass that got no further, and never held anything; or a power cut emptied it.
LedgerReading reading_of_nothing(const Directory& root) {
  return something_was_recorded(root) ? unreadable("damaged", "the file is empty: what it said is lost") : absent();
}

LedgerReading reading_of(std::string bytes) {
  auto snapshot = Snapshot::from_bytes(std::move(bytes));
  if (!snapshot) return unreadable(reason_of(snapshot.error()), snapshot.error().message);
  LedgerReading reading = absent();
  reading.reading.verdict = model::Verdict::complete;
  reading.snapshot = std::move(*snapshot);
  return reading;
}

}  // namespace

Snapshot::Snapshot(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;
Snapshot::~Snapshot() = default;

Result<Snapshot> Snapshot::from_bytes(std::string bytes) {
  RETURN_IF_ERROR(verify_size(bytes, bytes.size()));
  ASSIGN_OR_RETURN(auto database, sqlite::Database::in_memory(std::move(bytes)));
  RETURN_IF_ERROR(verify(*database));
  // An older format is brought up to date in memory, so that there is one set of questions.
  ASSIGN_OR_RETURN(const std::int64_t format, database->integer("PRAGMA user_version"));
  if (format < newest_format()) {
    RETURN_IF_ERROR(database->let_grow());
    RETURN_IF_ERROR(database->run("BEGIN"));
    RETURN_IF_ERROR(migrate(*database));
    RETURN_IF_ERROR(database->run("COMMIT"));
  }
  return Snapshot(std::move(database));
}

Reader Snapshot::read() const { return Reader(*database_); }

LedgerReading read_ledger(const Directory& root) {
  for (int look = 0; look < kLooks; ++look) {
    auto bytes = read_at_rest(root);
    if (!bytes && bytes.error().code == ErrorCode::not_found) return absent();
    if (!bytes) return unreadable(reason_of(bytes.error()), bytes.error().message);
    if (*bytes) return (*bytes)->empty() ? reading_of_nothing(root) : reading_of(*std::move(*bytes));
  }
  return unreadable("in_progress", "a pass is being recorded, or was when the power went");
}

}  // namespace trueup::ledger
