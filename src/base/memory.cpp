#include "base/memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <memory>

namespace trueup {

void populate(void* memory, std::size_t bytes) {
  constexpr std::size_t kPage = 4096;  // where pages are larger the kernel refuses what does not begin at one
  constexpr std::size_t kLarge = 64 * kPage;
  if (bytes < kLarge || std::align(kPage, kLarge / 2, memory, bytes) == nullptr) return;
  const int before = errno;
  (void)::madvise(memory, bytes / kPage * kPage, MADV_POPULATE_WRITE);
  errno = before;
}

}  // namespace trueup
