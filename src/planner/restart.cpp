#include "planner/restart.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace trueup::planner {

using model::RestartDisplay;

Found ended_by_restart(const Context& context, model::Inconsistency found, std::string_view brings) {
  const auto& attempts = context.observation.ledger.attempts;
  const bool tried = !context.policy.retry && std::ranges::any_of(attempts, [&](const model::Attempt& attempt) {
    return attempt.source == model::kDisplayAttempt && attempt.plugin_id == found.plugin_id &&
           attempt.entry_digest == model::evidence_digest(found);
  });
  if (tried) {
    return for_a_person(std::move(found),
                        "the display was restarted for this and it did not help: `journalctl -u ledmatrix` tells why");
  }
  if (context.policy.may_restart_display()) {
    auto step =
        step_for(found, model::StepAction::restart_display, fmt::format("restart the display, which {}", brings));
    return mended_by(std::move(found), std::move(step));
  }
  std::string advice = fmt::format("`{}` {}", kRestartDisplay, brings);
  if (context.policy.restart_display == RestartDisplay::quiet_hours) {
    advice += "; `trueup reconcile` does it in the quiet hours";
  }
  return for_a_person(std::move(found), std::move(advice));
}

std::vector<model::Option> restart_options(const Context&, const model::Inconsistency&) {
  return {{{"restart", "restarts the display, which is dark for a moment and loads every plugin anew; no file changes"},
           model::StartDisplayAnew{}}};
}

}  // namespace trueup::planner
