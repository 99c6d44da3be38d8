// The tables of ledger.db: made by numbered migrations, and checked before anything is believed.
// Inside ledger only.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace trueup::ledger {

/// Brings an older or empty database to the newest format. Requires: a transaction is open, and verify() was content.
Status migrate(sqlite::Database& database);

/// PRAGMA user_version of the newest format; 0 is an empty database.
std::int64_t newest_format();

/// unsupported: written by a newer trueup. unreadable: damaged, or not made by trueup at all.
Status verify(const sqlite::Database& database);

/// Names in the table `note` that are the ledger's own.
inline constexpr std::string_view kInstallationIdNote = "installation_id";
inline constexpr std::string_view kLastKeptNumberNote = "last_kept_number";

}  // namespace trueup::ledger
