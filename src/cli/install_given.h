// `trueup install ./weather.zip` and `trueup install ./weather`: a plugin from a file or directory of this device, by
// the rules of every other install.
#pragma once

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/verbs.h"

namespace trueup::cli {

Result<Outcome> install_given(Call& call);

}  // namespace trueup::cli
