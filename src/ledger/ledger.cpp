// Opening the ledger for writing, and recording a pass.
#include "ledger/ledger.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "ledger/record.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/vfs.h"

namespace trueup::ledger {

namespace {

using platform::Links;
using platform::RenameMode;
using platform::WritableDirectory;
using sqlite::Database;

// TRUNCATE, because with it a pass costs the fewest syncs after which nothing can come back undone: the journal twice
// (content, then its header), the database, the emptied journal. DELETE costs one more, for the directory, twice; and
// without it (FULL) a power cut may bring the journal back and take away a pass that was recorded. PERSIST costs the
// same as TRUNCATE but leaves the journal full of old pages, so that who only reads could not tell by its size that
// nothing is in progress.
constexpr const char* kWritingMode = "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;";

bool is_damage(const Error& error) { return error.code == ErrorCode::unreadable && error.os_error == 0; }

/// The first number for which neither name is taken.
Result<int> free_number(const WritableDirectory& own) {
  for (int number = 1;; ++number) {
    bool taken = false;
    for (const std::string_view suffix : {"", "-journal"}) {
      const auto info = own.info(fmt::format("{}.damaged-{}{}", kLedgerName, number, suffix), Links::refuse);
      if (!info && info.error().code != ErrorCode::not_found) return info.error();
      taken = taken || info.has_value();
    }
    if (!taken) return number;
  }
}

/// The journal goes first: left alone, it would be taken for one of the new ledger. The new ledger waits for the
/// directory when it makes its own journal; until then a power cut leaves the damaged one where it was.
Result<std::string> move_aside(WritableDirectory& own) {
  ASSIGN_OR_RETURN(const int number, free_number(own));
  const std::string name(kLedgerName);
  std::string aside = fmt::format("{}.damaged-{}", kLedgerName, number);
  Status moved = own.rename(name + "-journal", own, aside + "-journal", RenameMode::no_replace);
  if (!moved && moved.error().code != ErrorCode::not_found) return std::move(moved).error();
  RETURN_IF_ERROR(own.rename(name, own, aside, RenameMode::no_replace));
  return aside;
}

}  // namespace

bool Pass::empty() const {
  Pass nothing;
  nothing.at = at;
  return *this == nothing;
}

struct Ledger::Open {
  explicit Open(WritableDirectory& own) : directory(own), vfs(own) {}
  WritableDirectory& directory;
  sqlite::Vfs vfs;
  std::unique_ptr<Database> database;
  std::string new_installation_id;

  Status read_tables() {
    ASSIGN_OR_RETURN(database, Database::open(vfs, std::string(kLedgerName)));
    RETURN_IF_ERROR(database->run(kWritingMode));
    return verify(*database);
  }

  Status open_and_verify() {
    const Status verified = read_tables();
    // The check tells of a page that could not be read as it tells of damage. A failing disk is not a damaged ledger.
    vfs.rethrow();
    if (auto failed = vfs.take_error()) return *std::move(failed);
    if (!verified) return as_damage(verified.error());
    ASSIGN_OR_RETURN(const auto file, directory.open_file(std::string(kLedgerName), Links::refuse));
    ASSIGN_OR_RETURN(const auto info, file->info());
    ASSIGN_OR_RETURN(const std::string header, file->read_at(0, kSizedHeaderBytes));
    return verify_size(header, info.size);
  }

  /// A transaction in which the tables are the newest. A new or older ledger gets them together with the first pass
  /// that is recorded: one transaction, not two.
  Status begin() {
    if (database->in_transaction()) return ok();
    RETURN_IF_ERROR(database->run("BEGIN IMMEDIATE"));
    Status prepared = prepare();
    if (!prepared) roll_back();
    return prepared;
  }

  Status prepare() {
    ASSIGN_OR_RETURN(const std::int64_t format, database->integer("PRAGMA user_version"));
    if (format < newest_format()) RETURN_IF_ERROR(migrate(*database));
    ASSIGN_OR_RETURN(const auto id, Reader(*database).note(std::string(kInstallationIdNote)));
    if (id) return ok();
    return database->execute("INSERT INTO note(name, value) VALUES(?,?)", kInstallationIdNote, new_installation_id);
  }

  void roll_back() {
    // What fails here is settled from the rollback journal when the ledger is opened next.
    if (database->in_transaction()) (void)database->run("ROLLBACK");
  }

  Result<Recorded> record(const Pass& pass) {
    RETURN_IF_ERROR(begin());
    Result<Recorded> recorded = write_pass(*database, pass);
    if (recorded) {
      Status committed = database->run("COMMIT");
      if (!committed) recorded = std::move(committed).error();
    }
    if (!recorded) roll_back();
    return recorded;
  }

  /// One pass alone may be larger than what was forgotten for it.
  Status shrink() {
    ASSIGN_OR_RETURN(const std::int64_t pages, database->integer("PRAGMA page_count"));
    ASSIGN_OR_RETURN(const std::int64_t free, database->integer("PRAGMA freelist_count"));
    ASSIGN_OR_RETURN(const std::int64_t size, database->integer("PRAGMA page_size"));
    if (pages * size <= static_cast<std::int64_t>(limits::kMaxLedgerBytes) || free == 0) return ok();
    return database->run("VACUUM");
  }
};

Ledger::Ledger(std::unique_ptr<Open> open) : open_(std::move(open)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(WritableDirectory& own, const std::string& new_installation_id) {
  std::optional<Damage> damage;
  auto open = std::make_unique<Open>(own);
  Status opened = open->open_and_verify();
  if (!opened && is_damage(opened.error())) {
    damage = Damage{.reason = opened.error().message};
    open = std::make_unique<Open>(own);
    ASSIGN_OR_RETURN(damage->moved_to, move_aside(own));
    opened = open->open_and_verify();
  }
  if (!opened) return std::move(opened).error().within("while opening the ledger");
  open->new_installation_id = new_installation_id;
  RETURN_IF_ERROR(open->begin());
  Ledger ledger(std::move(open));
  ledger.damage_ = std::move(damage);
  return ledger;
}

Reader Ledger::read() const { return Reader(*open_->database); }

Result<Recorded> Ledger::record(const Pass& pass) {
  if (pass.empty()) return Recorded{};
  ASSIGN_OR_RETURN(Recorded recorded, open_->record(pass));
  (void)open_->shrink();  // the pass is recorded, whatever becomes of this; the next one tries again
  return recorded;
}

}  // namespace trueup::ledger
