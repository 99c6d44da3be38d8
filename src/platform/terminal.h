// What stands at the other end of a descriptor, and what this machine's clock on the wall shows. Read-only questions to
// the system that only the composition of the program asks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trueup::platform {

struct TerminalSize {
  bool is_terminal = false;
  std::size_t columns = 0;  // 0: it does not tell
  std::size_t rows = 0;
  bool operator==(const TerminalSize&) const = default;
};

TerminalSize terminal_size(int descriptor);

/// Local time minus UTC at `at` (seconds since 1970), for showing times to a person.
std::int64_t local_offset_seconds(std::int64_t at);

/// By whom this process acts on files.
std::uint32_t effective_user_id();

}  // namespace trueup::platform
