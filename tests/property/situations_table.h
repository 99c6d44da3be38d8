// The finite table of situations that one plugin can be in, and what a plan would make of them.
//
// Every cell is an Observation of the plugin `weather`. `simulate` carries a plan out on the Observation itself, so
// that all cells can be followed to their fix-point in seconds; that the engine does the same on files is tested by
// engine_table_test.cpp.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "model/observation.h"
#include "model/step.h"

namespace trueup::test {

enum class Config { unreadable, no_section, off, on, no_enabled, wrong_type, not_an_object };
enum class Disk { unreadable, absent, good, damaged, other_name, claimed_twice };
enum class Recorded { unreadable, damaged_file, none, off, on, damaged_entry };
enum class Tombstone { none, in_file, in_ledger, unreadable };
enum class Registry { none, unreadable, lists, lists_by_path, prefix_only, not_listed };
enum class Receipt { none, matching, newer };
enum class Web { stopped, running };
enum class Settled { yes, no };

struct Cell {
  Config config = Config::on;
  Disk disk = Disk::good;
  Recorded recorded = Recorded::none;
  Tombstone tombstone = Tombstone::none;
  Registry registry = Registry::lists;
  Receipt receipt = Receipt::none;
  Web web = Web::stopped;
  Settled settled = Settled::yes;
};

inline constexpr std::string_view kPlugin = "ledmatrix-weather";

std::string_view to_string(Config config);
std::string_view to_string(Disk disk);
std::string_view to_string(Recorded recorded);
std::string_view to_string(Tombstone tombstone);
std::string_view to_string(Registry registry);
std::string_view to_string(Receipt receipt);
std::string describe(const Cell& cell);
/// What GoogleTest calls a case.
inline void PrintTo(Config config, std::ostream* out) { *out << to_string(config); }
inline void PrintTo(Disk disk, std::ostream* out) { *out << to_string(disk); }

void for_each_cell(const std::function<void(const Cell&)>& visit);
/// Those that differ as files: no file says that something is settling, and of a receipt in a directory that is not
/// there only the ledger knows.
void for_each_cell_on_disk(const std::function<void(const Cell&)>& visit);
model::Observation observe(const Cell& cell);

/// The observation after every step of the plan that is not held was done.
model::Observation simulate(model::Observation observation, const model::Plan& plan);

}  // namespace trueup::test
