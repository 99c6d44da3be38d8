// Whatever stands in a file of a time zone, no moment is farther from UTC than any clock ever was.
// links: base
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/time_zone.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto zone = trueup::TimeZone::parse({reinterpret_cast<const char*>(data), size});
  if (!zone) return 0;
  for (const std::int64_t at : {INT64_MIN, std::int64_t{-3'000'000'000}, std::int64_t{0}, std::int64_t{1'790'000'000},
                                std::int64_t{9'000'000'000}, INT64_MAX}) {
    constexpr std::int64_t kMost = std::int64_t{27} * 3600;
    const std::int64_t offset = zone->offset_at(at);
    if (offset < -kMost || offset > kMost) std::abort();
  }
  return 0;
}
