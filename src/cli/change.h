// Shows what a verb that changes one thing came to, for people or for programs.
#pragma once

#include "cli/verbs.h"
#include "cli/views.h"
#include "engine/install.h"

namespace trueup::cli {

Outcome show_change(Call& call, const ChangeReport& report);

/// The number to undo by: the last of those that the verb added to history.
std::optional<std::int64_t> last_number(const std::vector<std::int64_t>& history);

/// What an install came to, its Python packages with it, and what its owner may do next; for every way to install.
ChangeReport change_of(Call& call, const engine::InstallReport& done);

}  // namespace trueup::cli
