// `trueup undo`, `undo N` and `undo --to N`: what was done, taken back. And `trueup history`, which gives the numbers.
//
// Undo is key by key, each with the precondition "still what we wrote"; where a file is still wholly ours its bytes
// come back exactly. What it brings back is held, so that the next pass does not mend it away again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "ledger/ledger.h"

namespace trueup::engine {

/// Newest first; `most` of them, 0: all. Reads, and creates nothing.
Result<std::vector<ledger::Action>> history(World& world, std::size_t most = 0);

/// Action::reason of a plugins directory that was taken for this installation's: there is nothing to go back to.
inline constexpr std::string_view kDirectoryAdopted = "directory_adopted";

struct UndoReport {
  std::vector<ledger::Action> undone;  // newest first
  std::vector<std::string> left;       // what somebody changed since and stays so, one sentence each
  std::vector<std::string> held;       // findings that are left alone from now on
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;
  bool operator==(const UndoReport&) const = default;
};

/// The last command is the newest action that still counts, with all that was done with it: every action of the same
/// run of trueup, such as a whole pass of `reconcile`.
enum class UndoReach { this_one, and_all_later, last_command };

/// Error: not_found (no such number), refused (it cannot be undone), conflict (undone already, or what all of it did is
/// no longer so: nothing is changed), busy.
/// `number` does not count for the last command.
Result<UndoReport> undo(World& world, std::int64_t number, UndoReach reach);

}  // namespace trueup::engine
