// This process itself: what it costs, how it keeps small, and how it ends without waiting for anybody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace trueup::platform {

struct ProcessCost {
  std::optional<std::uint64_t> anonymous_bytes;  // RssAnon: memory that is its alone
  std::optional<std::uint64_t> resident_bytes;
  std::optional<std::uint64_t> written_bytes;  // that it caused to be written to a disk
  bool operator==(const ProcessCost&) const = default;
};

/// What the kernel tells; what it does not tell is left out.
ProcessCost own_cost();

std::int64_t own_pid();
/// The name by which this machine calls itself; empty when it has none.
std::string own_host_name();

/// From now on: what threads use is taken from one heap, and large memory goes back at once. For a program that stays.
void keep_memory_small();

/// Nothing is tidied up, no thread is waited for. Nothing of ours needs it: whatever is at work may be cut off.
[[noreturn]] void end_at_once(int status);

}  // namespace trueup::platform
