// Memory that will be filled at once.
#pragma once

#include <cstddef>

namespace trueup {

/// Asks the kernel for all pages of a large piece of memory in one call, large ones where it has them, instead of one
/// after the other as each is touched for the first time. Where it knows no such call nothing is lost.
void populate(void* memory, std::size_t bytes);

/// So much is about to be taken in small pieces: the heap grows to it at once, in large pages where the kernel has
/// them, for the first touch of each page may cost more than what is done with it. A guess that is too high costs
/// nothing.
void expect_heap(std::size_t bytes);

}  // namespace trueup
