#include "base/memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace trueup {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} * 1024 * 1024;

}  // namespace

void populate(void* memory, std::size_t bytes) {
  constexpr std::size_t kPage = 4096;  // where pages are larger the kernel refuses what does not begin at one
  constexpr std::size_t kWorthACall = 64 * kPage;
  if (bytes < kWorthACall || std::align(kPage, kWorthACall / 2, memory, bytes) == nullptr) return;
  const int before = errno;
  if (bytes >= kLargePage) (void)::madvise(memory, bytes / kPage * kPage, MADV_HUGEPAGE);
  (void)::madvise(memory, bytes / kPage * kPage, MADV_POPULATE_WRITE);
  errno = before;
}

void expect_heap(std::size_t bytes) {
  constexpr std::size_t kMost = 16 * kLargePage;  // malloc takes what is larger from the kernel piece by piece
  if (bytes < 2 * kLargePage) return;
  const int before = errno;
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(kMost));
  ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(4 * kMost));  // or freeing it here would give it back at once
  std::size_t room = std::min(bytes, kMost - kLargePage);
  void* const piece = ::malloc(room);  // NOLINT(*-no-malloc): it is malloc's own heap that is to grow
  void* begin = piece;
  if (begin != nullptr && std::align(kLargePage, kLargePage, begin, room) != nullptr) {
    (void)::madvise(begin, room / kLargePage * kLargePage, MADV_HUGEPAGE);
  }
  ::free(piece);  // NOLINT(*-no-malloc)
  errno = before;
}

}  // namespace trueup
