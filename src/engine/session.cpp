#include "engine/session.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

#include "engine/directory_tree.h"
#include "engine/document_place.h"
#include "engine/file_exchange.h"
#include "engine/kept_files.h"
#include "engine/plugins_path.h"
#include "engine/unfinished.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using platform::Links;

constexpr std::size_t kRunBytes = kRunDigits / 2;
constexpr std::int64_t kTransactionsOfRun = 0x10000;  // four more digits
constexpr std::size_t kInstallationBytes = 16;
constexpr std::size_t kMostIdBytes = 64;
constexpr const char* kInstallationIdName = "installation-id";
constexpr std::uint32_t kInstallationIdMode = 0644;

std::int64_t seconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

void append(ledger::Pass& to, ledger::Pass&& from) {
  const auto move_all = [](auto& target, auto& source) {
    if (target.empty()) {  // thousands of them are not moved one by one
      target = std::move(source);
      return;
    }
    target.insert(target.end(), std::make_move_iterator(source.begin()), std::make_move_iterator(source.end()));
  };
  move_all(to.actions, from.actions);
  move_all(to.receipts_put, from.receipts_put);
  move_all(to.receipts_removed, from.receipts_removed);
  move_all(to.tombstones_put, from.tombstones_put);
  move_all(to.tombstones_removed, from.tombstones_removed);
  move_all(to.holds_put, from.holds_put);
  move_all(to.holds_removed, from.holds_removed);
  move_all(to.attempts_put, from.attempts_put);
  move_all(to.attempts_removed, from.attempts_removed);
  move_all(to.kept_put, from.kept_put);
  move_all(to.kept_removed, from.kept_removed);
}

}  // namespace

Result<std::unique_ptr<Session>> Session::begin(World& world, const std::string& verb) {
  std::unique_ptr<Session> session(new Session(world));
  ASSIGN_OR_RETURN(session->site_, Site::open(world));
  ASSIGN_OR_RETURN(auto* own, session->site_->own());
  auto lock = platform::ProcessLock::acquire(*own, verb, world.lock_wait, world.clock, world.processes);
  if (!lock) return std::move(lock).error();
  session->lock_.emplace(std::move(*lock));
  session->find_plugins();
  if (session->lock_->former_holder_died()) RETURN_IF_ERROR(session->wait_for_the_dead());
  session->site_->settle_own_files();  // what a run that was killed had no time for
  RETURN_IF_ERROR(session->recover());
  session->find_plugins();
  session->tell_of_the_interrupted();
  return session;
}

void Session::find_plugins() {
  auto plugins = plugins_path_of(site_->root(), world_.clock);
  if (plugins) {
    site_->use_plugins_path(std::move(*plugins));
  } else {  // documents can be mended all the same
    site_->use_no_plugins(std::move(plugins).error());
  }
}

/// A run that was killed, or that failed while it waited for the disk, left changes that only the kernel has. What is
/// found done is told to be done: it must outlast a power cut, too.
Status Session::wait_for_the_dead() {
  if (waited_for_the_dead_) return ok();
  std::set<std::uint64_t> devices;
  const auto wait = [&devices](platform::WritableDirectory& directory) -> Status {
    ASSIGN_OR_RETURN(const auto info, directory.info(".", Links::refuse));
    return devices.insert(info.device).second ? directory.sync_everything() : ok();
  };
  ASSIGN_OR_RETURN(auto* own, site_->own());
  RETURN_IF_ERROR(wait(*own));
  for (const auto document : model::kAllDocuments) {
    if (const auto place = place_of(*site_, document, MissingParent::error)) RETURN_IF_ERROR(wait(*place->directory));
  }
  if (const auto plugins = site_->plugins()) RETURN_IF_ERROR(wait(**plugins));
  waited_for_the_dead_ = true;
  return ok();
}

void Session::take(TransactionReport& report) {
  notes_.insert(notes_.end(), report.notes.begin(), report.notes.end());
  append(record_, std::move(report.record));
}

