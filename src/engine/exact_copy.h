// Undo by bytes instead of keys: while a file is byte for byte what trueup left, the kept copy of what stood there
// before takes its place. Shared by the steps that edit files.
#pragma once

#include <optional>
#include <string>

#include "engine/file_exchange.h"
#include "engine/operation.h"
#include "engine/site.h"

namespace trueup::engine {

/// Nothing: the copy cannot stand in here.
std::optional<Rewrite> exact_rewrite(Site& site, const std::optional<ExactCopy>& exact,
                                     const std::optional<std::string>& text);

/// After a crash: what stands there is the exact copy already.
bool is_exact_copy(const std::optional<ExactCopy>& exact, const std::optional<std::string>& text);

/// After a crash the edits, made once more on what was displaced, tell whether what stands there is our write and
/// nothing but it. Then undo can give the bytes back, as if there had been no crash.
/// True: `exchanged` says so now.
bool recognise_own_write(Site& site, const Rewriter& rewriter, Exchanged& exchanged);

/// Of a write that is known to be wholly ours: others may have written since a crash.
std::optional<ExactCopy> exact_inverse(const Applied& applied);

}  // namespace trueup::engine
