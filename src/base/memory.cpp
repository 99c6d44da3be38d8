#include "base/memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstdint>

namespace trueup {

void populate(void* memory, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 4096;  // of a machine with larger ones the call is refused, or takes the whole page
  constexpr std::size_t kLarge = 64 * kPage;
  if (bytes < kLarge) return;
  const auto begin =
      (reinterpret_cast<std::uintptr_t>(memory) + kPage - 1) & ~(kPage - 1);           // NOLINT(*-reinterpret-cast)
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) & ~(kPage - 1);  // NOLINT(*-reinterpret-cast)
  const int before = errno;
  (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);  // NOLINT(*-reinterpret-cast)
  errno = before;
}

}  // namespace trueup
