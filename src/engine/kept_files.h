// The files that were displaced and are kept: whether one was written to afterwards, and the copy of everything from
// before trueup first wrote.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/site.h"
#include "ledger/kept_files.h"
#include "model/inconsistency.h"

namespace trueup::engine {

struct DisplacedWrites {
  std::vector<model::Inconsistency> findings;
  std::vector<std::string> unread;  // below .trueup/kept: this user may not look into them, so nothing is known
};

/// One finding for each kept file that another program wrote to after it had been displaced, that came out of an
/// exchange too late to go back, or that was put back and then lost to a text that rests on ours. Only looks.
DisplacedWrites find_displaced_writes(const platform::Directory& root, const std::vector<ledger::KeptFile>& kept);

/// One sentence about those, or nothing when there are none.
std::string unread_note(const std::vector<std::string>& unread);

/// Which of `kept` nothing needs any more. `undoable`: transactions; `open`: findings of find_displaced_writes.
std::vector<ledger::KeptFile> forgettable_kept_files(const std::vector<ledger::KeptFile>& kept,
                                                     const std::set<std::string>& undoable,
                                                     const std::vector<model::Inconsistency>& open);

/// What a failed or interrupted action left among the kept files without a record: to be listed like all others. What
/// another program wrote gets no digest, so that it is found as a write that was displaced.
Result<std::vector<ledger::KeptFile>> unlisted_kept_files(const platform::Directory& kept,
                                                          const std::vector<ledger::KeptFile>& listed);

/// Config, secrets, state and tombstones as they are, in .trueup/first-contact.tar; unless that was made before. One
/// file, so that it costs one wait for the disk. The name is durable with the next sync of .trueup.
/// True: it was made just now.
Result<bool> keep_first_contact(Site& site);

}  // namespace trueup::engine
