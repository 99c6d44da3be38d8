// The tables of ledger.db: made by numbered migrations, and checked before anything is believed.
// Inside ledger only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace trueup::ledger {

/// Brings an older or empty database to the newest format. Requires: a transaction is open, and verify() was content.
Status migrate(sqlite::Database& database);

/// PRAGMA user_version of the newest format; 0 is an empty database.
std::int64_t newest_format();

/// A database file is as long as its header says. SQLite takes what is missing of the last page for zeros, and works
/// on. `header`: the first kSizedHeaderBytes at least. unreadable: the file's end is gone. No word about what is no
/// database.
inline constexpr std::size_t kSizedHeaderBytes = 32;
Status verify_size(std::string_view header, std::uint64_t size);

/// SQLite says "this is no database" in many ways; all but a failing disk mean damage here.
Error as_damage(Error error);

/// unsupported: written by a newer trueup. unreadable: damaged, or not made by trueup at all.
Status verify(const sqlite::Database& database);

/// Names in the table `note` that are the ledger's own.
inline constexpr std::string_view kInstallationIdNote = "installation_id";
inline constexpr std::string_view kLastKeptNumberNote = "last_kept_number";

}  // namespace trueup::ledger
