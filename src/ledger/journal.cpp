#include "ledger/journal.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"

namespace trueup::ledger {

namespace {

constexpr std::string_view kIntent = "intent";
constexpr std::string_view kCommittedIntent = "committed_intent";
constexpr std::string_view kCommit = "commit";
constexpr std::string_view kDone = "done";
constexpr std::size_t kCrcDigits = 8;

/// One record as it stands in its line.
struct Record {
  std::string_view kind;
  std::string_view id;
  std::string_view payload;
};

std::string journal_path() { return fmt::format("{}/{}", kOwnDirectory, kJournalName); }

Error damaged(std::string message) {
  return Error{
      .code = ErrorCode::unreadable,
      .message = std::move(message),
      .where = journal_path(),
      .hint = "nothing was changed; what was interrupted is listed in that file. Move it away to go on without"};
}

Error unknown_record() {
  return Error{.code = ErrorCode::unsupported,
               .message = "the journal holds a record that this trueup does not know; a newer one wrote it",
               .where = journal_path(),
               .hint = "start the newer trueup once, so that it finishes what it began"};
}

bool is_id(std::string_view id) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !id.empty() && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

std::optional<std::string_view> take_quoted(std::string_view& text) {
  if (!take(text, "\"")) return std::nullopt;
  const std::size_t end = text.find('"');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(0, end);
  text.remove_prefix(end + 1);
  return inside;
}

/// In place where the payload has the room: it may have megabytes.
std::string line_of(std::string_view kind, std::string_view id, std::string payload) {
  std::string line = std::move(payload);
  line.insert(0, fmt::format(R"({:08} {{"record":"{}","transaction":"{}","payload":)", 0, kind, id));
  line += '}';
  line.replace(0, kCrcDigits, fmt::format("{:08x}", crc32(std::string_view(line).substr(kCrcDigits + 1))));
  line += '\n';
  return line;
}

/// The JSON of a line (without its line feed) whose CRC is right.
std::optional<std::string_view> checked(std::string_view line) {
  if (line.size() <= kCrcDigits || line[kCrcDigits] != ' ') return std::nullopt;
  const std::string_view json = line.substr(kCrcDigits + 1);
  if (line.substr(0, kCrcDigits) != fmt::format("{:08x}", crc32(json))) return std::nullopt;
  return json;
}

/// Only the spelling that line_of() writes: it is ours alone.
std::optional<Record> decode(std::string_view json) {
  Record record;
  if (!take(json, R"({"record":)")) return std::nullopt;
  const auto kind = take_quoted(json);
  if (!kind || !take(json, R"(,"transaction":)")) return std::nullopt;
  const auto id = take_quoted(json);
  if (!id || !is_id(*id) || !take(json, R"(,"payload":)") || !json.ends_with('}')) return std::nullopt;
  json.remove_suffix(1);
  record = {*kind, *id, json};
  const bool known = *kind == kIntent || *kind == kCommittedIntent || *kind == kCommit || *kind == kDone;
  return known && !json.empty() ? std::optional(record) : std::nullopt;
}

/// The transactions while the records are gone through in order.
class Replay {
 public:
  /// False: such a record cannot follow what came before it.
  bool take(const Record& record) {
    const auto found = index_.find(record.id);
    if (record.kind == kIntent || record.kind == kCommittedIntent) {
      if (found != index_.end()) return false;
      index_.emplace(record.id, all_.size());
      all_.push_back({.id = std::string(record.id),
                      .intent = std::string(record.payload),
                      .committed = record.kind == kCommittedIntent});
      done_.push_back(false);
      return true;
    }
    if (found == index_.end() || done_[found->second]) return false;
    UnfinishedTransaction& transaction = all_[found->second];
    if (record.kind == kDone) {
      done_[found->second] = true;
      return true;
    }
    if (transaction.committed) return false;
    transaction.committed = true;
    transaction.commit = record.payload;
    return true;
  }

  [[nodiscard]] std::vector<UnfinishedTransaction> unfinished() const {
    std::vector<UnfinishedTransaction> left;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!done_[i]) left.push_back(all_[i]);
    }
    return left;
  }

 private:
  std::vector<UnfinishedTransaction> all_;
  std::vector<bool> done_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// Whether `rest`, which begins with a bad line, is what a power cut leaves: then no record in it had been waited for.
/// Every record but `done` is waited for before the next is written, so one that has anything behind it was durable,
/// and with it all before it. A record of a transaction that the sound part does not know tells the same.
bool is_torn_tail(std::string_view rest, Replay replay) {
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return true;
    const auto json = checked(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (!json) continue;
    const auto record = decode(*json);
    if (!record || !replay.take(*record)) return false;
    if (record->kind != kDone && !rest.empty()) return false;
  }
  return true;
}

}  // namespace

Result<JournalContent> parse_journal(std::string_view bytes) {
  Replay replay;
  std::size_t position = 0;
  while (position < bytes.size()) {
    const std::size_t end = bytes.find('\n', position);
    if (end == std::string_view::npos) break;
    const auto json = checked(bytes.substr(position, end - position));
    if (!json) {
      if (is_torn_tail(bytes.substr(position), replay)) break;
      return damaged("the journal was damaged after it was written");
    }
    const auto record = decode(*json);
    if (!record) return unknown_record();
    if (!replay.take(*record)) return damaged("the records of the journal do not fit together");
    position = end + 1;
  }
  return JournalContent{
      .unfinished = replay.unfinished(), .sound_bytes = position, .torn_bytes = bytes.size() - position};
}

