// `trueup freeze`: a lock file on standard output; what cannot be in it is named on standard error.
#include "engine/freeze.h"

#include <fmt/core.h>

#include "cli/text.h"
#include "cli/verbs.h"

namespace trueup::cli {

Result<Outcome> run_freeze(Call& call) {
  ASSIGN_OR_RETURN(const store::LockFile lock, engine::freeze(call.world));
  call.console.out.write(store::encode(lock));
  for (const store::LeftOutPlugin& one : lock.left_out) {
    call.console.err.write(hanging(call.console.terminal, "trueup: ", 8,
                                   fmt::format("{} is left out: {}", shown(one.id), shown(one.why))));
  }
  return Outcome{};
}

}  // namespace trueup::cli
