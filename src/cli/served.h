// The way from the command line to a running daemon: a verb that changes something is done by it, with the words, the
// terminal and the input of this process; where none runs it is done here, under the lock. Nobody can tell the two
// apart by what is printed or by the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verbs.h"

namespace trueup::cli {

struct Served {
  std::optional<int> status;         // nothing: it is to be done here
  std::optional<std::string> input;  // what was read from standard input for the daemon, and is gone from there
};

/// Error: busy, the daemon had no time for it; io, it ended in the middle.
Result<Served> serve_by_daemon(const std::vector<std::string>& arguments, const Invocation& invocation,
                               const Machine& machine, Console& console);

}  // namespace trueup::cli