Result<JournalContent> read_journal(const platform::Directory& root) {
  auto read = root.read(journal_path(), limits::kMaxJournalBytes, platform::Links::refuse);
  if (!read && read.error().code == ErrorCode::not_found) return JournalContent{};
  if (!read) return std::move(read).error();
  return parse_journal(read->bytes);
}

Journal::Journal(std::unique_ptr<platform::WritableFile> file, JournalContent content)
    : file_(std::move(file)), found_(std::move(content.unfinished)), size_(content.sound_bytes) {
  for (const auto& unfinished : found_) {
    transactions_[unfinished.id] = unfinished.committed ? State::committed : State::begun;
  }
}

Result<Journal> Journal::open(platform::WritableDirectory& own) {
  const std::string name(kJournalName);
  const auto existing = own.info(name, platform::Links::refuse);
  ASSIGN_OR_RETURN(auto file, own.open_for_writing(name, 0600));
  if (!existing) RETURN_IF_ERROR(own.sync());  // or a power cut takes the name with every record in it
  ASSIGN_OR_RETURN(const platform::FileInfo info, file->info());
  if (info.size > limits::kMaxJournalBytes) return damaged("the journal is larger than any that trueup writes");
  ASSIGN_OR_RETURN(const std::string bytes, file->read_at(0, info.size));
  ASSIGN_OR_RETURN(JournalContent content, parse_journal(bytes));
  // Not synced: should the tail come back, it is torn as before.
  if (content.torn_bytes != 0) RETURN_IF_ERROR(file->truncate(content.sound_bytes));
  return Journal(std::move(file), std::move(content));
}

/// A record that could not be waited for may be on the disk all the same: no later start may do what was said to have
/// failed.
bool Journal::forget_last_record() {
  const Status truncated = file_->truncate(size_);
  return truncated && file_->sync_data();
}

Status Journal::append(std::string_view kind, const std::string& id, std::string payload, platform::Sync sync) {
  if (broken_) {
    return Error{.code = ErrorCode::io,
                 .message = "the journal takes no more records after a failed write",
                 .where = journal_path()};
  }
  if (payload.empty() || payload.find('\n') != std::string_view::npos || !is_id(id)) {
    return Error{.code = ErrorCode::internal, .message = "not a record for the journal", .where = id};
  }
  const std::string line = line_of(kind, id, std::move(payload));
  if (size_ + line.size() > limits::kMaxJournalBytes) {
    return Error{.code = ErrorCode::refused, .message = "too much for one journal", .where = journal_path()};
  }
  // One write, so that a record is whole or torn and never mixed with another.
  Status written = file_->write_at(size_, line);
  if (written && sync == platform::Sync::yes) written = file_->sync_data();
  if (!written) {
    broken_ = kind == kDone || !forget_last_record();
    return std::move(written).error().within(
        broken_ ? "while noting in the journal what is being done; the next start finds out how far it came"
                : "while noting in the journal what is being done");
  }
  size_ += line.size();
  return ok();
}

Status Journal::begin(std::string_view kind, const std::string& id, std::string payload, State state) {
  if (transactions_.contains(id)) {
    return Error{.code = ErrorCode::internal, .message = "this transaction was begun before", .where = id};
  }
  RETURN_IF_ERROR(append(kind, id, std::move(payload), platform::Sync::yes));
  transactions_[id] = state;
  return ok();
}

Status Journal::intent(const std::string& id, std::string payload) {
  return begin(kIntent, id, std::move(payload), State::begun);
}

Status Journal::committed_intent(const std::string& id, std::string payload) {
  return begin(kCommittedIntent, id, std::move(payload), State::committed);
}

Status Journal::commit(const std::string& id, std::string payload) {
  const auto found = transactions_.find(id);
  if (found == transactions_.end() || found->second != State::begun) {
    return Error{
        .code = ErrorCode::internal, .message = "no transaction of this name waits for its commit", .where = id};
  }
  RETURN_IF_ERROR(append(kCommit, id, std::move(payload), platform::Sync::yes));
  found->second = State::committed;
  return ok();
}

Status Journal::done(const std::string& id, platform::Sync sync) {
  const auto found = transactions_.find(id);
  if (found == transactions_.end() || found->second == State::done) {
    return Error{.code = ErrorCode::internal, .message = "no transaction of this name is open", .where = id};
  }
  RETURN_IF_ERROR(append(kDone, id, "null", sync));
  found->second = State::done;
  return ok();
}

bool Journal::all_done() const {
  return std::ranges::all_of(transactions_, [](const auto& one) { return one.second == State::done; });
}

Status Journal::reset() {
  if (!all_done()) {
    return Error{.code = ErrorCode::internal, .message = "a transaction is not done yet", .where = journal_path()};
  }
  if (broken_) {
    return Error{.code = ErrorCode::io, .message = "what the journal holds is unknown", .where = journal_path()};
  }
  if (size_ != 0) RETURN_IF_ERROR(file_->truncate(0));
  size_ = 0;
  transactions_.clear();
  found_.clear();
  return ok();
}

}  // namespace trueup::ledger
