// The index of what was displaced and kept: which copies exist, which may go. Values and pure functions; the files
// themselves are the engine's.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/file_system.h"

namespace trueup::ledger {

struct KeptFile {
  std::int64_t number = 0;  // running; files of one transaction share it. It orders them, no time does
  std::string document;     // what it was: "config", "secrets", "state", …, or a path relative to the root
  std::string path;         // where it is now, below `.trueup/kept`
  std::string digest;       // SHA-256 of its bytes
  std::uint64_t bytes = 0;
  std::string transaction_id;
  bool parses = false;           // it can stand in as a last-good copy
  bool needed_for_undo = false;  // undoing its transaction needs these very bytes, not only the values it recorded
  bool operator==(const KeptFile&) const = default;
};

/// Which of `kept` nothing needs any more: neither among the newest kLastGoodCopies distinct ones of its document, nor
/// needed to undo one of `undoable` (transaction ids). Oldest first.
std::vector<KeptFile> removable_kept_files(const std::vector<KeptFile>& kept, const std::set<std::string>& undoable);

/// The last-good copies of `document`, newest first, one for each distinct content.
std::vector<KeptFile> last_good_copies(const std::vector<KeptFile>& kept, std::string_view document);

/// The number for the next transaction: above all that were recorded (`last_recorded`) and above every "<number>-…"
/// in the kept directory, where an interrupted transaction may have left some that no ledger knows.
std::int64_t next_kept_number(std::int64_t last_recorded, const std::vector<platform::DirectoryEntry>& kept_directory);

}  // namespace trueup::ledger
