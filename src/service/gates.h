// Reasons to wait with what is heavy, or with writing at all, that come from the machine and not from the plugins.
// Pure: what is so is handed in, and what follows is told as reasons that a person can read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/display_hours.h"

namespace trueup::service {

struct GateFacts {
  std::optional<std::uint64_t> free_bytes;  // on the disk of the installation; nothing: cannot be told
  std::optional<std::uint32_t> throttled;   // the Raspberry Pi's own word, a bit for each complaint; nothing: no Pi
  bool read_only = false;  // the disk takes no writes, by what it says or by what became of the last one
  bool operator==(const GateFacts&) const = default;
};

struct Gate {
  std::string reason;       // for programs, and the reason of the findings that it holds
  std::string says;         // one sentence
  bool writes_too = false;  // nothing is written; otherwise only fetching plugins waits
  bool operator==(const Gate&) const = default;
};

inline constexpr std::uint64_t kLeastFreeBytes = 100U << 20U;  // a plugin is a few MB, and LEDMatrix needs its cache

/// Those that are closed now.
std::vector<Gate> gates_of(const GateFacts& facts);

struct DisplayWait {
  Gate gate;
  std::chrono::minutes left{};  // until it opens, as long as nobody sets the clocks or the schedule
  bool operator==(const DisplayWait&) const = default;
};

/// What the owner's word on heavy work comes to while the display is as it is. Nothing: nothing waits; so it is as well
/// where the schedule never lets it be done.
std::optional<DisplayWait> wait_for_display(model::HeavyWork when, const model::DisplayHours& hours,
                                            const model::WallTime& now);

/// The text of the firmware's file, "0x50005" or "50005"; nothing: it is no such text.
std::optional<std::uint32_t> throttled_in(const std::string& text);

}  // namespace trueup::service
