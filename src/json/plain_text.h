// Text that means itself between the quotes of a JSON string, found eight bytes at a time. Private to src/json.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace trueup::json {

inline constexpr std::uint64_t kOneInEachByte = 0x0101010101010101ULL;

/// How many of eight bytes are plain before the first that is not; fewer where that takes long. Plain is printable
/// ASCII but for the quote and the backslash.
inline std::size_t plain_of_eight(const char* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, sizeof(word));
  constexpr std::uint64_t kHigh = kOneInEachByte * 0x80U;
  const std::uint64_t quote = word ^ (kOneInEachByte * 0x22U);
  const std::uint64_t backslash = word ^ (kOneInEachByte * 0x5CU);
  const std::uint64_t bad = word | (word - kOneInEachByte * 0x20U) | (word + kOneInEachByte) |
                            ((quote - kOneInEachByte) & ~quote) | ((backslash - kOneInEachByte) & ~backslash);
  if ((bad & kHigh) == 0) return 8;
  // Borrowing and carrying go upwards only, so that the lowest byte found is one.
  if constexpr (std::endian::native == std::endian::little)
    return static_cast<std::size_t>(std::countr_zero(bad & kHigh)) / 8;
  return 0;
}

}  // namespace trueup::json
