// Another program, started for one piece of work: given its input and some open descriptors, heard line by line, and
// killed when it takes too long.
//
// It gets no environment and no descriptor but those named, and nothing of ours on its command line. What it says is
// not trusted: it is bounded here and read by the caller as input from a stranger.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup::platform {

struct ChildProgram {
  std::string program;                 // absolute path
  std::vector<std::string> arguments;  // behind its name
  std::string input;                   // its standard input; at most kMostChildInput bytes
  std::vector<int> descriptors;        // become 3, 4, 5 … in the child
  std::chrono::milliseconds patience{60'000};
  std::size_t most_output = 1U << 20U;
  std::vector<std::string> environment = {};  // "NAME=value"
  bool errors_too = false;                    // its standard error is heard with its standard output; else by nobody
  std::string directory = {};                 // that it works in; empty: ours
  // What it starts is killed with it, and is gone when it has ended. A signal that would end us ends it first, and
  // where we are killed without a word it is as well.
  bool with_its_own = false;
  std::function<bool()> stop_wanted = {};  // asked a few times a second: true ends it; may be empty
};

inline constexpr std::size_t kMostChildInput = 60'000;  // fits into a pipe, so that nobody waits for anybody

struct ChildEnd {
  bool in_time = true;    // false: it was killed, because it took too long, or …
  bool too_much = false;  // … said too much, or …
  bool stopped = false;   // … was to stop
  int exit_status = 0;    // -1: it was ended by a signal
  int signal_number = 0;  // that signal
  bool operator==(const ChildEnd&) const = default;
};

/// Runs it to its end. `on_line` gets each line of its standard output, without the line break, as it comes.
/// Errors: not_found (there is no such program), invalid (too much input), io.
Result<ChildEnd> run_child(const ChildProgram& child, const std::function<void(std::string_view)>& on_line);

/// As a port, for those who run what only a real machine has.
using RunChild =
    std::function<Result<ChildEnd>(const ChildProgram& child, const std::function<void(std::string_view)>& on_line)>;

/// Where this very program lies: its real path, asked of the kernel; no variable and no argument counts.
Result<std::string> own_executable();

}  // namespace trueup::platform
