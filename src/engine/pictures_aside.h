// The pictures that were taken away and are kept below `.trueup/pictures`: which of them may go one day.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "engine/site.h"

namespace trueup::engine {

/// Greater than that of every picture which is there: what a picture is called there begins with its number, and those
/// with smaller ones are older. Requires: the lock is held.
Result<std::int64_t> next_aside_number(Site& site);

/// Beyond limits::kMaxPicturesSetAside the oldest go that no undo needs any more; never one that an undo needs, and
/// none where that cannot be told. What cannot be removed stays.
/// Requires: the lock is held, and the ledger knows of all that was done.
void forget_old_pictures(Site& site);

}  // namespace trueup::engine
