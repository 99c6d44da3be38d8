// A file that the command line names, wherever it lies.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/verbs.h"

namespace trueup::cli {

/// `what`: as in "this is a directory, not a report".
Result<std::string> read_named_file(const std::string& path, std::size_t most_bytes, std::string_view what,
                                    const Machine& machine);

}  // namespace trueup::cli