Status Session::open_journal() {
  if (journal_) return ok();
  ASSIGN_OR_RETURN(auto* own, site_->own());
  const bool is_new = !own->info(std::string(ledger::kJournalName), Links::refuse);
  ASSIGN_OR_RETURN(auto journal, ledger::Journal::open(*own));
  journal_.emplace(std::move(journal));
  if (is_new) site_->own_synced();  // open() waited for the directory
  return ok();
}

Status Session::recover() {
  ASSIGN_OR_RETURN(const auto journal, ledger::read_journal(site_->root()));
  if (!journal.unfinished.empty() || journal.torn_bytes != 0) {
    RETURN_IF_ERROR(wait_for_the_dead());
    RETURN_IF_ERROR(open_journal());
  }
  auto reading = ledger::read_ledger(site_->root());
  if (reading.reading.reason == "in_progress") {  // whoever wrote it is gone: we hold the lock
    RETURN_IF_ERROR(wait_for_the_dead());
    RETURN_IF_ERROR(open_ledger());  // takes back what he had begun; only then the names that are taken are known
    reading = ledger::read_ledger(site_->root());
  }
  const auto file = site_->root().info(fmt::format("{}/{}", kOwnDirectory, ledger::kLedgerName), Links::refuse);
  history_is_lost_ = !reading.reading.known() && reading.reading.reason == "damaged" && file && file->size == 0;
  if (reading.snapshot) {
    ASSIGN_OR_RETURN(kept_, reading.snapshot->read().kept_files());
    ASSIGN_OR_RETURN(last_recorded_number_, reading.snapshot->read().last_kept_number());
    ASSIGN_OR_RETURN(auto fetched, reading.snapshot->read().fetched());
    site_->know_fetched(std::move(fetched));
  }
  for (const auto& unfinished : journal.unfinished) {
    if (reading.snapshot) {
      const auto recorded = reading.snapshot->read().is_recorded(unfinished.id);
      if (recorded && *recorded) {  // all was done but to clear the journal
        RETURN_IF_ERROR(journal_->done(unfinished.id));
        continue;
      }
    }
    auto report = recover_transaction(*site_, *journal_, unfinished);
    site_->end_transaction();
    if (!report) return std::move(report).error().within("an interrupted action could not be finished");
    if (!report->taken_back) {
      notes_.emplace_back("an interrupted action was finished");
      open_transactions_.push_back(unfinished.id);
    }
    take(*report);
  }
  if (waited_for_the_dead_) RETURN_IF_ERROR(clear_moves());
  RETURN_IF_ERROR(remove_leftovers());
  return compare_kept_files();
}

/// Before anything new is begun: were this run killed as well, the next one would find both open, and what undoes the
/// first could no longer be told from what the second has done since. Where the ledger cannot be told now, end() tries
/// again and says so.
void Session::tell_of_the_interrupted() {
  if (open_transactions_.empty() || !tell_the_ledger() || !ledger_) return;
  if (auto listed = ledger_->read().kept_files()) kept_ = std::move(*listed);
}

/// Directories that were on their way to another disk when a run was killed: what is finished needs its marks no more.
Status Session::clear_moves() {
  const auto plugins = site_->plugins();
  if (!plugins) return ok();
  RETURN_IF_ERROR(clear_marks(**plugins));
  ASSIGN_OR_RETURN(const auto* container, site_->existing_container());
  if (container == nullptr) return ok();
  const auto kept = container->open_writable("kept", Links::refuse);
  if (!kept) return kept.error().code == ErrorCode::not_found ? ok() : Status(kept.error());
  return clear_marks(**kept);
}

