// Edits of config.json that a person asked for, that were in the file when success was reported, and that another
// program then saved an older text over: a program which had read the file before us and wrote it after us (a stale
// read-modify-write) drops them without knowing. Nobody can stop it; here it is found out, and the edit offered again.
//
// Somebody who changed the value back on purpose leaves the same file, so this is information only, and nothing here
// ever writes. What a pass mends by itself (a section, a record) is left to the next pass.
#pragma once

#include <vector>

#include "ledger/ledger.h"
#include "model/choice.h"
#include "model/inconsistency.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct OverwrittenEdit {
  model::Inconsistency finding;
  model::ReplaceValues again;
  bool operator==(const OverwrittenEdit&) const = default;
};

/// Among the last few actions. Reads the ledger and config.json.
std::vector<OverwrittenEdit> find_overwritten_edits(const platform::Directory& root, const ledger::Reader& ledger);

std::vector<model::Option> options_of_overwritten_edit(const OverwrittenEdit& edit);

}  // namespace trueup::engine
