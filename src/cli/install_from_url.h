// `trueup install URL`: a plugin that no registry of the owner's lists. The repository is saved, so that it is known
// where the plugin came from and where newer versions are looked for, and then the plugin is installed like any other.
#pragma once

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/verbs.h"

namespace trueup::cli {

Result<Outcome> install_from_url(Call& call);

}  // namespace trueup::cli