/// Files that lay ready when a run was killed before it had told the journal (failure F74).
Status Session::remove_leftovers() {
  for (const auto document : model::kAllDocuments) {
    auto place = place_of(*site_, document, MissingParent::error);
    if (!place) continue;  // no such directory: nothing of ours in it
    ASSIGN_OR_RETURN(const auto transactions, leftovers_beside(*place));
    for (const auto& transaction : transactions) {
      ASSIGN_OR_RETURN(auto* kept, site_->kept());
      ASSIGN_OR_RETURN(const auto number, next_number());
      FileExchange exchange(ExchangePlace{.directory = *place->directory,
                                          .name = place->name,
                                          .kept = *kept,
                                          .kept_name = {.number = number, .file = place->name},
                                          .transaction = transaction,
                                          .if_new = place->if_new,
                                          .secret = document == DocumentName::secrets,
                                          .keeps_owner = world_.is_root,
                                          .wait = {}},
                            [](const std::optional<std::string>&) -> Result<Rewrite> { return Rewrite{}; });
      RETURN_IF_ERROR(exchange.take_back());
    }
  }
  return ok();
}

Result<std::int64_t> Session::next_number() {
  if (last_number_ == 0) {
    ASSIGN_OR_RETURN(auto* kept, site_->kept());
    ASSIGN_OR_RETURN(const auto entries, kept->list());
    last_number_ = ledger::next_kept_number(last_recorded_number_, entries) - 1;
  }
  if (!counted_directories_ && site_->knows_plugins()) counted_directories_ = count_directories();
  return ++last_number_;
}

/// An action that displaced nothing but a plugin's directory has left its number only there.
Status Session::count_directories() {
  ASSIGN_OR_RETURN(auto* container, site_->existing_container());
  if (container == nullptr) return ok();
  const auto kept = container->open("kept", Links::refuse);
  if (!kept) return kept.error().code == ErrorCode::not_found ? ok() : Status(kept.error());
  ASSIGN_OR_RETURN(const auto entries, (*kept)->list());
  last_number_ = ledger::next_kept_number(last_number_, entries) - 1;
  return ok();
}

std::string Session::next_transaction() {
  const std::int64_t number = transactions_++ % kTransactionsOfRun;
  if (number == 0) run_ = world_.random.hex(kRunBytes);
  return fmt::format("{}{:04x}", run_, number);
}

Result<TransactionReport> Session::run(Undertaking undertaking, const std::vector<Materials>& materials) {
  ASSIGN_OR_RETURN(const bool first_contact, keep_first_contact(*site_));
  first_contact_ = first_contact_ || first_contact;
  RETURN_IF_ERROR(site_->kept());
  RETURN_IF_ERROR(open_journal());
  RETURN_IF_ERROR(site_->sync_own());
  if (counted_directories_ && !*counted_directories_ && touches_plugins(undertaking)) {
    return counted_directories_->error();  // the name under which one would be kept may be taken
  }
  const std::string id = next_transaction();
  undertaking.plugins_path = site_->plugins_path();
  auto report = run_transaction(*site_, *journal_, id, std::move(undertaking), materials);
  site_->end_transaction();
  if (!report) return report;
  if (report->open) open_transactions_.push_back(id);
  take(*report);
  return report;
}

void Session::note_failure(const std::string& verb, const std::string& plugin_id, const std::string& reason,
                           const std::string& says) {
  ledger::NewAction line{.transaction_id = next_transaction(), .verb = verb, .plugin_id = plugin_id, .reason = reason};
  line.result = std::string(ledger::kFailed) + says;
  record_.actions.push_back(std::move(line));
}

