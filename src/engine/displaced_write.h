// What a person can do about a write_displaced finding: what another program wrote into a file at the moment it was
// replaced goes live, or is let go. Either way both texts are still there afterwards.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "model/choice.h"
#include "model/inconsistency.h"

namespace trueup::engine {

std::vector<model::Option> options_of_displaced_write(const model::Inconsistency& finding);

/// Puts it into `builder`, and tells the ledger that the kept file is known as it is now.
Status settle_displaced_write(Session& session, const model::SettleDisplacedWrite& deed, UndertakingBuilder& builder);

}  // namespace trueup::engine
