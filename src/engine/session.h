// A writing verb from its lock to its last record: take the lock, finish or take back what an earlier run left, do
// transactions, tell the ledger, clear the journal.
//
// Nothing of trueup's own is created before it is needed, but for the lock. Every verb that writes goes through here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/site.h"
#include "engine/transaction.h"
#include "engine/undertaking.h"
#include "ledger/journal.h"
#include "ledger/ledger.h"
#include "model/inconsistency.h"
#include "platform/lock.h"

namespace trueup::engine {

/// The note in the ledger by which the plugins directory is known to carry the installation's id.
inline constexpr std::string_view kContainerNote = "container";

/// Transactions of one run of trueup begin alike, whatever the clock says of their times.
inline constexpr std::size_t kRunDigits = 8;
inline std::string_view run_of(std::string_view transaction) { return transaction.substr(0, kRunDigits); }

class Session {
 public:
  /// ErrorCode::busy: another trueup works here. Any other error: what was interrupted could not be finished, so
  /// nothing else is begun.
  static Result<std::unique_ptr<Session>> begin(World& world, const std::string& verb);

  [[nodiscard]] Site& site() { return *site_; }
  /// What recovery did and in which ways things are less safe than usual, one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  void add_note(std::string note) { notes_.push_back(std::move(note)); }
  /// Files that were written to after they had been displaced: another program's write that is not live.
  [[nodiscard]] const std::vector<model::Inconsistency>& displaced_writes() const { return displaced_writes_; }

  /// The number by which the next transaction's displaced files are named.
  Result<std::int64_t> next_number();
  /// The first one also keeps a copy of everything as it was before trueup ever wrote here.
  Result<TransactionReport> run(Undertaking undertaking, const std::vector<Materials>& materials);
  /// From now on the plugins directory that is there carries this installation's id, whatever it carried before.
  Status adopt_plugins_directory();
  /// The id of one that has no files: what another program did, or a failure.
  [[nodiscard]] std::string next_transaction();
  /// A line of history of what was tried and not done. `says`: why.
  void note_failure(const std::string& verb, const std::string& plugin_id, const std::string& reason,
                    const std::string& says);
  /// What the ledger is to be told besides what transactions did.
  [[nodiscard]] ledger::Pass& record() { return record_; }
  /// Tells the ledger, forgets copies that nothing needs, looks once more at displaced files, clears the journal.
  /// Numbers of the new lines of history that tell of what was done; none, and a note, where what was done is in effect
  /// and the ledger cannot be told now: the next start does.
  Result<std::vector<std::int64_t>> end();

 private:
  explicit Session(World& world) : world_(world) {}

  void find_plugins();
  Status recover();
  Status wait_for_the_dead();
  Status clear_moves();
  void tell_of_the_interrupted();
  Status remove_leftovers();
  Status open_journal();
  Status open_ledger();
  [[nodiscard]] bool ledger_needs_settling() const;
  Status count_directories();
  Status compare_kept_files();
  Status mark_plugins_directory();
  Status write_installation_id(platform::WritableDirectory& container, platform::RenameMode mode);
  Status list_kept_files();
  Status forget_old_copies();
  Result<std::vector<std::int64_t>> tell_the_ledger();
  void take(TransactionReport& report);

  World& world_;
  std::unique_ptr<Site> site_;
  std::optional<platform::ProcessLock> lock_;
  std::optional<ledger::Journal> journal_;
  std::optional<ledger::Ledger> ledger_;
  ledger::Pass record_;
  std::vector<std::string> open_transactions_;  // applied, and not told to the ledger yet
  std::vector<std::string> notes_;
  std::vector<model::Inconsistency> displaced_writes_;
  // What the ledger says; nobody else writes it while the lock is held, so it is read once.
  std::vector<ledger::KeptFile> kept_;
  std::string run_;
  std::int64_t transactions_ = 0;
  std::int64_t last_recorded_number_ = 0;
  std::int64_t last_number_ = 0;
  std::optional<Status> counted_directories_;  // ok: the numbers of kept plugin directories are in last_number_
  bool history_is_lost_ = false;               // of a ledger that was recorded into, an empty file is left
  bool waited_for_the_dead_ = false;
  bool first_contact_ = false;  // trueup never wrote here before this run
};

}  // namespace trueup::engine