Status Session::open_ledger() {
  if (ledger_) return ok();
  ASSIGN_OR_RETURN(auto* own, site_->own());
  // A container that is there knows which installation it belongs to: a new ledger goes on under its name.
  std::string installation = world_.random.hex(kInstallationBytes);
  if (auto container = site_->existing_container(); container && *container != nullptr) {
    const auto known = (*container)->read(kInstallationIdName, kMostIdBytes, Links::refuse);
    if (known && known->bytes.size() == installation.size()) installation = known->bytes;
  }
  ASSIGN_OR_RETURN(auto ledger, ledger::Ledger::open(*own, installation));
  if (const auto& damage = ledger.damage()) {
    notes_.push_back(
        fmt::format("trueup's own history could not be read ({}); it is kept as .trueup/{} and a new one "
                    "was begun",
                    damage->reason, damage->moved_to));
  }
  if (history_is_lost_) {
    notes_.emplace_back(
        "trueup's own history is lost: .trueup/ledger.db was empty, as a power cut can leave it; a new "
        "one was begun, and what was replaced is still in .trueup/kept");
  }
  ledger_.emplace(std::move(ledger));
  return ok();
}

bool Session::ledger_needs_settling() const {
  const auto now = ledger::read_ledger(site_->root()).reading;
  return !now.known() && (now.reason == "damaged" || now.reason == "in_progress");
}

/// An action that failed has displaced files as well, and tells nobody.
Status Session::list_kept_files() {
  if (!journal_ && last_number_ == 0) return ok();  // nothing was displaced
  ASSIGN_OR_RETURN(auto* kept, site_->kept());
  std::vector<ledger::KeptFile> listed = record_.kept_put;
  listed.insert(listed.end(), kept_.begin(), kept_.end());
  ASSIGN_OR_RETURN(auto unlisted, unlisted_kept_files(*kept, listed));
  record_.kept_put.insert(record_.kept_put.end(), unlisted.begin(), unlisted.end());
  return ok();
}

Status Session::compare_kept_files() {
  std::vector<ledger::KeptFile> kept = record_.kept_put;
  kept.insert(kept.end(), kept_.begin(), kept_.end());
  auto found = find_displaced_writes(site_->root(), kept);
  displaced_writes_ = std::move(found.findings);
  std::string note = unread_note(found.unread);
  if (!note.empty() && std::ranges::find(notes_, note) == notes_.end()) notes_.push_back(std::move(note));
  return ok();
}

/// From the second writing run on the plugins directory carries the installation's id, so that another disk mounted
/// there, or none, is told from plugins that went missing. An empty directory is never marked: it may be that very
/// case.
Status Session::mark_plugins_directory() {
  ASSIGN_OR_RETURN(const auto marked, ledger_->read().note(std::string(kContainerNote)));
  if (marked || !site_->knows_plugins()) return ok();
  ASSIGN_OR_RETURN(auto* container, site_->existing_container());
  if (container == nullptr) {
    if (first_contact_) return ok();
    ASSIGN_OR_RETURN(auto* plugins, site_->plugins());
    ASSIGN_OR_RETURN(const auto entries, plugins->list());
    if (entries.empty()) return ok();
    ASSIGN_OR_RETURN(container, site_->container());
  }
  if (!container->info(kInstallationIdName, Links::refuse)) {
    RETURN_IF_ERROR(write_installation_id(*container, platform::RenameMode::no_replace));
  }
  record_.notes_put.emplace_back(kContainerNote, "made");
  return ok();
}

/// Under its name only when it is whole: half an id would be that of another disk, for ever.
Status Session::write_installation_id(platform::WritableDirectory& container, platform::RenameMode mode) {
  ASSIGN_OR_RETURN(const auto facts, ledger_->read().facts());
  ASSIGN_OR_RETURN(const auto attributes, site_->attributes_in(container, kInstallationIdMode));
  const std::string unfinished = std::string(kInstallationIdName) + ".unfinished";
  if (auto old = container.remove_file(unfinished); !old && old.error().code != ErrorCode::not_found) return old;
  RETURN_IF_ERROR(container.write_new(unfinished, facts.installation_id, attributes, platform::Sync::yes));
  RETURN_IF_ERROR(container.rename(unfinished, container, kInstallationIdName, mode));
  return container.sync();
}

