#include "base/memory.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>

namespace trueup {
namespace {

/// What the kernel says of malloc's heap: its size, and whether it may use large pages ("hg") there.
struct Heap {
  std::size_t kib = 0;
  std::size_t large_kib = 0;
};

Heap heap() {
  std::ifstream maps("/proc/self/smaps");
  Heap heap;
  bool inside = false;
  std::size_t kib = 0;
  for (std::string line; std::getline(maps, line);) {
    const std::string first = line.substr(0, line.find(' '));
    if (!first.ends_with(':')) inside = line.ends_with("[heap]");
    if (!inside) continue;
    if (first == "Size:") heap.kib += kib = std::stoul(line.substr(first.size()));
    if (first == "VmFlags:" && line.find(" hg") != std::string::npos) heap.large_kib += kib;
  }
  return heap;
}

bool is_mallocs_own() {  // the sanitizers have a heap of their own, and some kernels no large pages
  const std::size_t before = heap().kib;
  const auto piece = std::make_unique<char[]>(100'000);
  std::ifstream large("/sys/kernel/mm/transparent_hugepage/enabled");
  return piece != nullptr && before > 0 && large.good();
}

TEST(Memory, of_which_much_is_expected_is_there_at_once_in_large_pages) {
  if (!is_mallocs_own()) GTEST_SKIP() << "no heap of malloc's, or no large pages here";
  const Heap before = heap();
  errno = ENOENT;
  expect_heap(12U << 20U);
  EXPECT_EQ(errno, ENOENT);
  const Heap after = heap();
  EXPECT_GE(after.kib, before.kib + (8U << 10U));
  EXPECT_GE(after.large_kib, before.large_kib + (8U << 10U));
}

TEST(Memory, of_which_little_is_expected_stays_as_it_is) {
  const Heap before = heap();
  expect_heap(1U << 20U);
  EXPECT_EQ(heap().kib, before.kib);
}

}  // namespace
}  // namespace trueup
