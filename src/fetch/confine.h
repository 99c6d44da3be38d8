// What this program gives up before it meets bytes from outside, so that whoever takes it over by them has little:
// memory and time, other programs, the network or the disk, and the rest of the machine's files.
//
// Each is for ever. What the kernel does not know is left out silently: the rules of the code stand without it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace trueup::fetch {

struct Allowance {
  std::uint64_t file_bytes = 0;  // of any one file that is written
  std::uint64_t memory_bytes = 0;
  std::uint64_t cpu_seconds = 0;
};

/// For all verbs: limits, no core dump, nobody looks into it, and it ends with the program that started it.
void limit(const Allowance& allowance);

/// Nobody in particular instead of root. Error: it could not be done.
Status drop_root();

/// Talks to servers and writes to what is open already. Reads the system's own files, starts nothing, opens nothing
/// for writing.
void confine_to_network();

/// Reads and writes what is open already, and below the open directory `target`; no network at all.
void confine_to_directory(int target);

/// Whoever the open directory `target` belongs to, instead of root: he can reach what lies there, and nobody else needs
/// to. Error: it could not be done.
Status become_owner_of(int target);

/// Starts the system's programs, and talks to servers; writes below the open directory `target` and into the open file
/// `output`, and nowhere else.
void confine_to_programs(int target, int output);

/// Reads what is open already and answers; nothing else of the disk, and no network.
void confine_to_what_is_open();

}  // namespace trueup::fetch