Status Session::adopt_plugins_directory() {
  RETURN_IF_ERROR(open_ledger());
  ASSIGN_OR_RETURN(auto* container, site_->container());
  return write_installation_id(*container, platform::RenameMode::replace);
}

/// Decides which copies go; their files are removed when the ledger no longer lists them. Of this very pass none: a
/// program may be just writing to it.
Status Session::forget_old_copies() {
  ASSIGN_OR_RETURN(auto kept, ledger_->read().kept_files());
  kept.insert(kept.end(), record_.kept_put.begin(), record_.kept_put.end());
  // A name that a power cut took away stands for nothing: no copy goes because of one that is not there.
  ASSIGN_OR_RETURN(auto* directory, site_->kept());
  ASSIGN_OR_RETURN(const auto entries, directory->list());
  std::set<std::string_view> names;
  for (const auto& entry : entries) names.insert(entry.name);
  std::erase_if(kept, [&names](const ledger::KeptFile& file) { return !names.contains(file.path); });
  ASSIGN_OR_RETURN(const auto undoable, ledger_->read().undoable_transactions());
  std::set<std::string> needed(undoable.begin(), undoable.end());
  for (const auto& action : record_.actions) needed.insert(action.transaction_id);
  for (auto& old : forgettable_kept_files(kept, needed, displaced_writes_)) {
    const bool fresh = std::ranges::find(record_.kept_put, old) != record_.kept_put.end();
    if (!fresh) record_.kept_removed.push_back(std::move(old));
  }
  return ok();
}

Result<std::vector<std::int64_t>> Session::end() {
  auto numbers = tell_the_ledger();
  site_->settle_own_files();
  if (numbers || open_transactions_.empty()) return numbers;
  // What was done stands, and the journal holds it: whoever says that it failed would not be believed by the display.
  notes_.push_back(
      fmt::format("this is in effect, but trueup could not write it into its history ({}); the next command that "
                  "changes something does, and until then `trueup undo` does not know of it",
                  numbers.error().text()));
  return std::vector<std::int64_t>();
}

Result<std::vector<std::int64_t>> Session::tell_the_ledger() {
  std::vector<std::int64_t> numbers;
  RETURN_IF_ERROR(list_kept_files());
  RETURN_IF_ERROR(compare_kept_files());
  // A damaged or lost history is begun anew even when there is nothing to tell: else no pass would ever get over it.
  if (!record_.empty() || history_is_lost_ || ledger_needs_settling()) {
    RETURN_IF_ERROR(open_ledger());
    RETURN_IF_ERROR(forget_old_copies());
    if (auto marked = mark_plugins_directory(); !marked && marked.error().code != ErrorCode::not_found) {
      notes_.push_back(
          fmt::format("the plugins directory could not be marked ({}), so another disk in its place would "
                      "not be noticed",
                      marked.error().text()));
    }
    record_.at = seconds(world_.clock.wall_now());
    ASSIGN_OR_RETURN(auto recorded, ledger_->record(record_));
    for (std::size_t i = 0; i < recorded.numbers.size(); ++i) {
      if (!record_.actions[i].result.starts_with(ledger::kFailed)) numbers.push_back(recorded.numbers[i]);
    }
    ASSIGN_OR_RETURN(auto* kept, site_->kept());
    for (const auto& old : record_.kept_removed) (void)kept->remove_file(old.path);
  }
  if (!journal_) return numbers;
  for (const auto& transaction : open_transactions_) {
    const bool told = std::ranges::any_of(
        record_.actions, [&](const ledger::NewAction& action) { return action.transaction_id == transaction; });
    // What the ledger does not tell of must not come back after a power cut: this record is waited for.
    RETURN_IF_ERROR(journal_->done(transaction, told ? platform::Sync::no : platform::Sync::yes));
  }
  open_transactions_.clear();
  record_ = {};
  if (journal_->all_done()) RETURN_IF_ERROR(journal_->reset());  // else the next start has something to finish
  return numbers;
}

}  // namespace trueup::engine
