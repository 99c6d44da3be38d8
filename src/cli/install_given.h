// `trueup install ./weather.zip` and `trueup install ./weather`: a plugin from a file or directory of this device, by
// the rules of every other install.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/verbs.h"
#include "engine/install.h"

namespace trueup::cli {

Result<Outcome> install_given(Call& call);

/// What an install came to, and what its owner may do next; for every way to install.
std::string installed_sentence(const engine::InstallReport& done);
void add_what_follows(const engine::InstallReport& done, std::vector<std::string>& details);

}  // namespace trueup::cli
