// The ledger: history with what undoes it, receipts, tombstones, holds, attempts and the index of kept files, in
// `.trueup/ledger.db` (SQLite).
//
// Reading verbs take a Snapshot, made from the file's bytes: nothing is locked or created. A writing pass opens the
// Ledger when it has something to record and records it all in one transaction; nothing is written for an empty pass.
// Values in, values out; it decides nothing. Requires for Ledger: the holder of `.trueup/lock` only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/kept_files.h"
#include "model/observation.h"
#include "model/source.h"
#include "platform/file_system.h"

namespace trueup::ledger {

inline constexpr std::string_view kLedgerName = "ledger.db";

/// One line of history.
struct Action {
  std::int64_t number = 0;
  std::int64_t at = 0;  // wall clock, seconds since 1970; only ever shown
  std::string verb;
  std::string plugin_id;
  std::string reason;
  std::string result;
  std::optional<std::int64_t> undone_by;
  bool operator==(const Action&) const = default;
};

/// How the result of a line begins that tells of something which was tried and not done. Nothing changed, and there is
/// nothing to undo.
inline constexpr std::string_view kFailed = "failed: ";
[[nodiscard]] inline bool is_failure(const Action& action) { return action.result.starts_with(kFailed); }

/// Action::reason of what another program did for good: of that there is nothing to undo.
inline constexpr std::string_view kPackagesInstalled = "packages_installed";

struct ActionDetail {
  Action action;
  std::string transaction_id;
  std::string inverse;                 // what undoes it, JSON of the engine; empty: it cannot be undone
  std::optional<std::int64_t> undoes;  // the action that this one undid
  bool operator==(const ActionDetail&) const = default;
};

struct NewAction {
  std::string transaction_id;
  std::string verb;
  std::string plugin_id;
  std::string reason;
  std::string result;
  std::string inverse;
  std::optional<std::int64_t> undoes;  // that action gets undone_by; what it had itself undone counts again
  bool operator==(const NewAction&) const = default;
};

/// Attempts are kept per plugin, source and entry, so that a changed entry is tried again.
struct AttemptKey {
  std::string plugin_id;
  std::string source;
  std::string entry_digest;
  bool operator==(const AttemptKey&) const = default;
};

/// All that one pass has to record. "put" adds, or replaces what has the same key; removing what is not there is fine.
struct Pass {
  std::int64_t at = 0;
  std::vector<NewAction> actions;  // a transaction whose actions are recorded already is not recorded again
  std::vector<model::ReceiptIndexEntry> receipts_put;  // a digest is remembered behind the receipt's removal
  std::vector<std::string> receipts_removed;           // by directory
  std::vector<std::string> tombstones_put;
  std::vector<std::string> tombstones_removed;
  std::vector<model::Hold> holds_put;
  std::vector<std::string> holds_removed;  // by finding
  std::vector<model::Attempt> attempts_put;
  std::vector<AttemptKey> attempts_removed;
  std::vector<KeptFile> kept_put;
  std::vector<KeptFile> kept_removed;                          // by number and path
  std::vector<std::pair<std::string, std::string>> notes_put;  // free facts by name, e.g. what the owner consented to
  std::vector<std::string> notes_removed;
  bool operator==(const Pass&) const = default;
  /// Nothing to record; the time alone is nothing.
  [[nodiscard]] bool empty() const;
};

namespace sqlite {
class Database;
}

/// What can be asked of a ledger.
class Reader {
 public:
  explicit Reader(const sqlite::Database& database) : database_(&database) {}

  /// Without `interrupted`: that is the journal's.
  [[nodiscard]] Result<model::LedgerFacts> facts() const;
  /// Newest first; 0 means all.
  [[nodiscard]] Result<std::vector<Action>> history(std::size_t most = 0) const;
  /// ErrorCode::not_found when there is no such number (any more).
  [[nodiscard]] Result<ActionDetail> action(std::int64_t number) const;
  /// Of one transaction, oldest first.
  [[nodiscard]] Result<std::vector<Action>> actions_of(const std::string& transaction_id) const;
  [[nodiscard]] Result<bool> is_recorded(const std::string& transaction_id) const;
  [[nodiscard]] Result<std::vector<KeptFile>> kept_files() const;  // oldest first
  /// For removable_kept_files(): transactions with an action that has an inverse and is not undone.
  [[nodiscard]] Result<std::vector<std::string>> undoable_transactions() const;
  [[nodiscard]] Result<std::int64_t> last_kept_number() const;
  /// What was fetched last as each version from each origin, also of plugins that are gone; without their directories.
  [[nodiscard]] Result<std::vector<model::ReceiptIndexEntry>> fetched() const;
  [[nodiscard]] Result<std::optional<std::string>> note(const std::string& name) const;

 private:
  const sqlite::Database* database_;
};

/// The ledger as it was at one moment, in memory.
class Snapshot {
 public:
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  /// unreadable: damaged; unsupported: written by a newer trueup. An older format is understood.
  static Result<Snapshot> from_bytes(std::string bytes);
  [[nodiscard]] Reader read() const;

 private:
  explicit Snapshot(std::unique_ptr<sqlite::Database> database);
  std::unique_ptr<sqlite::Database> database_;
};

struct LedgerReading {
  /// reason when unreadable: "in_progress" (a transaction is, or was, in the middle: a writing start settles it),
  /// "damaged" (the next writing verb moves it aside), "newer", or what the disk said.
  model::SourceReading reading;
  std::optional<Snapshot> snapshot;  // when complete
};

/// Reads `.trueup/ledger.db` below `root`. Creates and locks nothing; a writer at work is waited for by no more than
/// a few looks.
LedgerReading read_ledger(const platform::Directory& root);

/// What record() did.
struct Recorded {
  std::vector<std::int64_t> numbers;  // of Pass::actions, in their order; of the earlier rows for those recorded before
  std::size_t forgotten = 0;          // old lines of history that had to go for the size limit
  bool operator==(const Recorded&) const = default;
};

class Ledger {
 public:
  /// Opens, or creates with `new_installation_id` (32 random hexadecimal digits), in `own` (the `.trueup` directory),
  /// settles what a crash interrupted and migrates. A damaged ledger is moved aside to "ledger.db.damaged-<n>" and
  /// made anew: say aloud what damage() tells. ErrorCode::unsupported for one of a newer trueup, which is not touched.
  /// Requires: `own` outlives the Ledger.
  static Result<Ledger> open(platform::WritableDirectory& own, const std::string& new_installation_id);

  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  /// All of it or nothing, and durable when it returns. ErrorCode::conflict, and nothing recorded, when an action
  /// that is to be undone is undone already or does not exist.
  Result<Recorded> record(const Pass& pass);
  [[nodiscard]] Reader read() const;

  /// A ledger that could not be used: the name it was moved to, and why. Empty when it was sound.
  struct Damage {
    std::string moved_to;
    std::string reason;
    bool operator==(const Damage&) const = default;
  };
  [[nodiscard]] const std::optional<Damage>& damage() const { return damage_; }

 private:
  struct Open;
  explicit Ledger(std::unique_ptr<Open> open);
  std::unique_ptr<Open> open_;
  std::optional<Damage> damage_;
};

}  // namespace trueup::ledger
