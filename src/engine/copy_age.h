// What a person wants to know of a copy before it is put back: how old it is, and which changes that trueup made since
// are missing from it. To be shown only; a running number, never a time, says which copy is the newer one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/kept_files.h"
#include "model/observation.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// "2026-03-26 14:05 UTC (3 hours ago)"; without the words where the clock cannot be right: before `at`, or before
/// there was a trueup. Nothing for a time `at`, in seconds, that no clock can have meant.
std::string age_text(std::int64_t at, std::chrono::system_clock::time_point now);

/// Fills in what the history, or else the file's own time, tells of each.
void describe_copies(const platform::Directory& root, const platform::Clock& clock,
                     const std::vector<ledger::KeptFile>& kept, std::vector<model::LastGoodCopy>& copies);

}  // namespace trueup::engine
