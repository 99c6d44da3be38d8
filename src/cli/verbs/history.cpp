// `trueup history`: what was done, from the ledger as it lies on the disk. Opens no database, locks nothing.
#include <algorithm>

#include "cli/render_json.h"
#include "cli/verbs.h"
#include "ledger/ledger.h"

namespace trueup::cli {

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
                 .hint = "the next `trueup reconcile` settles it; `trueup doctor` says more"};
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
