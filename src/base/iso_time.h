// A time as programs read it, in UTC; only shown, nothing is decided by it.
#pragma once

#include <cstdint>
#include <string>

namespace trueup {

/// "2026-11-25T09:30:00Z" of seconds since 1970.
std::string iso_time(std::int64_t seconds);

}  // namespace trueup
