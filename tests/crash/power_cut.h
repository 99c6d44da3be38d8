// A scenario whose power is cut behind each of its operations, with everything that a disk may have kept by then
// (platform/crash_disk.h); and cut once more while the next start settles what the first cut left.
#pragma once

#include <cstddef>
#include <string>

#include "platform/crash_disk.h"
#include "scenario.h"

namespace trueup::test {

struct Depth {
  std::size_t every = 1;  // of the operations, each `every`-th is a cut (and the last always)
  platform::CrashOptions survivors = {};
  std::size_t every_again = 1;  // of the states, each `every_again`-th has its recovery cut as well; 0: none
  platform::CrashOptions survivors_again = {};
};

/// Of `./dev crash`: everything, and not a sample.
bool is_whole_run();
/// All of it for `./dev crash`, a fixed sample otherwise.
Depth depth_of_this_run();

struct Figures {
  std::size_t operations = 0;
  std::size_t cut = 0;
  std::size_t states = 0;        // disks unlike each other, by digest
  std::size_t states_again = 0;  // more of them, behind a cut of recovery
  std::string broken;            // the first promise that does not hold, and where; or nothing
};

Figures cut_everywhere(const Scenario& scenario, const Depth& depth);

}  // namespace trueup::test
