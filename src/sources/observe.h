// One look at the whole installation: every source read once, decoded, and put into an Observation with its verdict.
//
// Step two of every pass (lock, recover, observe, plan, …) and all that reading verbs do. It writes nothing, creates
// nothing, takes no lock, and works for a user who may not write. What cannot be read is a fact, not an error.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/observation.h"
#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/process_table.h"
#include "sources/settings_check.h"

namespace trueup::sources {

/// Copies of a file that trueup displaced, newest first, as paths below the root.
struct KeptCopies {
  std::vector<std::string> config = {};
  std::vector<std::string> secrets = {};
};

struct ObserveInputs {
  // Not owned; all required.
  const platform::Directory* root = nullptr;
  const platform::FileSystem* file_system = nullptr;  // for a plugins directory outside the root
  platform::Clock* clock = nullptr;
  const platform::ProcessTable* processes = nullptr;

  std::string root_path = {};  // absolute; shown to a person
  // Read by those who own them: the ledger's and the store's readers.
  model::LedgerFacts ledger = {};
  model::SourceReading ledger_reading = {};
  model::RegistryFacts registry = {};
  model::SourceReading registry_reading = {};
  KeptCopies kept_copies = {};
  std::string display_cache = {};  // where LEDMatrix's display leaves its records; empty: the usual places
  SettingsCheck settings_check = SettingsCheck::changed;
};

Result<model::Observation> observe(ObserveInputs inputs);

}  // namespace trueup::sources
