// `trueup history`: what was done, from the ledger as it lies on the disk. Opens no database, locks nothing.
#include <algorithm>

#include "cli/render_json.h"
#include "cli/verbs.h"
#include "ledger/ledger.h"

namespace trueup::cli {

namespace {

/// What is damaged is moved aside by the next verb that writes; what a newer trueup wrote is left alone, and what the
/// disk does not give out may be whole.
std::string hint_for(std::string_view reason) {
  if (reason == "damaged") return "the next `trueup reconcile` settles it; `trueup doctor` says more";
  if (reason == "newer") return "nothing touches it: take the newer trueup again; `trueup doctor` says more";
  return "`trueup doctor` says more";
}

}  // namespace

Result<Outcome> run_history(Call& call) {
  ASSIGN_OR_RETURN(const auto root, call.world.file_system.open_root_for_reading(call.world.root));
  const ledger::LedgerReading reading = ledger::read_ledger(*root);
  std::vector<ledger::Action> rows;
  if (reading.snapshot) {
    ASSIGN_OR_RETURN(rows, reading.snapshot->read().history());
  } else if (reading.reading.verdict == model::Verdict::unreadable) {
    return Error{.code = ErrorCode::unreadable,
                 .message = reading.reading.detail,
                 .where = reading.reading.path,
                 .hint = hint_for(reading.reading.reason)};
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  if (call.invocation.json) {
    write_history_json(rows, call.console.out);
  } else {
    call.console.out.write(render_history(rows, call.machine.zone, call.console.terminal));
  }
  return Outcome{};
}

}  // namespace trueup::cli
