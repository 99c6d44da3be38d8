// What `doctor` makes of what it saw: facts in, checks out. Pure, so that each judgement can be tested without a disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/views.h"
#include "engine/degraded.h"
#include "engine/display_time.h"
#include "model/neighbour.h"
#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::cli {

/// A file or directory of the installation, and who may do what with it.
struct PathFacts {
  std::string path;  // below the root, or absolute
  std::optional<platform::FileInfo> info;
  bool operator==(const PathFacts&) const = default;
};

/// Whether a file can be exchanged with everybody else's writes seen: by a lease, taken and given back at once.
enum class LeaseVerdict : std::uint8_t { works, in_use, unsupported, not_asked };

struct DoctorFacts {
  std::string root;
  std::uint32_t user_id = 0;
  std::vector<PathFacts> paths;
  LeaseVerdict lease = LeaseVerdict::not_asked;
  engine::DegradedDocuments degraded;
  std::optional<std::uint64_t> free_bytes;          // where the settings lie
  std::optional<std::uint64_t> free_plugins_bytes;  // where the plugins lie
  std::string lock_holder;                          // a sentence, empty when nobody works here
  std::size_t unfinished = 0;                       // transactions of the journal
  std::uint64_t torn_bytes = 0;
  std::string journal_problem;
  std::size_t kept_files = 0;
  std::uint64_t kept_bytes = 0;
  std::string kept_unread;  // a sentence about kept copies that this user may not read, or nothing
  std::vector<std::string> kept_missing;
  std::vector<std::string> leftovers;  // temporary names beside settings, staging directories, damaged ledgers
  bool first_contact_kept = false;
  model::Neighbour neighbour;                 // the LEDMatrix in this root
  std::vector<std::string> unknown_settings;  // keys of trueup's own settings that mean nothing
  model::HeavyWork heavy_work = model::HeavyWork::any_time;
  std::optional<engine::DisplayTime> display;  // read where heavy work waits for it
};

std::vector<Check> make_checks(const DoctorFacts& facts, const model::Observation& observation,
                               const std::vector<model::Inconsistency>& displaced_writes);

Outcome outcome_of(const std::vector<Check>& checks);

}  // namespace trueup::cli
