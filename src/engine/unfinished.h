// Whether an earlier run left something to finish or to clean up. Looks only: with nothing of the kind, and nothing to
// do, a verb that could write takes no lock and writes nothing at all (promise 10).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/document_place.h"
#include "engine/look.h"

namespace trueup::engine {

/// The transactions whose temporary files for this document lie beside it (failure F74).
Result<std::set<std::string>> leftovers_beside(const DocumentPlace& place);

/// True also where it cannot be told: then the lock is taken, and recovery looks for itself.
bool something_is_unfinished(World& world, const Look& seen);

/// What a verb that may write looks at before it decides anything.
struct SettledLook {
  Look seen;
  std::vector<std::string> notes;  // what became of an earlier run's work

  /// A refusal that rests on this look: it tells what was done nevertheless.
  [[nodiscard]] Error refusal(Error error) const;
};

/// Looks; where an earlier run was interrupted, finishes or takes back what it left, and looks again. Every writing
/// verb begins here: what it refuses it refuses on a world that is whole, and then it leaves no trace of its own.
Result<SettledLook> look_when_settled(World& world, const std::string& verb,
                                      sources::SettingsCheck settings = sources::SettingsCheck::skip);

}  // namespace trueup::engine
