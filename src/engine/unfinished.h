// Whether an earlier run left something to finish or to clean up. Looks only: with nothing of the kind, and nothing to
// do, a verb that could write takes no lock and writes nothing at all (promise 10).
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "engine/document_place.h"
#include "engine/look.h"

namespace trueup::engine {

/// The transactions whose temporary files for this document lie beside it (failure F74).
Result<std::set<std::string>> leftovers_beside(const DocumentPlace& place);

/// True also where it cannot be told: then the lock is taken, and recovery looks for itself.
bool something_is_unfinished(World& world, const Look& seen);

}  // namespace trueup::engine
