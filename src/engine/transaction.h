// One journalled transaction: prepare, commit, apply, done; and what is made of one that a crash interrupted.
//
// Intent and commit are durable before what they announce. An operation that cannot be finished after the commit takes
// back those before it, so that nothing half done is left. Plugins that are fetched together share the records and the
// waiting for the disk, and nothing else: one that fails leaves the others alone. It knows no verb and no rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/site.h"
#include "engine/undertaking.h"
#include "ledger/journal.h"
#include "ledger/ledger.h"

namespace trueup::engine {

struct TransactionReport {
  std::vector<Outcome> deeds;  // one for each deed
  // Of plugins that are fetched together, one for each deed: why it alone was not done, and is `moved`. Else empty.
  std::vector<std::optional<Error>> errors;
  std::vector<Applied> applied;  // one for each operation
  ledger::Pass record;           // what the ledger is to be told
  std::vector<std::string> notes;
  bool open = true;         // in the journal, until the ledger was told
  bool taken_back = false;  // by recovery, whole: it was not committed, or could not be finished any more
};

/// It cannot be done, nor taken back, where the plugins directory is not known.
bool touches_plugins(const Undertaking& undertaking);

/// `materials`: one for each operation. The transaction stays open in the journal until the ledger was told
/// (session.h). Error: nothing was changed, or everything was taken back; if even that failed, the error says so and
/// the next start finishes the work.
Result<TransactionReport> run_transaction(Site& site, ledger::Journal& journal, const std::string& id,
                                          Undertaking undertaking, const std::vector<Materials>& materials);

/// An unfinished one: taken back when it was not committed, else applied once more, or taken back if that fails.
/// Idempotent. Error: neither could be done; it stays unfinished.
Result<TransactionReport> recover_transaction(Site& site, ledger::Journal& journal,
                                              const ledger::UnfinishedTransaction& unfinished);

}  // namespace trueup::engine
