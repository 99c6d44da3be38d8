// What a transaction is asked to do, and what is remembered of it: operations, and the deeds they add up to. A deed is
// one line of history and can be undone by itself; several deeds may share one write of one file.
//
// Values. The journal holds an undertaking as JSON, so that a start after a crash can finish it and still tell of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "base/result.h"
#include "engine/operation.h"
#include "model/observation.h"

namespace trueup::engine {

/// What a deed changes in the ledger besides its line of history, once it is done.
struct LedgerEffects {
  std::vector<model::ReceiptIndexEntry> receipts_put;
  std::vector<std::string> receipts_removed;  // by directory
  std::vector<std::string> tombstones_put;
  std::vector<std::string> tombstones_removed;
  std::vector<model::Hold> holds_put;
  std::vector<std::string> holds_removed;  // by finding
  bool operator==(const LedgerEffects&) const = default;
};

struct Deed {
  /// Which part of which operation: `count` edits from `first` on, or, with a count of 0, the whole operation.
  struct Part {
    std::size_t operation = 0;
    std::size_t first = 0;
    std::size_t count = 0;
    bool operator==(const Part&) const = default;
  };
  std::string verb;
  std::string plugin_id;
  std::string reason;
  std::string finding;   // that it mends, or empty
  std::string evidence;  // the digest of what that finding rests on: for the hold that undo puts
  std::string result;    // what history says when it is done
  std::vector<Part> parts;
  std::optional<std::int64_t> undoes;  // the action that it undoes
  Boxed<LedgerEffects> effects;
  Boxed<LedgerEffects> effects_of_undoing;
  bool operator==(const Deed&) const = default;
};

/// What undoes a deed, as the ledger keeps it.
struct Inverse {
  std::string finding;
  std::string evidence;  // as the finding was when it was mended; empty: an older trueup did not tell
  std::vector<Operation> operations;
  Boxed<LedgerEffects> effects;
  bool operator==(const Inverse&) const = default;
};

struct Undertaking {
  std::string plugins_path;      // of the installation then: recovery looks nowhere else
  std::int64_t kept_number = 0;  // what is displaced is named by it
  bool whole = false;            // all of it or nothing: one part that has moved takes back the others
  std::vector<Deed> deeds;
  std::vector<Operation> operations;
  bool operator==(const Undertaking&) const = default;
};

/// One line of JSON; equal undertakings give equal bytes.
std::string to_json(const Undertaking& undertaking);
Result<Undertaking> undertaking_from_json(std::string_view text);
std::string to_json(const Inverse& inverse);
Result<Inverse> inverse_from_json(std::string_view text);

}  // namespace trueup::engine
