// What a program asked of the kernel, and a program killed in the middle of asking: both by strace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/command.h"

namespace trueup::test {

/// Built with a sanitizer: the programs need more memory than people have to give them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsInstrumented = true;
#else
inline constexpr bool kIsInstrumented = false;
#endif

/// Whether strace is on this machine and may trace; where not, tests that need it are skipped with a plain message.
bool can_trace_system_calls();

/// `arguments` under strace with these options of it.
std::vector<std::string> traced(const std::vector<std::string>& options, const std::vector<std::string>& arguments);

/// The calls of `arguments`, in order, that change a disk or would: opening for writing or creating, writing anywhere
/// but to the program's own output, renaming, removing, changing modes or owners, syncing, locking. As strace prints
/// them.
std::vector<std::string> writing_calls(const std::vector<std::string>& arguments, CommandResult* result = nullptr);

/// Of these the ones that reach a disk: UBSan asks the kernel by a pipe of its own whether an address can be read.
std::vector<std::string> on_disk(std::vector<std::string> calls);

/// How many of `calls` contain `text`.
std::size_t count_calls(const std::vector<std::string>& calls, std::string_view text);

/// Runs `arguments` and kills it (SIGKILL) at the call at `index` of `calls`, which an equal run made, before it takes
/// effect. Requires: that call is neither an open nor a lock. `signal` of the result is 0 when it ended before that.
CommandResult run_and_kill_at_call(const std::vector<std::string>& arguments, const std::vector<std::string>& calls,
                                   std::size_t index);

}  // namespace trueup::test
