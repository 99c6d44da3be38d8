// The files that were displaced and are kept: whether one was written to afterwards, and the copy of everything from
// before trueup first wrote.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/site.h"
#include "ledger/kept_files.h"
#include "model/inconsistency.h"

namespace trueup::engine {

/// One finding for each kept file that is no longer what it was when it was displaced: another program still had it
/// open, and what it wrote is not live. Only looks. `own` is .trueup.
std::vector<model::Inconsistency> find_displaced_writes(const platform::Directory& own,
                                                        const std::vector<ledger::KeptFile>& kept);

/// Config, secrets, state and tombstones as they are, in .trueup/first-contact.tar; unless that was made before. One
/// file, so that it costs one wait for the disk. The name is durable with the next sync of .trueup.
/// True: it was made just now.
Result<bool> keep_first_contact(Site& site);

}  // namespace trueup::engine
