// The journal: what a transaction means to do, on the disk before its first effect, so that whoever starts next can
// finish it or take it back with nothing but this file.
//
// `.trueup/journal` is append-only text, one record a line: eight hexadecimal digits of CRC-32, a space, a JSON object,
// a line feed. The payloads belong to the engine and are opaque here. What was cut off by a power cut is told from what
// was damaged later; a record that cannot be understood is an error, never a guess.
// Requires: only the holder of `.trueup/lock` opens it for writing.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::ledger {

/// Where trueup keeps its own files, below the root of an installation.
inline constexpr std::string_view kOwnDirectory = ".trueup";
inline constexpr std::string_view kJournalName = "journal";

/// What a record adds to its payload, at most: a payload with so much room is framed where it stands.
inline constexpr std::size_t kRecordFrame = 256;

/// A transaction that was begun and is not done.
struct UnfinishedTransaction {
  std::string id;
  std::string intent;      // payload of its intent
  bool committed = false;  // false: take it back; true: apply it again
  std::string commit;      // payload of its commit, empty without one
  bool operator==(const UnfinishedTransaction&) const = default;
};

struct JournalContent {
  std::vector<UnfinishedTransaction> unfinished;  // in the order in which they were begun
  std::uint64_t sound_bytes = 0;                  // what comes after is a torn tail
  std::uint64_t torn_bytes = 0;
  bool operator==(const JournalContent&) const = default;
};

/// What a journal of these bytes says. ErrorCode::unreadable when it was damaged, unsupported when it holds a record
/// that this version does not know; both with a hint.
Result<JournalContent> parse_journal(std::string_view bytes);

/// For reading verbs: creates, cuts and locks nothing. `root` is the installation; no journal is an empty one.
Result<JournalContent> read_journal(const platform::Directory& root);

class Journal {
 public:
  /// Opens or creates the journal in `own` (the `.trueup` directory) and cuts a torn tail.
  static Result<Journal> open(platform::WritableDirectory& own);

  /// What open() found; the engine finishes these first.
  [[nodiscard]] const std::vector<UnfinishedTransaction>& found() const { return found_; }

  // Each is one append. intent, committed_intent and commit are durable when they return; done need not be, because a
  // transaction that looks unfinished is only applied once more. A record of the first three that failed is taken out
  // again. Where that fails too, and after a failed done, the outcome is unknown and the journal takes no more records:
  // the next start finds out.
  // `id`: letters, digits, '-', '_', '.', not used before in this journal. `payload`: JSON in one line.
  Status intent(const std::string& id, std::string payload);
  /// Intent and commit in one, for a transaction that has nothing to prepare.
  Status committed_intent(const std::string& id, std::string payload);
  Status commit(const std::string& id, std::string payload = "null");
  /// Applied, or taken back: nothing is left to do. Waited for (Sync::yes) where applying it once more would be wrong.
  Status done(const std::string& id, platform::Sync sync = platform::Sync::no);

  /// No transaction is begun that is neither done nor taken back.
  [[nodiscard]] bool all_done() const;
  /// Empties it. Requires: every transaction is done, and recorded in the ledger if it should be.
  Status reset();

 private:
  enum class State : std::uint8_t { begun, committed, done };

  Journal(std::unique_ptr<platform::WritableFile> file, JournalContent content);
  bool forget_last_record();
  Status append(std::string_view kind, const std::string& id, std::string payload, platform::Sync sync);
  Status begin(std::string_view kind, const std::string& id, std::string payload, State state);

  std::unique_ptr<platform::WritableFile> file_;
  std::vector<UnfinishedTransaction> found_;
  std::map<std::string, State> transactions_;
  std::uint64_t size_ = 0;
  bool broken_ = false;  // a write failed: what the file holds now is unknown
};

}  // namespace trueup::ledger
