// Python packages of plugins that a verb put in place: pip is run for them where the owner's settings allow it, and
// what came of it is told beside what the verb did.
#pragma once

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "engine/update.h"

namespace trueup::cli {

/// Sentences for the owner; none where nothing is missing. The plugins stand whatever came of it.
std::vector<std::string> see_to_packages(Call& call, const std::string& verb,
                                         const std::vector<std::string>& plugin_ids);

/// Of those that were updated or installed; the sentences are added to the notes.
void see_to_packages(Call& call, const std::string& verb, engine::UpdateReport& report);

}  // namespace trueup::cli
