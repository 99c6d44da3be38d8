// Writing a Pass into the tables, within a transaction that the caller opened. Inside ledger only.
#pragma once

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace trueup::ledger {

Result<Recorded> write_pass(sqlite::Database& database, const Pass& pass);

/// Forgets old history while the ledger nears its size limit: first what can no longer be undone, then the oldest.
/// `keep_from` and later numbers stay. Returns how many went.
Result<std::size_t> forget_old_history(sqlite::Database& database, std::int64_t keep_from);

}  // namespace trueup::ledger
